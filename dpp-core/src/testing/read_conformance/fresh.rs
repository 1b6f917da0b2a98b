//! A01: answers right after a commit.

use super::case::ReadCase;
use super::history::{History, Job, batch_id};
use super::{ReadFixture, Violation};
use crate::PageLimit;
use crate::export::ExportFormat;
use crate::identity::MintBatchId;
use crate::mint::JobStatus;
use crate::store::{BatchQuery, EventQuery, Order};
use crate::testing::kit::Checked;

const GTIN: &str = "09506000134352";

/// A01: an answer includes every commit to the log that had returned before the question was
/// asked.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn a01_every_commit_is_in_the_answer(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "A01").await;
    let mut history = case.early_history_of(case.brand);
    // Each question is asked just before its commit and just after: what was kept from the
    // first answer is too old for the second, and so is what is read on only once it is asked.
    for (asked, number) in ACCEPTED.into_iter().zip(1..) {
        knows(&case, &history, asked, number).await?;
        accept(&case, &mut history, number).await?;
        let known = knows(&case, &history, asked, number).await?;
        case.require(
            known,
            format!("{asked:?} misses a job that was just accepted"),
        )?;
    }
    for asked in LATER {
        knows_later(&case, &history, asked).await?;
        go_on(&case, &mut history, asked).await?;
        let known = knows_later(&case, &history, asked).await?;
        case.require(known, format!("{asked:?} misses what was just committed"))?;
    }
    history.cancel_all().await
}

/// What is asked of a job that was just accepted.
#[derive(Debug, Clone, Copy)]
enum Accepted {
    Batch,
    BatchByPrefix,
    Batches,
    RunnableJobs,
    ProductsWithGtin,
    ProvidedSerials,
    Events,
    Counters,
}

const ACCEPTED: [Accepted; 8] = [
    Accepted::Batch,
    Accepted::BatchByPrefix,
    Accepted::Batches,
    Accepted::RunnableJobs,
    Accepted::ProductsWithGtin,
    Accepted::ProvidedSerials,
    Accepted::Events,
    Accepted::Counters,
];

async fn accept(case: &ReadCase, history: &mut History<'_>, number: u32) -> Checked {
    let [one, two] = ["A", "B"].map(|text| format!("{text}{number}"));
    let job = Job::of(case, number, 2).product(case.product(number.into()));
    let job = job.gtin(GTIN).provided(&[one.as_str(), two.as_str()]);
    history.accept(job).await?;
    history.wait(1_000);
    Ok(())
}

async fn knows(
    case: &ReadCase,
    history: &History<'_>,
    asked: Accepted,
    number: u32,
) -> Checked<bool> {
    let brand = case.brand;
    let batch = batch_id(case, number);
    Ok(match asked {
        Accepted::Batch => case.batch(brand, batch).await?.is_some(),
        Accepted::BatchByPrefix => case.by_prefix(brand, batch.prefix()).await?.is_some(),
        Accepted::Batches => {
            let query = BatchQuery::default();
            let keys = case.keys(brand, &query, Order::OldestFirst).await?;
            keys.iter().any(|key| key.batch == batch)
        }
        Accepted::RunnableJobs => {
            let jobs = case.runnable(brand, history.now).await?;
            jobs.iter().any(|job| job.job == batch.job())
        }
        Accepted::ProductsWithGtin => {
            let products = case.products(brand, case.read(GTIN)?).await?;
            products.contains(&case.product(number.into()))
        }
        Accepted::ProvidedSerials => {
            let rows = case.provided(brand, "B", None, PageLimit::MAX).await?;
            rows.iter().any(|row| row.batch == batch)
        }
        Accepted::Events => knows_last_event(case, history).await?,
        Accepted::Counters => case.counters(brand).await?.batches == u64::from(number),
    })
}

async fn knows_last_event(case: &ReadCase, history: &History<'_>) -> Checked<bool> {
    let (query, order) = (EventQuery::default(), Order::OldestFirst);
    let events = case
        .events(case.brand, &query, order, None, PageLimit::MAX)
        .await?;
    let last = history.events.last().map(|(_, event)| &event.metadata);
    Ok(events
        .iter()
        .any(|event| Some(&event.event.metadata) == last))
}

/// What is asked of a job as it goes on.
#[derive(Debug, Clone, Copy)]
enum Later {
    StateOfJob,
    DirectoryOfSerials,
    UnitsMade,
    CounterOfUnits,
    Exceptions,
    CountsOfBatch,
    CounterOfRevoked,
    Exports,
    RunnableExports,
    ExpiringExports,
    Events,
}

const LATER: [Later; 11] = [
    Later::StateOfJob,
    Later::DirectoryOfSerials,
    Later::UnitsMade,
    Later::CounterOfUnits,
    Later::Exceptions,
    Later::CountsOfBatch,
    Later::CounterOfRevoked,
    Later::Exports,
    Later::RunnableExports,
    Later::ExpiringExports,
    Later::Events,
];

/// The batch whose units things happen to, and one whose serials are derived.
fn two_batches(case: &ReadCase) -> [MintBatchId; 2] {
    [batch_id(case, 1), batch_id(case, 100)]
}

async fn go_on(case: &ReadCase, history: &mut History<'_>, asked: Later) -> Checked {
    let [batch, derived] = two_batches(case);
    match asked {
        Later::StateOfJob => history.reserve(batch, 60_000).await,
        Later::DirectoryOfSerials => {
            history.accept(Job::of(case, 100, 3)).await?;
            history.reserve(derived, 60_000).await
        }
        Later::UnitsMade => history.cycle(batch, 1, Some(60_000)).await,
        Later::CounterOfUnits => {
            history.cycle(derived, 2, None).await?;
            history.cycle(batch, 1, None).await
        }
        Later::Exceptions => history.revoke(batch, &[0]).await,
        Later::CountsOfBatch => history.revoke(batch, &[1]).await,
        Later::CounterOfRevoked => history.revoke_together(derived, &[0, 1]).await,
        Later::Exports => {
            let export = case.export(1);
            history
                .request_export(export, batch, ExportFormat::Manifest)
                .await
        }
        Later::RunnableExports => {
            let export = case.export(2);
            history
                .request_export(export, batch, ExportFormat::QrBundle)
                .await?;
            history.wait(1);
            Ok(())
        }
        Later::ExpiringExports => {
            history.complete_export_until(case.export(1), 0).await?;
            history.wait(1);
            Ok(())
        }
        Later::Events => history.expire_exports().await,
    }
}

async fn knows_later(case: &ReadCase, history: &History<'_>, asked: Later) -> Checked<bool> {
    let brand = case.brand;
    let [batch, derived] = two_batches(case);
    Ok(match asked {
        Later::StateOfJob => case.record(brand, batch).await?.job() == JobStatus::Reserved,
        Later::DirectoryOfSerials => {
            let directory = case.directory(brand, case.product(0)).await?;
            let told = history.batches.get(&derived);
            let unit = told.and_then(|told| told.identity()?.unit(0));
            let serial = unit.and_then(|unit| unit.serial);
            let owner = directory.zip(serial);
            owner.and_then(|(of, serial)| of.batch_of(&serial)) == Some(derived)
        }
        Later::UnitsMade => case.record(brand, batch).await?.batch.minted == 1,
        Later::CounterOfUnits => case.counters(brand).await?.units.made == 4,
        Later::Exceptions => case.exceptions(brand, batch).await?.revoked.contains(0),
        Later::CountsOfBatch => case.record(brand, batch).await?.units.revoked == 2,
        Later::CounterOfRevoked => case.counters(brand).await?.units.revoked == 4,
        Later::Exports => {
            let exports = case.all_exports(brand).await?;
            exports.len() == 1
        }
        Later::RunnableExports => {
            let exports = case.runnable_exports(brand, history.now).await?;
            exports.len() == 2
        }
        Later::ExpiringExports => {
            let exports = case.expiring_exports(brand, history.now).await?;
            exports.len() == 1
        }
        Later::Events => knows_last_event(case, history).await?,
    })
}
