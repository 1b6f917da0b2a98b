//! One transaction: commits of one brand, made one after the other.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::Object;
use dpp_core::store::log::{
    ClaimKind, ClaimSpace, Commit, CommitError, CommitFingerprint, NewEvent, Receipt, StreamId,
    StreamKind, WrittenStream,
};
use dpp_core::store::{BrandCounters, Codec, Told};
use dpp_core::unit::UnitCounts;
use dpp_core::{BrandId, CommitId, ProductId};
use tokio::time::Instant;
use tokio_postgres::Row;
use uuid::Uuid;

use super::known::{Known, Placed, Taken};
use super::position::FeedTag;
use super::read::claim_value;
use super::rows::version_of;
use crate::fault::{Failed, Kind};
use crate::pipeline::{Param, Step, run};
use crate::pool::{Pool, discard};
use crate::tables::{Loaded, Tables, Wanted, Whose};

/// What became of each commit, in their order.
pub(super) type Outcomes = Vec<Result<Receipt, CommitError>>;

/// A transaction that failed as a whole.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) failed: Failed,
    /// Whether it may have been committed all the same.
    pub(super) is_open: bool,
}

impl Broken {
    pub(super) const fn before(failed: Failed) -> Self {
        Self {
            failed,
            is_open: false,
        }
    }
}

/// Makes these commits of a brand in one transaction, or gives up at this time.
pub(super) async fn make(
    pool: &Pool,
    codec: &Codec,
    brand: BrandId,
    commits: &[Arc<Commit>],
    until: Instant,
) -> Result<Outcomes, Broken> {
    let client = pool.take_until(until).await.map_err(Broken::before)?;
    let told = Decoded::of(codec, commits);
    let limit = pool.answer_by(until);
    let first = read(&client, brand, commits, &told, limit);
    let Some((mut known, mut tables)) = (match tokio::time::timeout(limit, first).await {
        Ok(Ok(found)) => found,
        Ok(Err(failed)) => {
            discard(client);
            return Err(Broken::before(failed));
        }
        Err(_) => {
            discard(client);
            return Err(Broken::before(Failed::silent(limit)));
        }
    }) else {
        let begun = tokio::time::timeout(limit, found_brand(&client, brand)).await;
        let begun = begun.unwrap_or_else(|_| Err(Failed::silent(limit)));
        if let Err(failed) = begun {
            discard(client);
            return Err(Broken::before(failed));
        }
        return Err(Broken::before(Failed::again("the brand was just begun")));
    };
    let mut new = Vec::new();
    let mut outcomes = Vec::with_capacity(commits.len());
    for (commit, told) in commits.iter().zip(&told.0) {
        outcomes.push(known.take(commit).map(|taken| match taken {
            Taken::Before(receipt) => receipt,
            Taken::Now(receipt, placed) => {
                take_in(&mut tables, &placed, told);
                new.push((commit.as_ref(), placed));
                receipt
            }
        }));
    }
    let steps = match writes(brand, &known, &tables, &new) {
        Ok(steps) => steps,
        // The transaction is open: whoever had the connection next would be in it.
        Err(failed) => {
            discard(client);
            return Err(Broken::before(failed));
        }
    };
    let limit = pool.answer_by(until);
    match tokio::time::timeout(limit, run(&client, &steps)).await {
        Ok(Ok(_)) => Ok(outcomes),
        Ok(Err(failed)) => {
            discard(client);
            let is_open = failed.kind == Kind::Lost;
            Err(Broken { failed, is_open })
        }
        Err(_) => {
            discard(client);
            let failed = Failed::silent(limit);
            Err(Broken {
                failed,
                is_open: true,
            })
        }
    }
}

fn take_in(tables: &mut Tables, placed: &[Placed<'_>], told: &[Option<Told>]) {
    for (placed, told) in placed.iter().zip(told) {
        match told {
            Some(told) => tables.take_in(told, placed.number, placed.event.metadata.at),
            None => tables.pass_over(placed.number),
        }
    }
}

/// What the events of each commit tell, in their order; none of one that cannot be read.
struct Decoded(Vec<Vec<Option<Told>>>);

impl Decoded {
    fn of(codec: &Codec, commits: &[Arc<Commit>]) -> Self {
        let of = |commit: &Arc<Commit>| {
            let writes = commit.writes().iter();
            let events =
                writes.flat_map(|write| write.events.iter().map(|event| (write.stream, event)));
            events
                .map(|(stream, event): (StreamId, &NewEvent)| Told::by(codec, stream, event).ok())
                .collect()
        };
        Self(commits.iter().map(of).collect())
    }

    fn wanted(&self) -> Wanted {
        let mut wanted = Wanted::default();
        let told = self.0.iter().flatten().flatten();
        told.for_each(|told| wanted.add(told));
        wanted
    }
}

/// The brand's first commit makes its head. Whoever comes at the same time finds it made.
async fn found_brand(client: &Object, brand: BrandId) -> Result<(), Failed> {
    let mut tag = [0; 8];
    getrandom::fill(&mut tag).map_err(Failed::damaged)?;
    let tag = i64::from_ne_bytes(tag);
    let sql = "INSERT INTO brand_head (brand_id, tag) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    let begun = client.execute(sql, &[brand.as_uuid(), &tag]).await;
    begun.map(drop).map_err(Failed::because)
}

const HEAD: &str = "SELECT tag, position, unreadable, batches, units_made, units_active,
       units_revoked, completed_exports
  FROM brand_head WHERE brand_id = $1 FOR NO KEY UPDATE";

const STREAMS: &str = "SELECT s.kind, s.id,
       (SELECT e.version FROM event e
         WHERE e.brand_id = $1 AND e.stream_id = s.id AND e.stream_kind = s.kind
         ORDER BY e.version DESC LIMIT 1)
  FROM unnest($2::text[], $3::uuid[]) AS s (kind, id)";

/// Of a commit that was made before, where its writes went follows from its events.
const COMMITS: &str = "SELECT c.commit_id, c.fingerprint, c.last_position, w.*
  FROM commit_receipt c
  CROSS JOIN LATERAL (
       SELECT e.stream_kind, e.stream_id, min(e.version), max(e.version), min(e.position) AS place
         FROM event e
        WHERE e.brand_id = $1 AND e.position BETWEEN c.first_position AND c.last_position
        GROUP BY e.stream_kind, e.stream_id) w
 WHERE c.brand_id = $1 AND c.commit_id = ANY($2)
 ORDER BY c.commit_id, w.place";

const CLAIMS: &str = "SELECT asked.kind, asked.scope, asked.key, c.value
  FROM unnest($2::text[], $3::uuid[], $4::bytea[]) AS asked (kind, scope, key)
 CROSS JOIN LATERAL (
       SELECT c.value FROM claim c
        WHERE c.brand_id = $1 AND c.key = asked.key AND c.scope = asked.scope
          AND c.kind = asked.kind
       OFFSET 0) c";

/// The first round trip; none if the brand has no head yet. What follows the lock of the head
/// sees what was committed before it was taken, since each statement has a snapshot of its own.
async fn read(
    client: &Object,
    brand: BrandId,
    commits: &[Arc<Commit>],
    told: &Decoded,
    limit: Duration,
) -> Result<Option<(Known, Tables)>, Failed> {
    let begin = begin(limit);
    let mut steps = vec![
        Step::Plain(&begin),
        Step::With(HEAD, vec![Box::new(*brand.as_uuid())]),
        streams(brand, commits),
        ids(brand, commits),
    ];
    let claims = claims(brand, commits);
    let has_claims = claims.is_some();
    steps.extend(claims);
    steps.extend(told.wanted().steps(brand));
    let mut answers = run(client, &steps).await?.into_iter();
    let mut next = || answers.next().unwrap_or_default();
    let (_begun, head, streams, ids) = (next(), next(), next(), next());
    let Some(head) = head.first() else {
        client.batch_execute("ROLLBACK").await?;
        return Ok(None);
    };
    let claims = if has_claims { next() } else { Vec::new() };
    let rest: Vec<_> = answers.collect();
    let tag = FeedTag(head.try_get(0)?);
    let known = Known {
        tag,
        last: head.try_get(1)?,
        versions: versions(&streams)?,
        claims: taken(&claims)?,
        commits: receipts(tag, &ids)?,
    };
    let tables = Tables::new(whose(brand, head)?, Loaded::of(&rest)?);
    Ok(Some((known, tables)))
}

/// A server that we have stopped waiting for must not wait for locks on our behalf: so it gives up
/// a little earlier, and can say why.
fn begin(limit: Duration) -> String {
    let millis = (limit * 9 / 10).as_millis().max(1);
    format!("BEGIN; SET LOCAL lock_timeout TO {millis}")
}

fn streams(brand: BrandId, commits: &[Arc<Commit>]) -> Step<'static> {
    let asked = commits.iter().flat_map(|commit| commit.expectations());
    let mut asked: Vec<_> = asked.map(|asked| asked.stream).collect();
    asked.sort_unstable();
    asked.dedup();
    let kinds: Vec<_> = asked.iter().map(|stream| stream.kind().as_str()).collect();
    let ids: Vec<_> = asked.iter().map(|stream| *stream.id()).collect();
    Step::With(
        STREAMS,
        vec![Box::new(*brand.as_uuid()), Box::new(kinds), Box::new(ids)],
    )
}

fn ids(brand: BrandId, commits: &[Arc<Commit>]) -> Step<'static> {
    let ids: Vec<_> = commits
        .iter()
        .map(|commit| *commit.id().as_uuid())
        .collect();
    Step::With(COMMITS, vec![Box::new(*brand.as_uuid()), Box::new(ids)])
}

fn claims<'a>(brand: BrandId, commits: &'a [Arc<Commit>]) -> Option<Step<'a>> {
    let (mut kinds, mut scopes, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    for claim in commits.iter().flat_map(|commit| commit.claims()) {
        kinds.push(claim.space.kind().as_str());
        scopes.push(*claim.space.scope());
        keys.push(claim.key.as_bytes());
    }
    let params: Vec<Param<'a>> = vec![
        Box::new(*brand.as_uuid()),
        Box::new(kinds),
        Box::new(scopes),
        Box::new(keys),
    ];
    let any = commits.iter().any(|commit| commit.claim_count() > 0);
    any.then_some(Step::With(CLAIMS, params))
}

fn whose(brand: BrandId, head: &Row) -> Result<Whose, Failed> {
    let count = |at: usize| -> Result<u64, Failed> {
        let count: i64 = head.try_get(at)?;
        Ok(u64::try_from(count).unwrap_or(0))
    };
    Ok(Whose {
        brand,
        unreadable: head.try_get(2)?,
        counters: BrandCounters {
            batches: count(3)?,
            units: UnitCounts {
                made: count(4)?,
                active: count(5)?,
                revoked: count(6)?,
            },
            completed_exports: count(7)?,
        },
    })
}

fn versions(rows: &[Row]) -> Result<HashMap<StreamId, dpp_core::store::log::Version>, Failed> {
    let mut versions = HashMap::with_capacity(rows.len());
    for row in rows {
        let stream = stream_of(row, 0)?;
        let last: Option<i64> = row.try_get(2)?;
        if let Some(last) = last.and_then(version_of) {
            versions.insert(stream, last);
        }
    }
    Ok(versions)
}

fn stream_of(row: &Row, from: usize) -> Result<StreamId, Failed> {
    let kind: &str = row.try_get(from)?;
    let unknown = || Failed::damaged(format_args!("a stream of the unknown kind `{kind}`"));
    let kind = StreamKind::from_name(kind).ok_or_else(unknown)?;
    Ok(StreamId::new(kind, row.try_get(from + 1)?))
}

fn taken(
    rows: &[Row],
) -> Result<HashMap<(ClaimSpace, Box<str>), dpp_core::store::log::ClaimValue>, Failed> {
    let mut claims = HashMap::with_capacity(rows.len());
    for row in rows {
        let (kind, scope): (&str, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        let unknown = || Failed::damaged(format_args!("a claim of the unknown kind `{kind}`"));
        let space = space_of(kind, scope).ok_or_else(unknown)?;
        let key = std::str::from_utf8(row.try_get(2)?).map_err(Failed::damaged)?;
        claims.insert((space, key.into()), claim_value(row.try_get(3)?)?);
    }
    Ok(claims)
}

fn space_of(kind: &str, scope: Uuid) -> Option<ClaimSpace> {
    let found = ClaimKind::ALL
        .into_iter()
        .find(|known| known.as_str() == kind)?;
    match found {
        ClaimKind::IdempotencyKey => Some(ClaimSpace::IDEMPOTENCY_KEYS),
        ClaimKind::BatchPrefix => Some(ClaimSpace::BATCH_PREFIXES),
        ClaimKind::Serial => Some(ClaimSpace::serials_of(ProductId::from_uuid(scope))),
        _ => None,
    }
}

fn receipts(
    tag: FeedTag,
    rows: &[Row],
) -> Result<HashMap<CommitId, (CommitFingerprint, Receipt)>, Failed> {
    let mut receipts: HashMap<CommitId, (CommitFingerprint, Receipt)> = HashMap::new();
    for row in rows {
        let id = CommitId::from_uuid(row.try_get(0)?);
        let fingerprint: &[u8] = row.try_get(1)?;
        let fingerprint = fingerprint.try_into().map_err(Failed::damaged)?;
        let version = |at: usize| -> Result<_, Failed> {
            version_of(row.try_get(at)?).ok_or_else(|| Failed::damaged("an event has no version"))
        };
        let written = WrittenStream {
            stream: stream_of(row, 3)?,
            first: version(5)?,
            last: version(6)?,
        };
        let position = tag.position(row.try_get(2)?);
        let (_, receipt) = receipts.entry(id).or_insert_with(|| {
            let streams = Vec::new();
            let fingerprint = CommitFingerprint::from_bytes(fingerprint);
            (fingerprint, Receipt { position, streams })
        });
        receipt.streams.push(written);
    }
    Ok(receipts)
}

/// The second round trip.
fn writes<'a>(
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
