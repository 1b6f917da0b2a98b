//! The jobs that a worker may take, of all brands.

use dpp_core::store::{ReadStoreError, RunnableJob, RunnableJobs};
use dpp_core::{BrandId, PageLimit, Timestamp};
use tokio_postgres::Row;

use super::all_brands::{FROM, ask, of_all_brands};
use super::answer::Text;
use crate::fault::Failed;
use crate::store::Shared;
use crate::tables::batch_id;

static JOBS: Text = Text::new(|| {
    of_all_brands(
        &["t.batch_id", "t.accepted_at"],
        "batch",
        "t.can_run AND (t.held_until IS NULL OR t.held_until <= $1)",
        "t.accepted_at, t.batch_id, t.brand_id",
    )
});

pub(super) async fn jobs(
    shared: &Shared,
    now: Timestamp,
    limit: PageLimit,
) -> Result<RunnableJobs, ReadStoreError> {
    let found = ask(shared, &JOBS, now, limit).await?;
    let jobs = found.rows.iter().map(|(brand, row)| job(*brand, row));
    let mut jobs: Vec<_> = jobs.collect::<Result<_, Failed>>()?;
    jobs.sort_by_key(|job| (job.accepted_at, job.job.batch(), job.brand));
    Ok(RunnableJobs {
        jobs,
        unreadable: found.unreadable,
    })
}

fn job(brand: BrandId, row: &Row) -> Result<RunnableJob, Failed> {
    Ok(RunnableJob {
        brand,
        job: batch_id(row, FROM)?.job(),
        accepted_at: Timestamp::from_unix_millis(row.try_get(FROM + 1)?),
    })
}
