//! A02 to A04: what holds of every answer.

use super::case::{ORDERS, ReadCase, any_export};
use super::history::{History, Job, batch_id};
use super::{ReadFixture, Violation};
use crate::export::ExportFormat;
use crate::gs1::{Gtin, Serial};
use crate::identity::MintBatchId;
use crate::store::log::RecordedEvent;
use crate::store::{
    BatchQuery, BrandCounters, Entity, EntityKind, EventQuery, JobKey, Order, ProvidedSerial,
    RunnableJob,
};
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
    mine.cancel_all().await?;
    theirs.cancel_all().await
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
    let found = case
        .exports(brand, any_export(), None, PageLimit::MAX)
        .await?;
    let found = found.iter().find(|row| row.export_id == shared);
    let due = history.exports.get(&shared);
    let what = "what an export makes that has the same id in two brands";
    case.same(
        what,
        &found.map(|row| row.format),
        &due.map(|row| row.format),
    )
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
    let found = case
        .exports(brand, any_export(), None, PageLimit::MAX)
        .await?;
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

/// A03: what is not there is an empty answer, not an error.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn a03_nothing_is_an_empty_answer(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "A03").await;
    everything_is_empty(&case).await?;
    listings_are_empty(&case).await?;
    let counters = case.counters(case.brand).await?;
    case.same(
        "the counters of an empty brand",
        &counters,
        &BrandCounters::default(),
    )?;

    let mut history = case.history();
    let product = case.product(1);
    let job = Job::of(&case, 1, 3).product(product);
    let batch = history.accept(job.provided(&["A1"])).await?;
    let exceptions = case.exceptions(case.brand, batch).await?;
    let none = *exceptions == UnitExceptions::default();
    case.require(none, "a batch that nothing happened to has exceptions")?;
    everything_is_empty(&case).await?;
    ranges_may_be_empty(&case).await
}

/// Asks a brand without events for all that it has.
async fn listings_are_empty(case: &ReadCase) -> Checked {
    let brand = case.brand;
    let there = |what: &str| format!("an empty brand has {what}");
    for order in ORDERS {
        let keys = case.keys(brand, &BatchQuery::default(), order).await?;
        case.require(keys.is_empty(), there("batches"))?;
        let query = EventQuery::default();
        let events = case
            .events(brand, &query, order, None, PageLimit::MAX)
            .await?;
        case.require(events.is_empty(), there("events"))?;
    }
    for prefix in ["", "A"] {
        let rows = case.provided(brand, prefix, None, PageLimit::MAX).await?;
        case.require(rows.is_empty(), there("provided serials"))?;
    }
    let end = Timestamp::from_unix_millis(i64::MAX);
    let jobs = case.runnable(brand, end).await?;
    case.require(jobs.is_empty(), there("jobs"))
}

/// Asks for what neither an empty brand has nor the one of this case.
async fn everything_is_empty(case: &ReadCase) -> Checked {
    let brand = case.brand;
    let unknown = batch_id(case, 1_000);
    let there = |what: &str| format!("{what} is found that is not there");
    let found = case.batch(brand, unknown).await?;
    case.require(found.is_none(), there("a batch"))?;
    let found = case.by_prefix(brand, unknown.prefix()).await?;
    case.require(found.is_none(), there("a prefix"))?;
    let gtin: Gtin = case.read("04012345987652")?;
    let found = case.products(brand, gtin).await?;
    case.require(found.is_empty(), there("a product"))?;
    let found = case.directory(brand, case.product(1_000)).await?;
    case.require(found.is_none(), there("a directory"))?;
    let found = case.exceptions(brand, unknown).await?;
    let none = *found == UnitExceptions::default();
    case.require(none, there("an exception"))?;
    let found = case
        .exports(brand, any_export(), Some(case.export(1)), PageLimit::MAX)
        .await?;
    case.require(found.is_empty(), there("an export"))?;

    let query = BatchQuery {
        product: Some(case.product(1_000)),
        ..BatchQuery::default()
    };
    let events = EventQuery {
        entity: Some(Entity::MintUnit(
            case.read("01234567-89ab-8cde-8f01-23456789abcd")?,
        )),
        ..EventQuery::default()
    };
    let after = JobKey {
        accepted_at: Timestamp::from_unix_millis(0),
        batch: unknown,
    };
    for order in ORDERS {
        for after in [None, Some(after)] {
            let found = case
                .batches(brand, &query, order, after, PageLimit::MAX)
                .await?;
            case.require(found.is_empty(), there("a listed batch"))?;
        }
        let found = case
            .events(brand, &events, order, None, PageLimit::MAX)
            .await?;
        case.require(found.is_empty(), there("an event"))?;
    }
    Ok(())
}

/// Texts that no serial can begin with, and ranges that end before they begin.
async fn ranges_may_be_empty(case: &ReadCase) -> Checked {
    let brand = case.brand;
    let serial: Serial = case.read("A1")?;
    let after = ProvidedSerial {
        serial,
        batch: batch_id(case, 1),
        index: 0,
    };
    let long = "A".repeat(21);
    for text in ["B", "A ", " ", "\u{e9}", "\\", long.as_str()] {
        for after in [None, Some(after)] {
            let found = case.provided(brand, text, after, PageLimit::MAX).await?;
            case.require(found.is_empty(), format!("a serial begins with `{text}`"))?;
        }
    }
    let [early, late] = [1, 2].map(|number| batch_id(case, number).prefix());
    let query = BatchQuery {
        ids: Some(late..=early),
        ..BatchQuery::default()
    };
    let keys = case.keys(brand, &query, Order::NewestFirst).await?;
    case.require(
        keys.is_empty(),
        "a batch lies in a range that ends before it begins",
    )?;
    let (least, greatest) = any_export().into_inner();
    let exports = case
        .exports(brand, greatest..=least, None, PageLimit::MAX)
        .await?;
    case.require(
        exports.is_empty(),
        "an export lies in a range that ends before it begins",
    )?;
    let [from, until] = [2_000_000_000_000, 0].map(Timestamp::from_unix_millis);
    let query = EventQuery {
        from: Some(from),
        until: Some(until),
        ..EventQuery::default()
    };
    let order = Order::NewestFirst;
    let events = case
        .events(brand, &query, order, None, PageLimit::MAX)
        .await?;
    case.require(
        events.is_empty(),
        "an event lies in a time that ends before it begins",
    )
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
        pages_fit(&case, limit, history.events.len()).await?;
    }
    history.cancel_all().await
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
    let exports = case.exports(brand, any_export(), None, limit).await?.len();
    fits(case, "exports", exports, limit, 7)?;
    for order in ORDERS {
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
