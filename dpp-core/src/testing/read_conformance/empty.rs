//! A03: answers about what is not there.

use super::case::{ORDERS, ReadCase};
use super::history::{Job, batch_id};
use super::{ReadFixture, Violation};
use crate::gs1::{Gtin, Serial};
use crate::store::{
    BatchQuery, BrandCounters, Entity, EventQuery, ExportQuery, JobKey, Order, ProvidedSerial,
};
use crate::testing::kit::Checked;
use crate::unit::UnitExceptions;
use crate::{PageLimit, Timestamp};

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
    case.require(jobs.is_empty(), there("jobs"))?;
    let exports = case.runnable_exports(brand, end).await?;
    case.require(exports.is_empty(), there("runnable exports"))?;
    let exports = case.expiring_exports(brand, end).await?;
    case.require(exports.is_empty(), there("expiring exports"))
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
    exports_are_empty(case).await?;
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

/// Asks for exports that neither an empty brand has nor the one of this case.
async fn exports_are_empty(case: &ReadCase) -> Checked {
    let of_batch = ExportQuery {
        batch: Some(batch_id(case, 1_000)),
        ..ExportQuery::ALL
    };
    let after = [None, Some(case.export(1))];
    for (query, order) in [ExportQuery::ALL, of_batch]
        .iter()
        .flat_map(|query| ORDERS.map(|order| (query, order)))
    {
        for after in after {
            let found = case
                .exports(case.brand, query, order, after, PageLimit::MAX)
                .await?;
            case.require(found.is_empty(), "an export is found that is not there")?;
        }
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
    let (least, greatest) = ExportQuery::ALL.ids.into_inner();
    let query = ExportQuery {
        ids: greatest..=least,
        ..ExportQuery::ALL
    };
    for (order, after) in ORDERS
        .map(|order| [(order, None), (order, Some(least))])
        .as_flattened()
    {
        let exports = case
            .exports(brand, &query, *order, *after, PageLimit::MAX)
            .await?;
        case.require(
            exports.is_empty(),
            "an export lies in a range that ends before it begins",
        )?;
    }
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
