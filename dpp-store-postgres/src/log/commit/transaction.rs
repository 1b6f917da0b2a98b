//! One transaction: commits of one brand, made one after the other.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::Object;
use dpp_core::BrandId;
use dpp_core::store::log::{Commit, CommitError, NewEvent, Receipt, StreamId};
use dpp_core::store::{Codec, Told};
use tokio::time::Instant;

use super::asking::lock_and_read;
use super::known::{Placed, Taken};
use super::writing::write_and_commit;
use crate::fault::{Failed, Kind};
use crate::pipeline::run;
use crate::pool::{Pool, discard};
use crate::tables::{Tables, Wanted};

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
    let limit = || pool.answer_by(until);
    let made = attempt(&client, codec, brand, commits, limit).await;
    if made.is_err() {
        // Its transaction may be open: whoever had the connection next would be in it.
        discard(client);
    }
    made
}

async fn attempt(
    client: &Object,
    codec: &Codec,
    brand: BrandId,
    commits: &[Arc<Commit>],
    limit: impl Fn() -> Duration,
) -> Result<Outcomes, Broken> {
    let told = Decoded::of(codec, commits);
    let read = lock_and_read(client, brand, commits, &told.wanted(), limit()).await;
    let Some((mut known, mut tables)) = read.map_err(Broken::before)? else {
        let founded = within(limit(), found_brand(client, brand)).await;
        founded.map_err(Broken::before)?;
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
    let steps = write_and_commit(brand, &known, &tables, &new).map_err(Broken::before)?;
    match within(limit(), run(client, &steps)).await {
        Ok(_) => Ok(outcomes),
        Err(failed) => Err(Broken {
            is_open: failed.kind == Kind::Lost && !new.is_empty(),
            failed,
        }),
    }
}

/// What an answer is, if it comes in time.
pub(super) async fn within<T>(
    limit: Duration,
    answer: impl Future<Output = Result<T, Failed>>,
) -> Result<T, Failed> {
    let answer = tokio::time::timeout(limit, answer).await;
    answer.unwrap_or_else(|_| Err(Failed::silent(limit)))
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

#[cfg(all(test, feature = "testing"))]
mod tests {
    use dpp_core::store::log::{Actor, EventType, Expected, InvalidCommit, StreamKind};
    use dpp_core::{CommitId, CorrelationId, Timestamp};
    use uuid::Uuid;

    use super::*;
    use crate::PostgresStore;
    use crate::options::Options;
    use crate::testing::TestSchema;
    use crate::tls;

    const BRAND: BrandId = BrandId::from_uuid(Uuid::nil());

    fn commit(number: u128) -> Result<Commit, InvalidCommit> {
        let id = Uuid::from_u128(number);
        let (commit, request) = (CommitId::from_uuid(id), CorrelationId::from_uuid(id));
        let stream = StreamId::new(StreamKind::MintBatch, id);
        let event = (EventType::new("test_event"), 1, b"{}".to_vec());
        let at = Timestamp::from_unix_millis(0);
        let commit = Commit::builder(BRAND, commit, at, Actor::Scan, request);
        let commit = commit.write(stream, Expected::NoStream, [event]);
        commit.build()
    }

    #[tokio::test]
    async fn statements_are_not_planned_anew_for_each_commit() {
        let schema = TestSchema::new();
        let options = Options::parse(schema.url()).unwrap();
        let options = options.schema(schema.name()).unwrap();
        PostgresStore::open(&options).await.unwrap();
        let pool = Pool::new(&options, tls::connector(&[]).unwrap()).unwrap();
        let client = pool.take().await.unwrap();
        found_brand(&client, BRAND).await.unwrap();
        drop(client);
        for number in 1..=3 {
            let commits = [Arc::new(commit(number).unwrap())];
            let until = Instant::now() + pool.answer_within();
            let outcomes = make(&pool, &Codec::new(), BRAND, &commits, until).await;
            assert!(outcomes.unwrap().iter().all(Result::is_ok));
        }
        // By the same connection: there was never need of another.
        let sql = "SELECT generic_plans, custom_plans FROM pg_prepared_statements
                    WHERE 'uuid[]'::regtype = ANY (parameter_types)";
        let rows = pool.rows(sql, &[]).await.unwrap();
        let plans = |row: &tokio_postgres::Row| (row.get::<_, i64>(0), row.get::<_, i64>(1));
        let plans: Vec<_> = rows.iter().map(plans).collect();
        assert_eq!(plans, [(3, 0); 4]);
    }
}
