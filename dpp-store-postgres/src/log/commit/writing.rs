//! The second round trip of a transaction: all rows, and the commit.

use dpp_core::BrandId;
use dpp_core::store::log::Commit;

use super::known::{Known, Placed};
use crate::fault::Failed;
use crate::pipeline::{Param, Step};
use crate::tables::{Tables, Whose};

/// Its statements, the commit last; if nothing is to be made, nothing is.
pub(super) fn write_and_commit<'a>(
    brand: BrandId,
    known: &Known,
    tables: &Tables,
    new: &'a [(&'a Commit, Vec<Placed<'a>>)],
) -> Result<Vec<Step<'a>>, Failed> {
    if new.is_empty() {
        return Ok(vec![Step::Plain("ROLLBACK")]);
    }
    let mut steps = vec![events(brand, new), made(brand, new)];
    steps.extend(claimed(brand, new));
    steps.extend(tables.steps()?);
    steps.push(head(brand, known, &tables.whose));
    steps.push(Step::Plain("COMMIT"));
    Ok(steps)
}

const EVENTS: &str = "INSERT INTO event
  SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::uuid[], $5::bigint[], $6::text[],
         $7::integer[], $8::bytea[], $9::uuid[], $10::bigint[], $11::text[], $12::uuid[],
         $13::uuid[])";

fn events<'a>(brand: BrandId, new: &'a [(&'a Commit, Vec<Placed<'a>>)]) -> Step<'a> {
    let all = || new.iter().flat_map(|(_, placed)| placed);
    let meta = || all().map(|placed| &placed.event.metadata);
    let numbers: Vec<_> = all().map(|placed| placed.number).collect();
    let kinds: Vec<_> = all().map(|placed| placed.stream.kind().as_str()).collect();
    let ids: Vec<_> = all().map(|placed| *placed.stream.id()).collect();
    let versions: Vec<_> = all().map(|placed| placed.version.get() as i64).collect();
    let types: Vec<_> = all()
        .map(|placed| placed.event.event_type.as_str())
        .collect();
    let schemas: Vec<_> = all()
        .map(|placed| i32::from(placed.event.schema_version))
        .collect();
    let bodies: Vec<&[u8]> = all().map(|placed| placed.event.payload.as_ref()).collect();
    let event_ids: Vec<_> = meta().map(|of| *of.event_id.as_uuid()).collect();
    let times: Vec<_> = meta().map(|of| of.at.unix_millis()).collect();
    let actors: Vec<_> = meta().map(|of| of.actor.to_string()).collect();
    let correlations: Vec<_> = meta().map(|of| *of.correlation.as_uuid()).collect();
    let causations: Vec<_> = meta()
        .map(|of| of.causation.map(|event| *event.as_uuid()))
        .collect();
    Step::With(
        EVENTS,
        vec![
            Box::new(*brand.as_uuid()),
            Box::new(numbers),
            Box::new(kinds),
            Box::new(ids),
            Box::new(versions),
            Box::new(types),
            Box::new(schemas),
            Box::new(bodies),
            Box::new(event_ids),
            Box::new(times),
            Box::new(actors),
            Box::new(correlations),
            Box::new(causations),
        ],
    )
}

const MADE: &str = "INSERT INTO commit_receipt
  SELECT $1, * FROM unnest($2::uuid[], $3::bytea[], $4::bigint[], $5::bigint[])";

fn made<'a>(brand: BrandId, new: &'a [(&'a Commit, Vec<Placed<'a>>)]) -> Step<'a> {
    let ids: Vec<_> = new
        .iter()
        .map(|(commit, _)| *commit.id().as_uuid())
        .collect();
    let fingerprints = new
        .iter()
        .map(|(commit, _)| commit.fingerprint().as_bytes().to_vec());
    let number = |placed: Option<&Placed<'_>>| placed.map_or(0, |placed| placed.number);
    let first: Vec<_> = new
        .iter()
        .map(|(_, placed)| number(placed.first()))
        .collect();
    let last: Vec<_> = new
        .iter()
        .map(|(_, placed)| number(placed.last()))
        .collect();
    let fingerprints: Vec<_> = fingerprints.collect();
    Step::With(
        MADE,
        vec![
            Box::new(*brand.as_uuid()),
            Box::new(ids),
            Box::new(fingerprints),
            Box::new(first),
            Box::new(last),
        ],
    )
}

const CLAIMED: &str = "INSERT INTO claim
  SELECT $1, * FROM unnest($2::bytea[], $3::uuid[], $4::text[], $5::bytea[])";

fn claimed<'a>(brand: BrandId, new: &'a [(&'a Commit, Vec<Placed<'a>>)]) -> Option<Step<'a>> {
    let (mut keys, mut scopes) = (Vec::new(), Vec::new());
    let (mut kinds, mut values) = (Vec::new(), Vec::new());
    for claim in new.iter().flat_map(|(commit, _)| commit.claims()) {
        keys.push(claim.key.as_bytes());
        scopes.push(*claim.space.scope());
        kinds.push(claim.space.kind().as_str());
        values.push(claim.value.as_bytes().to_vec());
    }
    let any = !keys.is_empty();
    let params: Vec<Param<'a>> = vec![
        Box::new(*brand.as_uuid()),
        Box::new(keys),
        Box::new(scopes),
        Box::new(kinds),
        Box::new(values),
    ];
    any.then_some(Step::With(CLAIMED, params))
}

const NEW_HEAD: &str = "UPDATE brand_head
   SET position = $2, unreadable = $3, batches = $4, units_made = $5, units_active = $6,
       units_revoked = $7, completed_exports = $8
 WHERE brand_id = $1";

fn head(brand: BrandId, known: &Known, whose: &Whose) -> Step<'static> {
    let counters = whose.counters;
    Step::With(
        NEW_HEAD,
        vec![
            Box::new(*brand.as_uuid()),
            Box::new(known.last),
            Box::new(whose.unreadable),
            Box::new(counters.batches as i64),
            Box::new(counters.units.made as i64),
            Box::new(counters.units.active as i64),
            Box::new(counters.units.revoked as i64),
            Box::new(counters.completed_exports as i64),
        ],
    )
}
