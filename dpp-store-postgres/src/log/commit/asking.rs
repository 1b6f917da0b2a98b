//! The first round trip of a transaction: the lock, and all that the decision needs.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::Object;
use dpp_core::identity::MintBatchId;
use dpp_core::store::BrandCounters;
use dpp_core::store::log::{
    ClaimKind, ClaimSpace, ClaimValue, Commit, CommitFingerprint, Receipt, StreamId, StreamKind,
    Version, WrittenStream,
};
use dpp_core::unit::UnitCounts;
use dpp_core::{BrandId, CommitId, ProductId};
use tokio_postgres::Row;
use uuid::Uuid;

use super::known::Known;
use super::transaction::within;
use crate::fault::Failed;
use crate::log::position::FeedTag;
use crate::log::read::claim_value;
use crate::log::rows::version_of;
use crate::pipeline::{Param, Step, run};
use crate::tables::{Loaded, Tables, Wanted, Whose};

const HEAD: &str = "SELECT tag, position, unreadable, batches, units_made, units_active,
       units_revoked, completed_exports
  FROM brand_head WHERE brand_id = $1 FOR NO KEY UPDATE";

const STREAMS: &str = "SELECT s.kind, s.id,
       (SELECT e.version FROM event e
         WHERE e.brand_id = $1 AND e.stream_id = s.id AND e.stream_kind = s.kind
         ORDER BY e.version DESC LIMIT 1)
  FROM unnest($2::text[], $3::uuid[]) AS s (kind, id)";

/// Of a commit that was made before, where its writes went follows from its events. With `OFFSET 0`
/// and an order that only one index has, the planner looks each row up by its key.
const COMMITS: &str = "SELECT c.commit_id, c.fingerprint, c.last_position, w.*
  FROM unnest($2::uuid[]) AS asked (commit_id)
 CROSS JOIN LATERAL (
       SELECT * FROM commit_receipt c
        WHERE c.brand_id = $1 AND c.commit_id = asked.commit_id
       OFFSET 0) c
 CROSS JOIN LATERAL (
       SELECT e.stream_kind, e.stream_id, min(e.version), max(e.version), min(e.position) AS place
         FROM (SELECT * FROM event e
                WHERE e.brand_id = $1 AND e.position BETWEEN c.first_position AND c.last_position
                ORDER BY e.position
               OFFSET 0) e
        GROUP BY e.stream_kind, e.stream_id) w";

const CLAIMS: &str = "SELECT asked.kind, asked.scope, asked.key, c.value
  FROM unnest($2::text[], $3::uuid[], $4::bytea[]) AS asked (kind, scope, key)
 CROSS JOIN LATERAL (
       SELECT c.value FROM claim c
        WHERE c.brand_id = $1 AND c.key = asked.key AND c.scope = asked.scope
          AND c.kind = asked.kind
       OFFSET 0) c";

/// The first round trip; none if the brand has no head yet. What follows the lock of the head
/// sees what was committed before it was taken, since each statement has a snapshot of its own.
pub(super) async fn lock_and_read(
    client: &Object,
    brand: BrandId,
    commits: &[Arc<Commit>],
    wanted: &Wanted,
    limit: Duration,
) -> Result<Option<(Known, Tables)>, Failed> {
    within(limit, read(client, brand, commits, wanted, limit)).await
}

async fn read(
    client: &Object,
    brand: BrandId,
    commits: &[Arc<Commit>],
    wanted: &Wanted,
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
    steps.extend(wanted.steps(brand));
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
/// a little earlier, and can say why. It plans each statement once: all go by keys whatever is
/// asked, but for arrays of a few ids it would think that worth finding out each time.
fn begin(limit: Duration) -> String {
    let millis = (limit * 9 / 10).as_millis().max(1);
    format!(
        "BEGIN; SET LOCAL lock_timeout TO {millis};
         SET LOCAL plan_cache_mode TO force_generic_plan"
    )
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
    let ids: BTreeSet<_> = commits
        .iter()
        .map(|commit| *commit.id().as_uuid())
        .collect();
    let ids = Vec::from_iter(ids);
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

fn versions(rows: &[Row]) -> Result<HashMap<StreamId, Version>, Failed> {
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

fn taken(rows: &[Row]) -> Result<HashMap<(ClaimSpace, Box<str>), ClaimValue>, Failed> {
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
        ClaimKind::Export => {
            let batch = MintBatchId::try_from(scope).ok();
            batch.map(ClaimSpace::exports_of)
        }
        _ => None,
    }
}

fn receipts(
    tag: FeedTag,
    rows: &[Row],
) -> Result<HashMap<CommitId, (CommitFingerprint, Receipt)>, Failed> {
    let mut receipts: HashMap<CommitId, (CommitFingerprint, Receipt)> = HashMap::new();
    for row in by_place(rows)? {
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

/// The streams in the order in which they were written.
fn by_place(rows: &[Row]) -> Result<Vec<&Row>, Failed> {
    let placed = rows.iter().map(|row| Ok((row.try_get(7)?, row)));
    let placed: Result<BTreeMap<i64, &Row>, Failed> = placed.collect();
    Ok(placed?.into_values().collect())
}
