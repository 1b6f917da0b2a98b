//! X03 and X04: which exports may be made now, and which may be expired.

use std::collections::BTreeSet;
use std::time::Duration;

use super::case::ReadCase;
use super::history::{History, Job, batch_id};
use super::{ReadFixture, Violation};
use crate::Timestamp;
use crate::export::ExportFormat;
use crate::store::{DueExport, ExportRecord};
use crate::testing::kit::Checked;

const FORMAT: ExportFormat = ExportFormat::QrManifest;

/// X03: runnable exports come in the order in which they were asked for, those of the same moment
/// by id: those that nobody holds, and those whose lock or rest after a failure is over, which it
/// is at the time that it names. Exports that are completed, or whose time is over, are left out.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn x03_runnable_exports_oldest_first(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "X03").await;
    let mut history = case.early_history_of(case.brand);
    history.mint(Job::of(&case, 1, 2)).await?;
    let start = history.now;
    // Two at a time are asked for at the same moment; some are over before others.
    for number in (1..=14_u64).rev() {
        let minutes = match number {
            1..=3 => 25 * number,
            _ => 2_000,
        };
        let (export, batch) = (case.export(number), batch_id(&case, 1));
        let lasts = Duration::from_secs(60 * minutes);
        history
            .request_export_for(export, batch, FORMAT, lasts)
            .await?;
        history.wait(if number % 2 == 0 { 0 } else { 1_000 });
    }
    is_worked_on(&case, &mut history).await?;
    for now in moments(&history, [start, history.now]) {
        may_run(&case, &history, now).await?;
    }
    // What was held, or rested, comes back with a later sign.
    let id = |number| case.export(number);
    history.wait(60_000);
    history.lock_export(id(5)).await?;
    history.unlock_export(id(7)).await?;
    for now in moments(&history, [start, history.now]) {
        may_run(&case, &history, now).await?;
    }
    history.expire_exports().await?;
    for now in moments(&history, [start, history.now]) {
        may_run(&case, &history, now).await?;
    }
    history.cancel_all().await
}

async fn is_worked_on(case: &ReadCase, history: &mut History<'_>) -> Checked {
    let id = |number| case.export(number);
    for number in [2, 5, 6, 7, 8, 9, 10, 11, 12] {
        history.lock_export(id(number)).await?;
        history.wait(1_000);
    }
    history.unlock_export(id(5)).await?;
    for number in [7, 8, 9, 10, 11] {
        history.start_pack(id(number), 0).await?;
        history.wait(1_000);
    }
    history.complete_pack(id(8), 0).await?;
    history.fail_pack(id(9), 0).await?;
    for _ in 0..3 {
        history.fail_pack(id(10), 0).await?;
        history.lock_export(id(10)).await?;
        history.start_pack(id(10), 0).await?;
    }
    history.fail_pack(id(10), 0).await?;
    history.complete_export(id(11)).await?;
    history.expire_export(id(12)).await
}

/// Just before, at and just after the times that exports name.
fn moments(history: &History<'_>, and: [Timestamp; 2]) -> Vec<Timestamp> {
    let records = history.exports.values();
    let named = records.flat_map(|record| [Some(record.expires_at), record.runnable_at]);
    let named = named.flatten().chain(and).map(Timestamp::unix_millis);
    let around: BTreeSet<_> = named.flat_map(|at| [at - 1, at, at + 1]).collect();
    around
        .into_iter()
        .map(Timestamp::from_unix_millis)
        .collect()
}

async fn may_run(case: &ReadCase, history: &History<'_>, now: Timestamp) -> Checked {
    let got = case.runnable_exports(history.brand, now).await?;
    let may_run = |record: &&ExportRecord| {
        let free = record.runnable_at.is_some_and(|from| from <= now);
        free && now < record.expires_at
    };
    let due = history.exports.values().filter(may_run);
    let due = sorted(history, due, |record| record.requested_at);
    is_due(case, "runnable", &got, &due)
}

/// X04: expiring exports are those whose time is over, which it is at the time that it names, and
/// whose files are not gone: the one whose time was over first in front, those of the same moment by
/// id.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn x04_expiring_exports_oldest_first(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "X04").await;
    let mut history = case.early_history_of(case.brand);
    history.mint(Job::of(&case, 1, 2)).await?;
    let start = history.now;
    let id = |number| case.export(number);
    // Those that were asked for later are over earlier, and two at a time at the same moment.
    for number in 1..=12_u64 {
        let lasts = Duration::from_secs(1_000 - 30 * (number / 2));
        history
            .request_export_for(id(number), batch_id(&case, 1), FORMAT, lasts)
            .await?;
    }
    history.wait(5_000);
    history.lock_export(id(3)).await?;
    history.start_pack(id(4), 0).await?;
    history.fail_pack(id(4), 0).await?;
    for (number, millis) in [(5, 100_000), (6, 2_000_000), (7, 100_000)] {
        history.complete_export_until(id(number), millis).await?;
    }
    for number in [7, 8, 9] {
        history.expire_export(id(number)).await?;
    }
    for number in [7, 8] {
        history.remove_files(id(number)).await?;
    }
    for now in moments(&history, [start, history.now]) {
        may_expire(&case, &history, now).await?;
    }
    history.expire_exports().await?;
    for now in moments(&history, [start, history.now]) {
        may_expire(&case, &history, now).await?;
    }
    history.cancel_all().await
}

async fn may_expire(case: &ReadCase, history: &History<'_>, now: Timestamp) -> Checked {
    let got = case.expiring_exports(history.brand, now).await?;
    let may_expire = |record: &&ExportRecord| !record.files_removed && record.expires_at <= now;
    let due = history.exports.values().filter(may_expire);
    let due = sorted(history, due, |record| record.expires_at);
    is_due(case, "expiring", &got, &due)
}

fn sorted<'a>(
    history: &History<'_>,
    records: impl Iterator<Item = &'a ExportRecord>,
    by: impl Fn(&ExportRecord) -> Timestamp,
) -> Vec<DueExport> {
    let mut records: Vec<_> = records.collect();
    records.sort_by_key(|record| (by(record), record.export_id));
    let due = records.into_iter().map(|record| DueExport {
        brand: history.brand,
        export: record.export_id,
        batch: record.mint_batch_id,
        format: record.format,
        requested_at: record.requested_at,
    });
    due.collect()
}

fn is_due(case: &ReadCase, what: &str, got: &[DueExport], due: &[DueExport]) -> Checked {
    if let Some(missing) = due.iter().find(|export| !got.contains(export)) {
        let wrong = format!("an export that is {what} is missing: {missing:?}");
        return Err(case.violation(wrong));
    }
    if let Some(more) = got.iter().find(|export| !due.contains(export)) {
        return Err(case.violation(format!("an export is {what} that should not be: {more:?}")));
    }
    case.same_list(&format!("the {what} exports, oldest first"), got, due)
}
