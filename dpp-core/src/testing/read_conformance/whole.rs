//! A02 and A04: whose an answer is, and how long it may be.

use std::time::Duration;

use super::case::{ORDERS, ReadCase};
use super::history::{History, Job, batch_id};
use super::{ReadFixture, Violation};
use crate::export::{EXPORT_RETENTION, ExportFormat};
use crate::identity::MintBatchId;
use crate::store::log::RecordedEvent;
use crate::store::{BatchQuery, Entity, EntityKind, EventQuery, ExportQuery, Order, RunnableJob};
use crate::testing::kit::Checked;
use crate::unit::UnitExceptions;
use crate::{BrandId, ExportId, PageLimit, Timestamp};

const GTIN: &str = "09506000134352";
const LIMITS: [u32; 6] = [1, 2, 3, 6, 7, 8];

/// A02: brands are apart: nothing of one brand is in an answer for another, and a thing of
/// another brand answers as one that does not exist.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn a02_brands_are_apart(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "A02").await;
    let [one, other] = [case.brand, case.brand(1)];
    let mut mine = case.early_history_of(one);
    let mut theirs = case.early_history_of(other);
    let (shared, own) = (batch_id(&case, 1), batch_id(&case, 2));
    mine.accept(Job::of(&case, 1, 3)).await?;
    theirs.accept(Job::of(&case, 1, 5)).await?;
    let job = Job::of(&case, 2, 3).gtin(GTIN).product(case.product(1));
    mine.mint(job).await?;
    let provided = Job::of(&case, 3, 1).product(case.product(2));
    mine.accept(provided.provided(&["A1", "A2"])).await?;
    mine.activate(own, &[0]).await?;
    for history in [&mut mine, &mut theirs] {
        history.mint(Job::of(&case, 4, 3)).await?;
    }
    mine.activate(batch_id(&case, 4), &[1]).await?;
    mine.request_export(case.export(1), own, ExportFormat::Manifest)
        .await?;
    mine.request_export(case.export(2), own, ExportFormat::Manifest)
        .await?;
    theirs
        .request_export(case.export(1), shared, ExportFormat::QrBundle)
        .await?;

    for history in [&mine, &theirs] {
        same_batch_is_apart(&case, history, shared).await?;
        same_export_is_apart(&case, history, case.export(1)).await?;
    }
    same_units_are_apart(&case, other, batch_id(&case, 4)).await?;
    another_brands_batch_is_nothing(&case, &theirs, own).await?;
    another_brands_things_are_nothing(&case, &theirs, own).await?;
    for history in [&mut mine, &mut theirs] {
        history.cancel_all().await?;
        history.expire_exports().await?;
    }
    Ok(())
}

async fn same_batch_is_apart(
    case: &ReadCase,
    history: &History<'_>,
    shared: MintBatchId,
) -> Checked {
    let brand = history.brand;
    let wrong = |what: &str| format!("a batch of another brand with the same {what} is given");
    let found = case.record(brand, shared).await?;
    let own = found.batch.facts.brand_id == brand;
    case.require(own, wrong("id"))?;
    let found = case.by_prefix(brand, shared.prefix()).await?;
    let own = found.is_some_and(|found| found.batch.facts.brand_id == brand);
    case.require(own, wrong("prefix"))?;
    let jobs = case.runnable(brand, history.now).await?;
    let runs = jobs.iter().any(|job| job.job == shared.job());
    let missing = "of runnable jobs with the same id in two brands one is missing";
    case.require(runs, missing)
}

async fn same_export_is_apart(case: &ReadCase, history: &History<'_>, shared: ExportId) -> Checked {
    let brand = history.brand;
    let found = case.all_exports(brand).await?;
    let found = found.iter().find(|row| row.export_id == shared);
    let due = history.exports.get(&shared);
    let what = "what an export makes that has the same id in two brands";
    case.same(
        what,
        &found.map(|row| row.format),
        &due.map(|row| row.format),
    )?;
    let now = history.now.after(Duration::from_secs(1));
    let end = now.after(EXPORT_RETENTION);
    let runnable = case.runnable_exports(brand, now).await?;
    let expiring = case.expiring_exports(brand, end).await?;
    for (what, exports) in [("runnable", runnable), ("expiring", expiring)] {
        let missing = format!("of {what} exports with the same id in two brands one is missing");
        let format = exports.iter().find(|export| export.export == shared);
        let format = format.map(|export| export.format);
        case.require(format == due.map(|row| row.format), missing)?;
    }
    Ok(())
}

/// The same units were made in two brands; something happened to those of the other one only.
async fn same_units_are_apart(case: &ReadCase, brand: BrandId, shared: MintBatchId) -> Checked {
    let wrong = "what happened to a unit of another brand with the same id is told";
    let found = case.exceptions(brand, shared).await?;
    case.require(*found == UnitExceptions::default(), wrong)?;
    let units = case.record(brand, shared).await?.units;
    case.require(units.active == 0, wrong)
}

async fn another_brands_batch_is_nothing(
    case: &ReadCase,
    theirs: &History<'_>,
    batch: MintBatchId,
) -> Checked {
    let brand = theirs.brand;
    let leaked = |what: &str| format!("{what} of another brand is found");
    let found = case.batch(brand, batch).await?;
    case.require(found.is_none(), leaked("a batch"))?;
    let found = case.by_prefix(brand, batch.prefix()).await?;
    case.require(found.is_none(), leaked("the prefix of a batch"))?;
    let found = case.exceptions(brand, batch).await?;
    let none = *found == UnitExceptions::default();
    case.require(none, leaked("an exception"))?;
    for order in ORDERS {
        let keys = case.keys(brand, &BatchQuery::default(), order).await?;
        let listed = keys.iter().any(|key| key.batch == batch);
        case.require(!listed, leaked("a listed batch"))?;
    }
    let jobs = case
        .runnable(brand, Timestamp::from_unix_millis(i64::MAX))
        .await?;
    let own = |job: &RunnableJob| theirs.batches.contains_key(&job.job.batch());
    case.require(jobs.iter().all(own), leaked("a job"))
}

async fn another_brands_things_are_nothing(
    case: &ReadCase,
    theirs: &History<'_>,
    own: MintBatchId,
) -> Checked {
    let brand = theirs.brand;
    let leaked = |what: &str| format!("{what} of another brand is found");
    let found = case.products(brand, case.read(GTIN)?).await?;
    case.require(found.is_empty(), leaked("a product"))?;
    let found = case.directory(brand, case.product(1)).await?;
    case.require(found.is_none(), leaked("a directory"))?;
    let found = case.provided(brand, "A", None, PageLimit::MAX).await?;
    case.require(found.is_empty(), leaked("a provided serial"))?;
    let found = case.all_exports(brand).await?;
    let alien = found.iter().any(|row| row.export_id != case.export(1));
    case.require(!alien, leaked("an export"))?;
    let counters = case.counters(brand).await?;
    let apart = counters.batches == 2 && counters.units.made == 3;
    case.require(apart, leaked("a count"))?;

    let order = Order::OldestFirst;
    let all = EventQuery::default();
    let of_batch = EventQuery {
        entity: Some(Entity::MintBatch(own)),
        ..EventQuery::default()
    };
    let events = case
        .events(brand, &all, order, None, PageLimit::MAX)
        .await?;
    let streams: Vec<_> = theirs.events.iter().map(|(stream, _)| *stream).collect();
    let own = |event: &RecordedEvent| streams.contains(&event.stream);
    case.require(events.iter().all(own), leaked("an event"))?;
    let events = case
        .events(brand, &of_batch, order, None, PageLimit::MAX)
        .await?;
    case.require(events.is_empty(), leaked("an event of a batch"))
}

/// A04: no answer is longer than the limit; a shorter one says that nothing follows.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn a04_no_answer_is_too_long(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "A04").await;
    let mut history = case.early_history_of(case.brand);
    for number in 1..=7 {
        let job = Job::of(&case, number, 1).product(case.product(u64::from(number) % 2));
        let serial = format!("A{number}");
        let batch = history.accept(job.provided(&[serial.as_str()])).await?;
        let export = case.export(number.into());
        history
            .request_export(export, batch, ExportFormat::Manifest)
            .await?;
        history.wait(1_000);
    }
    for limit in LIMITS.map(PageLimit::new) {
        let jobs = case.reads.runnable_jobs(history.now, limit).await;
        let failed = |error| case.violation(format!("the runnable jobs gave `{error}`"));
        let jobs = jobs.map_err(failed)?.jobs.len();
        // A shared store has jobs of others, too: of those there may be more.
        fits(&case, "runnable jobs", jobs, limit, jobs.max(7))?;
        due_exports_fit(&case, &history, limit).await?;
        pages_fit(&case, limit, history.events.len()).await?;
    }
    history.cancel_all().await?;
    history.expire_exports().await
}

async fn due_exports_fit(case: &ReadCase, history: &History<'_>, limit: PageLimit) -> Checked {
    let failed = |error| case.violation(format!("the exports that are due gave `{error}`"));
    let runnable = case.reads.runnable_exports(history.now, limit).await;
    let exports = runnable.map_err(failed)?.exports.len();
    fits(case, "runnable exports", exports, limit, exports.max(7))?;
    let end = history.now.after(EXPORT_RETENTION);
    let expiring = case.reads.expiring_exports(end, limit).await;
    let exports = expiring.map_err(failed)?.exports.len();
    fits(case, "expiring exports", exports, limit, exports.max(7))
}

async fn pages_fit(case: &ReadCase, limit: PageLimit, events: usize) -> Checked {
    let brand = case.brand;
    let odd = BatchQuery {
        product: Some(case.product(1)),
        ..BatchQuery::default()
    };
    let of_exports = EventQuery {
        kind: Some(EntityKind::Export),
        ..EventQuery::default()
    };
    let serials = case.provided(brand, "A", None, limit).await?.len();
    fits(case, "provided serials", serials, limit, 7)?;
    for order in ORDERS {
        let all = ExportQuery::ALL;
        let exports = case.exports(brand, &all, order, None, limit).await?.len();
        fits(case, "exports", exports, limit, 7)?;
        for (query, due) in [(&BatchQuery::default(), 7), (&odd, 4)] {
            let page = case.batches(brand, query, order, None, limit).await?.len();
            fits(case, "batches", page, limit, due)?;
        }
        for (query, due) in [(&EventQuery::default(), events), (&of_exports, 7)] {
            let page = case.events(brand, query, order, None, limit).await?.len();
            fits(case, "events", page, limit, due)?;
        }
    }
    Ok(())
}

fn fits(case: &ReadCase, what: &str, rows: usize, limit: PageLimit, there: usize) -> Checked {
    let due = there.min(limit.get());
    let most = limit.get();
    case.require(
        rows == due,
        format!("of {there} {what} an answer of at most {most} has {rows}"),
    )
}
