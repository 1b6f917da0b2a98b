//! K01: what is counted of a brand.

use super::case::ReadCase;
use super::history::{History, Job};
use super::{ReadFixture, Violation};
use crate::export::ExportFormat;
use crate::mint::BatchStatus;
use crate::store::BrandCounters;
use crate::testing::kit::Checked;

/// K01: the counters of a brand are the sums over its batches and exports.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn k01_counters_are_sums(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "K01").await;
    let mut history = case.history();
    let lots = Job::of(&case, 1, 0).lots(&[("A", 4), ("B", 2)]);
    let one = history.prepare(lots).await?;
    are_sums(&case, &history).await?;
    history.queue_prepared(one).await?;
    are_sums(&case, &history).await?;
    let failed = history.accept(Job::of(&case, 2, 3)).await?;
    history.fail(failed, "it cannot be").await?;
    are_sums(&case, &history).await?;
    history.reserve(one, 60_000).await?;
    history.cycle(one, 3, Some(60_000)).await?;
    are_sums(&case, &history).await?;
    history.activate_lot(one, 0).await?;
    are_sums(&case, &history).await?;
    history.cycle(one, 3, None).await?;
    let active = history.mint(Job::of(&case, 3, 5).born_active()).await?;
    are_sums(&case, &history).await?;
    history.revoke(active, &[1]).await?;
    history.activate(one, &[5]).await?;
    are_sums(&case, &history).await?;
    history.revoke_together(one, &[0, 1, 5]).await?;
    are_sums(&case, &history).await?;
    for number in 1..=3 {
        let export = case.export(number);
        history
            .request_export(export, one, ExportFormat::Manifest)
            .await?;
        are_sums(&case, &history).await?;
    }
    for number in [3, 1] {
        history.complete_export(case.export(number)).await?;
        are_sums(&case, &history).await?;
    }
    for number in 1..=2 {
        history.expire_export(case.export(number)).await?;
        are_sums(&case, &history).await?;
    }
    history.set_status(one, BatchStatus::Voided).await?;
    are_sums(&case, &history).await
}

async fn are_sums(case: &ReadCase, history: &History<'_>) -> Checked {
    let mut due = BrandCounters::default();
    for told in history.batches.values() {
        let counts = told.counts();
        due.units.made += counts.made;
        due.units.active += counts.active;
        due.units.revoked += counts.revoked;
        due.batches += 1;
    }
    let completed = history.exports.values().filter(|export| export.completed);
    due.completed_exports = completed.count() as u64;
    let got = case.counters(case.brand).await?;
    let what = format!("what is counted after event {}", history.events.len());
    case.same(&what, &got, &due)
}
