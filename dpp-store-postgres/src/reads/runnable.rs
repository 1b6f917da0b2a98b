//! The jobs that a worker may take, of all brands.

use dpp_core::identity::MintBatchId;
use dpp_core::store::{ReadStoreError, RunnableJob, RunnableJobs};
use dpp_core::{BrandId, PageLimit, Timestamp};
use tokio_postgres::Row;
use uuid::Uuid;

use super::unreadable;
use crate::fault::Failed;
use crate::options::Unreadable;
use crate::store::Shared;

/// How many brands that cannot be read are named.
const MOST_NAMED: i64 = 100;

// A brand is looked up for each job by itself: the planner would rather go through all of them.
const JOBS: &str = "(SELECT b.brand_id, b.batch_id, b.accepted_at, NULL::bigint AS unreadable
       FROM batch b
      WHERE b.can_run AND (b.held_until IS NULL OR b.held_until <= $1)
        AND ($3 OR (SELECT h.unreadable FROM brand_head h WHERE h.brand_id = b.brand_id) IS NULL)
      ORDER BY b.accepted_at, b.batch_id, b.brand_id
      LIMIT $2)
     UNION ALL
    (SELECT h.brand_id, NULL, NULL, h.unreadable
       FROM brand_head h
      WHERE h.unreadable IS NOT NULL AND NOT $3
      ORDER BY h.brand_id
      LIMIT $4)";

pub(super) async fn jobs(
    shared: &Shared,
    now: Timestamp,
    limit: PageLimit,
) -> Result<RunnableJobs, ReadStoreError> {
    let (now, most) = (now.unix_millis(), limit.get() as i64);
    let passes_over = shared.unreadable == Unreadable::PassOver;
    let rows = shared
        .pool
        .rows(JOBS, &[&now, &most, &passes_over, &MOST_NAMED])
        .await?;
    let (mut jobs, mut stopped) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        let brand = BrandId::from_uuid(row.try_get(0).map_err(Failed::because)?);
        match row.try_get(3).map_err(Failed::because)? {
            Some(number) => stopped.push((brand, number)),
            None => jobs.push(job(brand, &row)?),
        }
    }
    jobs.sort_by_key(|job| (job.accepted_at, job.job.batch(), job.brand));
    let unreadable = match stopped.is_empty() {
        true => Vec::new(),
        false => unreadable::errors(shared, &stopped).await?,
    };
    Ok(RunnableJobs { jobs, unreadable })
}

fn job(brand: BrandId, row: &Row) -> Result<RunnableJob, Failed> {
    Ok(RunnableJob {
        brand,
        job: batch_id(row, 1)?.job(),
        accepted_at: Timestamp::from_unix_millis(row.try_get(2)?),
    })
}

/// The id of a batch out of a column.
pub(super) fn batch_id(row: &Row, at: usize) -> Result<MintBatchId, Failed> {
    let id: Uuid = row.try_get(at)?;
    MintBatchId::try_from(id).map_err(|_| Failed::damaged(format_args!("a batch has the id {id}")))
}
