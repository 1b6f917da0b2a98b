//! X01 and K01: exports, and what is counted of a brand.

use super::case::{Pages, ReadCase, any_export};
use super::history::{History, Job};
use super::{ReadFixture, Violation};
use crate::export::ExportFormat;
use crate::identity::MintBatchId;
use crate::mint::BatchStatus;
use crate::store::{BrandCounters, ExportRecord};
use crate::testing::kit::Checked;
use crate::{ExportId, PageLimit};

/// X01: exports are found by id, in the order of their ids.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn x01_exports_by_id(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "X01").await;
    let mut history = case.history();
    let batches = [
        history.mint(Job::of(&case, 1, 2)).await?,
        history.mint(Job::of(&case, 2, 2)).await?,
    ];
    ask_for_exports(&case, &mut history, batches).await?;
    let due: Vec<_> = history.exports.values().copied().collect();
    for limit in [1, 2, 3, 10, 11].map(PageLimit::new) {
        let mut pages = Pages::of(limit);
        while pages.go_on(&case)? {
            let last = pages.rows.last().map(|row: &ExportRecord| row.export_id);
            pages.add(case.exports(case.brand, any_export(), last, limit).await?);
        }
        let what = format!("exports by pages of {}", limit.get());
        case.same_list(&what, &pages.rows, &due)?;
    }
    for least in &due {
        for greatest in &due {
            ranges_are_kept(&case, &due, least.export_id, greatest.export_id).await?;
        }
    }
    Ok(())
}

async fn ask_for_exports(
    case: &ReadCase,
    history: &mut History<'_>,
    batches: [MintBatchId; 2],
) -> Checked {
    let formats = [
        ExportFormat::Manifest,
        ExportFormat::QrManifest,
        ExportFormat::NfcManifest,
        ExportFormat::RfidManifest,
        ExportFormat::QrBundle,
    ];
    let asked = batches
        .into_iter()
        .flat_map(|batch| formats.map(|format| (batch, format)));
    for ((batch, format), number) in asked.zip(1..) {
        history
            .request_export(case.export(number), batch, format)
            .await?;
        history.wait(1_000);
    }
    for number in [2, 5, 6] {
        history.complete_export(case.export(number)).await?;
    }
    Ok(())
}

async fn ranges_are_kept(
    case: &ReadCase,
    all: &[ExportRecord],
    least: ExportId,
    greatest: ExportId,
) -> Checked {
    let ids = least..=greatest;
    let mut due = all.to_vec();
    due.retain(|row| ids.contains(&row.export_id));
    let rows = case
        .exports(case.brand, ids.clone(), None, PageLimit::MAX)
        .await?;
    case.same_list("the exports whose ids lie in a range", &rows, &due)?;
    // A place to read on from need not lie in the range.
    for after in all {
        let mut due = due.clone();
        due.retain(|row| row.export_id > after.export_id);
        let after = Some(after.export_id);
        let rows = case
            .exports(case.brand, ids.clone(), after, PageLimit::MAX)
            .await?;
        case.same_list("the exports of a range after one", &rows, &due)?;
    }
    Ok(())
}

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
