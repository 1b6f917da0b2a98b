//! X01 and X02: exports, how they are found, and page by page.

use std::collections::BTreeSet;

use super::case::{ORDERS, Pages, ReadCase};
use super::history::{History, Job, batch_id};
use super::{ReadFixture, Violation};
use crate::export::ExportFormat;
use crate::identity::MintBatchId;
use crate::store::{ExportQuery, ExportRecord, Order};
use crate::testing::kit::Checked;
use crate::{ExportId, PageLimit};

const FORMATS: [ExportFormat; 5] = [
    ExportFormat::Manifest,
    ExportFormat::QrManifest,
    ExportFormat::NfcManifest,
    ExportFormat::RfidManifest,
    ExportFormat::QrBundle,
];

/// X01: a record of an export is the fold of its stream: its batch, its format, its times, its
/// failures, and where it stands. It is found by its id.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn x01_a_record_of_an_export_is_the_fold(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "X01").await;
    let mut history = case.history();
    let batch = history.mint(Job::of(&case, 1, 2)).await?;
    for (format, number) in FORMATS.into_iter().zip(1..) {
        let export = case.export(number);
        history.request_export(export, batch, format).await?;
        is_the_fold(&case, &history, export).await?;
        history.wait(1_000);
    }
    made_in_one_go(&case, &mut history, case.export(1)).await?;
    made_with_failures(&case, &mut history, case.export(2)).await?;
    given_up(&case, &mut history, case.export(3)).await?;
    for number in 1..=6 {
        is_the_fold(&case, &history, case.export(number)).await?;
    }
    Ok(())
}

async fn made_in_one_go(case: &ReadCase, history: &mut History<'_>, export: ExportId) -> Checked {
    history.lock_export(export).await?;
    is_the_fold(case, history, export).await?;
    for pack in 0..3 {
        history.wait(1_000);
        history.start_pack(export, pack).await?;
        is_the_fold(case, history, export).await?;
        history.wait(1_000);
        history.complete_pack(export, pack).await?;
        is_the_fold(case, history, export).await?;
    }
    history.complete_export(export).await?;
    is_the_fold(case, history, export).await?;
    history.wait(1_000);
    history.download(export).await?;
    is_the_fold(case, history, export).await?;
    history.expire_export(export).await?;
    is_the_fold(case, history, export).await
}

async fn made_with_failures(
    case: &ReadCase,
    history: &mut History<'_>,
    export: ExportId,
) -> Checked {
    for _ in 0..2 {
        fails_once(case, history, export, 0).await?;
    }
    history.lock_export(export).await?;
    history.start_pack(export, 0).await?;
    history.complete_pack(export, 0).await?;
    is_the_fold(case, history, export).await?;
    history.wait(1_000);
    history.unlock_export(export).await?;
    is_the_fold(case, history, export).await?;
    for _ in 0..9 {
        fails_once(case, history, export, 1).await?;
    }
    Ok(())
}

async fn fails_once(
    case: &ReadCase,
    history: &mut History<'_>,
    export: ExportId,
    pack: u32,
) -> Checked {
    history.lock_export(export).await?;
    is_the_fold(case, history, export).await?;
    history.start_pack(export, pack).await?;
    history.wait(1_000);
    history.fail_pack(export, pack).await?;
    is_the_fold(case, history, export).await
}

async fn given_up(case: &ReadCase, history: &mut History<'_>, export: ExportId) -> Checked {
    history.lock_export(export).await?;
    history.start_pack(export, 0).await?;
    history.wait(1_000);
    history.expire_export(export).await?;
    is_the_fold(case, history, export).await
}

async fn is_the_fold(case: &ReadCase, history: &History<'_>, export: ExportId) -> Checked {
    let found = found_by_id(case, export).await?;
    let due: Vec<_> = history.exports.get(&export).copied().into_iter().collect();
    let events = history.events.len();
    let what = format!("the record of an export after event {events} of its brand");
    case.same_list(&what, &found, &due)
}

async fn found_by_id(case: &ReadCase, export: ExportId) -> Checked<Vec<ExportRecord>> {
    let query = ExportQuery {
        ids: export..=export,
        batch: None,
    };
    let order = Order::OldestFirst;
    case.exports(case.brand, &query, order, None, PageLimit::MAX)
        .await
}

/// X02: exports are listed by id in either order, those only for which all of the query holds;
/// reading on from the last gives every export once, also while exports are added.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn x02_exports_by_id_in_either_order(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "X02").await;
    let mut history = case.history();
    let batches = [1, 2].map(|number| batch_id(&case, number));
    for number in [1, 2] {
        history.mint(Job::of(&case, number, 2)).await?;
    }
    let asked = batches.into_iter().cycle().zip(1..=10);
    for ((batch, number), format) in asked.zip(FORMATS.into_iter().cycle()) {
        let export = case.export(number);
        history.request_export(export, batch, format).await?;
        history.wait(1_000);
    }
    for number in [2, 5, 6] {
        history.complete_export(case.export(number)).await?;
    }
    let all: Vec<_> = history.exports.keys().copied().collect();
    for query in queries(&case, &all) {
        for order in ORDERS {
            pages_are_whole(&case, &history, &query, order).await?;
            places_to_read_on_from(&case, &history, &query, order).await?;
        }
    }
    for order in ORDERS {
        pages_while_added(&case, &mut history, order, batches).await?;
    }
    Ok(())
}

/// Ranges between some ids, also empty ones, of all batches, and of three, of which one has no
/// export.
fn queries(case: &ReadCase, ids: &[ExportId]) -> Vec<ExportQuery> {
    let ids: Vec<_> = ids.iter().step_by(3).collect();
    let some = [1, 2, 3].map(|number| Some(batch_id(case, number)));
    let batches = some.into_iter().chain([None]);
    let ranges = ids
        .iter()
        .flat_map(|least| ids.iter().map(|greatest| **least..=**greatest));
    let ranges: Vec<_> = ranges.chain([ExportQuery::ALL.ids]).collect();
    batches
        .flat_map(|batch| {
            let of_batch = ranges.iter().cloned();
            of_batch.map(move |ids| ExportQuery { ids, batch })
        })
        .collect()
}

/// The exports that a query asks for, in its order.
fn asked_for(history: &History<'_>, query: &ExportQuery, order: Order) -> Vec<ExportRecord> {
    let all = history.exports.values().copied();
    let mut due: Vec<_> = all
        .filter(|row| query.ids.contains(&row.export_id))
        .filter(|row| query.batch.is_none_or(|batch| row.mint_batch_id == batch))
        .collect();
    if order == Order::NewestFirst {
        due.reverse();
    }
    due
}

async fn pages_are_whole(
    case: &ReadCase,
    history: &History<'_>,
    query: &ExportQuery,
    order: Order,
) -> Checked {
    let due = asked_for(history, query, order);
    for limit in [1, 3, 10, 11].map(PageLimit::new) {
        let mut pages = Pages::of(limit);
        while pages.go_on(case)? {
            let last = pages.rows.last().map(|row: &ExportRecord| row.export_id);
            let page = case.exports(case.brand, query, order, last, limit).await?;
            pages.add(page);
        }
        let what = format!("exports {order:?} by pages of {}", limit.get());
        case.same_list(&what, &pages.rows, &due)?;
    }
    Ok(())
}

/// A place to read on from need not be asked for.
async fn places_to_read_on_from(
    case: &ReadCase,
    history: &History<'_>,
    query: &ExportQuery,
    order: Order,
) -> Checked {
    for after in history.exports.keys() {
        let mut due = asked_for(history, query, order);
        due.retain(|row| match order {
            Order::NewestFirst => row.export_id < *after,
            Order::OldestFirst => row.export_id > *after,
        });
        let rows = case
            .exports(case.brand, query, order, Some(*after), PageLimit::MAX)
            .await?;
        let what = format!("exports {order:?} beyond one of them");
        case.same_list(&what, &rows, &due)?;
    }
    Ok(())
}

/// While pages are read, exports are added wherever their ids lie.
async fn pages_while_added(
    case: &ReadCase,
    history: &mut History<'_>,
    order: Order,
    [batch, _]: [MintBatchId; 2],
) -> Checked {
    let before: BTreeSet<_> = history.exports.keys().copied().collect();
    let mut pages = Pages::of(PageLimit::new(2));
    let mut added = 0;
    while pages.go_on(case)? {
        if added < 7 {
            added += 1;
            let export = case.export(100 + history.exports.len() as u64);
            let format = ExportFormat::Manifest;
            history.request_export(export, batch, format).await?;
        }
        let last = pages.rows.last().copied();
        let query = ExportQuery::ALL;
        let page = case.exports(case.brand, &query, order, last, pages.limit);
        pages.add(page.await?.iter().map(|row| row.export_id).collect());
    }
    let seen: BTreeSet<_> = pages.rows.iter().copied().collect();
    let mut in_order: Vec<_> = seen.iter().copied().collect();
    if order == Order::NewestFirst {
        in_order.reverse();
    }
    let what = format!("exports {order:?} while some are added");
    case.same_list(&what, &pages.rows, &in_order)?;
    let missing = before.difference(&seen).next();
    case.require(
        missing.is_none(),
        format!("exports {order:?} miss {missing:?} while some are added"),
    )
}
