//! B01, B02, B05 and B06: records, how they are found, and which jobs may run.

use std::collections::BTreeSet;
use std::fmt::Debug;

use super::case::ReadCase;
use super::history::{History, Job, Told, batch_id};
use super::{ReadFixture, Violation};
use crate::gs1::Gtin;
use crate::identity::{MintBatchId, MintJobId};
use crate::mint::BatchStatus;
use crate::store::BatchRecord;
use crate::testing::kit::Checked;
use crate::{ProductBatchId, ProductId, Timestamp};

/// B01: a record is the fold of its batch's stream: its facts, states, cycles, times and
/// failure.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn b01_a_record_is_the_fold(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "B01").await;
    let mut history = case.history();
    a_long_life(&case, &mut history).await?;
    failures_come_and_go(&case, &mut history).await?;
    other_ends(&case, &mut history).await
}

async fn a_long_life(case: &ReadCase, history: &mut History<'_>) -> Checked {
    let production = ProductBatchId::from_uuid(case.uuid("production", 0));
    let job = Job::of(case, 1, 0).lots(&[("A", 4), ("B", 5)]);
    let job = job.production(production).gtin("09506000134352");
    let batch = history.prepare(job.born_active()).await?;
    is_the_fold(case, history, batch).await?;
    history.wait(1_000);
    history.queue_prepared(batch).await?;
    is_the_fold(case, history, batch).await?;
    history.wait(1_000);
    history.reserve(batch, 60_000).await?;
    is_the_fold(case, history, batch).await?;
    // The second and third cycle are of the same moment; the fourth of an earlier one, since
    // clocks differ.
    for (wait, count) in [(1_000, 2), (1_000, 1), (0, 3), (-500, 1)] {
        history.wait(wait);
        history.cycle(batch, count, Some(60_000)).await?;
        is_the_fold(case, history, batch).await?;
    }
    history.take_over(batch, 90_000).await?;
    is_the_fold(case, history, batch).await?;
    history.wait(1_000);
    history.cycle(batch, 2, None).await?;
    is_the_fold(case, history, batch).await?;
    for to in [
        BatchStatus::Exported,
        BatchStatus::Printed,
        BatchStatus::Applied,
        BatchStatus::Voided,
    ] {
        history.wait(1_000);
        history.set_status(batch, to).await?;
        is_the_fold(case, history, batch).await?;
    }
    Ok(())
}

async fn failures_come_and_go(case: &ReadCase, history: &mut History<'_>) -> Checked {
    let [first, second] = [2, 3].map(|number| Job::of(case, number, 5));
    let batch = history.accept(first).await?;
    history.fail_cycle(batch, "no serials can be had").await?;
    is_the_fold(case, history, batch).await?;
    history.wait(1_000);
    history.reserve(batch, 60_000).await?;
    is_the_fold(case, history, batch).await?;
    history.cycle(batch, 2, Some(60_000)).await?;
    is_the_fold(case, history, batch).await?;
    for reason in ["the disk is full", "the disk is still full"] {
        history.wait(1_000);
        history.fail_cycle(batch, reason).await?;
        is_the_fold(case, history, batch).await?;
    }
    history.wait(1_000);
    history.take_over(batch, 60_000).await?;
    history.cycle(batch, 3, None).await?;
    is_the_fold(case, history, batch).await?;
    // What happens to units by themselves is not of the batch's stream.
    history.wait(1_000);
    history.activate(batch, &[1]).await?;
    history.revoke_together(batch, &[1, 2]).await?;
    is_the_fold(case, history, batch).await?;

    let given_up = history.accept(second).await?;
    history.reserve(given_up, 60_000).await?;
    history.cycle(given_up, 1, None).await?;
    history.fail_cycle(given_up, "the disk is full").await?;
    history.fail(given_up, "it failed too often").await?;
    is_the_fold(case, history, given_up).await
}

async fn other_ends(case: &ReadCase, history: &mut History<'_>) -> Checked {
    let [with_units, without] = [4, 5].map(|number| Job::of(case, number, 5));
    let batch = history
        .accept(with_units.provided(&["A1", "A2", "A3"]))
        .await?;
    history.reserve(batch, 60_000).await?;
    history.cycle(batch, 2, Some(60_000)).await?;
    history.wait(1_000);
    history.cancel(batch).await?;
    is_the_fold(case, history, batch).await?;
    let batch = history.accept(without.numeric()).await?;
    history.wait(1_000);
    history.cancel(batch).await?;
    is_the_fold(case, history, batch).await
}

/// Everything of a record but the counts of its units, which U05 is about.
async fn is_the_fold(case: &ReadCase, history: &History<'_>, batch: MintBatchId) -> Checked {
    let got = case.record(history.brand, batch).await?;
    let due = history.told(batch)?.record();
    let when = format!("after event {} of its brand", history.events.len());
    let same = |what: &str, got: &dyn Debug, due: &dyn Debug, same: bool| {
        let wrong = format!("{what} of a record {when} is {got:?}, but should be {due:?}");
        case.require(same, wrong)
    };
    macro_rules! same {
        ($($what:literal $($part:ident).+;)*) => {$(
            same($what, &got.$($part).+, &due.$($part).+, got.$($part).+ == due.$($part).+)?;
        )*};
    }
    same! {
        "the time of acceptance" accepted_at;
        "the time of the last change" changed_at;
        "the facts" batch.facts;
        "the state of the job" batch.job;
        "the state of the batch" batch.status;
        "the identity" batch.identity;
        "the lease" batch.lease;
        "the number of units made" batch.minted;
        "the number of cycles" batch.cycles;
        "the number of failures in a row" batch.failures;
        "the cycles" cycles;
        "the failure" failure;
    }
    Ok(())
}

/// B02: a batch is found by its id and by its prefix.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn b02_by_id_and_by_prefix(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "B02").await;
    let mut history = case.history();
    history.prepare(Job::of(&case, 3, 2)).await?;
    history.accept(Job::of(&case, 1, 2)).await?;
    history.mint(Job::of(&case, 4, 0).lots(&[("A", 2)])).await?;
    let failed = history.accept(Job::of(&case, 2, 2)).await?;
    history.fail(failed, "it cannot be").await?;
    for number in 0..=5 {
        let id = batch_id(&case, number);
        let due = history.batches.get(&id).map(Told::id);
        let found = case.batch(case.brand, id).await?;
        let of = |record: std::sync::Arc<BatchRecord>| record.batch.facts.mint_batch_id;
        case.same("the batch that an id finds", &found.map(of), &due)?;
        let found = case.by_prefix(case.brand, id.prefix()).await?;
        case.same("the batch that a prefix finds", &found.map(of), &due)?;
    }
    let asked: Vec<_> = (0..=5)
        .chain([2])
        .map(|number| batch_id(&case, number))
        .collect();
    let found = case.many(case.brand, &asked).await?;
    let mut found: Vec<_> = found
        .iter()
        .map(|record| record.batch.facts.mint_batch_id)
        .collect();
    found.sort_unstable();
    let due: Vec<_> = asked
        .iter()
        .filter(|id| history.batches.contains_key(id))
        .copied()
        .collect();
    let due: Vec<_> = BTreeSet::from_iter(due).into_iter().collect();
    case.same("many batches at once", &found, &due)
}

/// B05: runnable jobs come oldest first: queued ones, and those whose lease has run out, which
/// it has at the time that it names. Jobs that are held, preflighted or over are left out.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn b05_runnable_jobs_oldest_first(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "B05").await;
    let mut history = case.early_history_of(case.brand);
    let start = history.now;
    for number in (1..=12).rev() {
        let job = Job::of(&case, number, 4);
        match number {
            1 => history.prepare(job).await?,
            _ => history.accept(job).await?,
        };
        history.wait(1_000);
    }
    let id = |number| batch_id(&case, number);
    for number in 4..=11 {
        history
            .reserve(id(number), i64::from(number) * 10_000)
            .await?;
    }
    history.fail_cycle(id(3), "no serials can be had").await?;
    history.cycle(id(5), 1, Some(75_000)).await?;
    history.cycle(id(6), 1, None).await?;
    history.take_over(id(7), 200_000).await?;
    history.fail_cycle(id(8), "the disk is full").await?;
    history.cycle(id(9), 4, Some(60_000)).await?;
    history.cancel(id(10)).await?;
    history.fail(id(11), "it cannot be").await?;

    let ends = history
        .batches
        .values()
        .filter_map(|told| told.batch.lease.as_ref());
    let ends: Vec<_> = ends.map(|lease| lease.until.unix_millis()).collect();
    let around = ends.iter().flat_map(|end| [end - 1, *end, end + 1]);
    for now in around.chain([start.unix_millis(), history.now.unix_millis()]) {
        may_run(&case, &history, Timestamp::from_unix_millis(now)).await?;
    }
    history.cancel_all().await?;
    may_run(&case, &history, Timestamp::from_unix_millis(i64::MAX)).await
}

async fn may_run(case: &ReadCase, history: &History<'_>, now: Timestamp) -> Checked {
    let jobs = case.runnable(history.brand, now).await?;
    let free = |told: &&&Told| {
        let held = told
            .batch
            .lease
            .as_ref()
            .is_some_and(|lease| now < lease.until);
        told.batch.job.can_run() && !held
    };
    let by_key = history.by_key();
    let due = by_key.iter().filter(free);
    let due: Vec<(Timestamp, MintJobId)> = due
        .map(|told| (told.accepted_at, told.id().job()))
        .collect();
    let got: Vec<_> = jobs.iter().map(|job| (job.accepted_at, job.job)).collect();
    let [got_once, due_once] =
        [&got, &due].map(|jobs| jobs.iter().copied().collect::<BTreeSet<_>>());
    if let Some(missing) = due_once.difference(&got_once).next() {
        return Err(case.violation(format!("a job that may run is missing: {missing:?}")));
    }
    if let Some(more) = got_once.difference(&due_once).next() {
        return Err(case.violation(format!("a job is runnable that may not run: {more:?}")));
    }
    case.same_list("the runnable jobs, oldest first", &got, &due)
}

/// B06: the products of a GTIN are those that batches were accepted with it for, each once.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn b06_products_of_a_gtin(fixture: &ReadFixture) -> Result<(), Violation> {
    const GTINS: [&str; 3] = ["09506000134352", "04012345987652", "00614141123452"];
    let case = ReadCase::open(fixture, "B06").await;
    let mut history = case.history();
    let [one, two, three] = [1, 2, 3].map(|number| case.product(number));
    let [first, second, _] = GTINS;
    // Product two has had both GTINs; product three had one before its batches had none.
    let accepted = [
        (three, Some(first)),
        (one, Some(first)),
        (two, Some(second)),
        (one, Some(first)),
        (two, Some(first)),
        (three, None),
    ];
    for ((product, gtin), number) in accepted.into_iter().zip(1..) {
        let job = Job::of(&case, number, 2).product(product);
        history
            .accept(gtin.into_iter().fold(job, Job::gtin))
            .await?;
    }
    history
        .prepare(Job::of(&case, 7, 2).product(case.product(4)).gtin(second))
        .await?;
    for gtin in GTINS {
        let gtin: Gtin = case.read(gtin)?;
        let with_gtin = history
            .batches
            .values()
            .filter(|told| told.facts().gtin == Some(gtin));
        let due: BTreeSet<ProductId> = with_gtin.map(|told| told.facts().product_id).collect();
        let due: Vec<_> = due.into_iter().collect();
        let found = case.products(case.brand, gtin).await?;
        case.same_list(&format!("the products of GTIN {gtin}"), &found, &due)?;
    }
    Ok(())
}
