//! U01 to U06: what happened to units, and how many stand where.

use std::collections::BTreeSet;
use std::ops::Range;

use super::case::ReadCase;
use super::history::{History, Job, batch_id};
use super::{ReadFixture, Violation};
use crate::identity::MintBatchId;
use crate::mint::BatchStatus;
use crate::testing::kit::Checked;
use crate::unit::{UnitExceptions, UnitSet};

/// U01: activated and revoked units are exceptions of their batch, each once, and of no other
/// batch.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn u01_units_are_exceptions(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "U01").await;
    let mut history = case.history();
    let [one, two, untouched] = three_batches(&case, &mut history).await?;
    history.activate(one, &[0, 7]).await?;
    history.revoke(two, &[3, 19]).await?;
    history.activate(two, &[4]).await?;
    history.activate(one, &[19, 1]).await?;
    history.revoke(one, &[8]).await?;
    for batch in [one, two, untouched] {
        let got = case.exceptions(case.brand, batch).await?;
        let due = history.told(batch)?;
        same_units(&case, "activated units", &got.activated, &due.activated)?;
        same_units(&case, "revoked units", &got.revoked, &due.revoked)?;
    }
    Ok(())
}

async fn three_batches(case: &ReadCase, history: &mut History<'_>) -> Checked<[MintBatchId; 3]> {
    for number in 1..=3 {
        history.mint(Job::of(case, number, 20)).await?;
    }
    Ok([1, 2, 3].map(|number| batch_id(case, number)))
}

/// The indexes, compared one by one: how a set is kept is nobody's business.
fn same_units(case: &ReadCase, what: &str, got: &UnitSet, due: &BTreeSet<u32>) -> Checked {
    let (got, due): (Vec<_>, Vec<_>) = (got.iter().collect(), due.iter().copied().collect());
    case.require(
        got == due,
        format!("the {what} of a batch are {got:?}, but should be {due:?}"),
    )
}

/// U02: units that were revoked together are exceptions like those that were revoked one by
/// one.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn u02_units_that_were_revoked_together(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "U02").await;
    let mut history = case.history();
    let [one, two, untouched] = three_batches(&case, &mut history).await?;
    // One batch has more runs than an event lists: it is told as a bitmap.
    let large = history.mint(Job::of(&case, 4, 70_000)).await?;
    let odd: Vec<_> = (60_001..70_000).step_by(2).collect();
    history.revoke_together(one, &[2, 3, 4, 19]).await?;
    history.revoke_together(two, &[0]).await?;
    history.revoke_together(one, &[6, 8]).await?;
    history.revoke_together(large, &odd).await?;
    for batch in [one, two, untouched, large] {
        let got = case.exceptions(case.brand, batch).await?;
        let due = &history.told(batch)?.revoked;
        let sizes = (got.revoked.len() as usize, due.len());
        case.require(
            sizes.0 == sizes.1,
            format!(
                "of {} units that were revoked together {} are revoked",
                sizes.1, sizes.0
            ),
        )?;
        same_units(&case, "revoked units", &got.revoked, due)?;
    }
    Ok(())
}

/// U03: an activated lot is an exception of its batch.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn u03_lots_are_exceptions(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "U03").await;
    let mut history = case.history();
    let lots = [("A", 3), ("B", 4), ("C", 1)];
    for number in 1..=3 {
        history.mint(Job::of(&case, number, 0).lots(&lots)).await?;
    }
    let [one, two, untouched] = [1, 2, 3].map(|number| batch_id(&case, number));
    for (batch, lot) in [(one, 0), (two, 1), (one, 2)] {
        history.activate_lot(batch, lot).await?;
    }
    for batch in [one, two, untouched] {
        let got = case.exceptions(case.brand, batch).await?;
        same_units(
            &case,
            "activated lots",
            &got.lots,
            &history.told(batch)?.lots,
        )?;
    }
    Ok(())
}

/// U04: the order in which activations and revocations were committed changes nothing.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn u04_order_changes_nothing(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "U04").await;
    let mut history = case.history();
    let lots = [("A", 5), ("B", 5)];
    for number in 1..=2 {
        history.mint(Job::of(&case, number, 0).lots(&lots)).await?;
    }
    let twins = [1, 2].map(|number| batch_id(&case, number));
    for step in 0..STEPS {
        for (batch, step) in twins.into_iter().zip([step, STEPS - 1 - step]) {
            happen(&mut history, batch, step).await?;
        }
    }
    let [one, other] = twins;
    let exceptions: [UnitExceptions; 2] = [
        (*case.exceptions(case.brand, one).await?).clone(),
        (*case.exceptions(case.brand, other).await?).clone(),
    ];
    let [first, second] = exceptions.each_ref().map(indexes);
    case.same("what happened to units in the other order", &second, &first)?;
    let [first, second] = [
        case.record(case.brand, one).await?.units,
        case.record(case.brand, other).await?.units,
    ];
    case.same("the counts of units in the other order", &second, &first)
}

const STEPS: u32 = 7;

/// One unit is activated and revoked, one activated and revoked with others, and one revoked
/// twice; a lot is activated around them.
async fn happen(history: &mut History<'_>, batch: MintBatchId, step: u32) -> Checked {
    match step {
        0 => history.activate(batch, &[0, 6]).await,
        1 => history.revoke(batch, &[0]).await,
        2 => history.activate(batch, &[1]).await,
        3 => history.activate_lot(batch, 0).await,
        4 => history.revoke(batch, &[2]).await,
        5 => history.revoke_together(batch, &[1, 2, 3]).await,
        _ => history.revoke_together(batch, &[6, 9]).await,
    }
}

fn indexes(exceptions: &UnitExceptions) -> [Vec<u32>; 3] {
    let UnitExceptions {
        activated,
        revoked,
        lots,
    } = exceptions;
    [activated, revoked, lots].map(|set| set.iter().collect())
}

/// U06: the exceptions within a range of units are those of the whole batch, as far as the range
/// goes, with all lots.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn u06_exceptions_within_a_range(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "U06").await;
    let mut history = case.history();
    let lots = [("A", 1_000), ("B", 9_000)];
    let many: Vec<u32> = (100..5_000).chain([9_990]).collect();
    history.mint(Job::of(&case, 1, 0).lots(&lots)).await?;
    let batch = batch_id(&case, 1);
    history
        .activate(batch, &[0, 99, 4_095, 4_096, 4_097, 9_999])
        .await?;
    history.revoke(batch, &[0, 8_191, 8_192]).await?;
    history.revoke_together(batch, &many).await?;
    history.activate_lot(batch, 1).await?;
    let whole = case.exceptions(case.brand, batch).await?;
    for range in RANGES {
        let within = case.within(case.brand, batch, range.clone()).await?;
        are_those_of(&case, "of a range", &within, &whole, &range)?;
        let prefix = batch.prefix();
        let found = case.with_units(case.brand, prefix, range.clone()).await?;
        let Some(found) = found else {
            return Err(case.violation("a batch with some of its units is not found"));
        };
        are_those_of(&case, "with its batch", &found.exceptions, &whole, &range)?;
        let found = found.record.batch.facts.mint_batch_id;
        case.same("the batch with some units", &found, &batch)?;
    }
    Ok(())
}

fn are_those_of(
    case: &ReadCase,
    which: &str,
    got: &UnitExceptions,
    whole: &UnitExceptions,
    range: &Range<u32>,
) -> Checked {
    let among = |set: &UnitSet| set.iter().filter(|unit| range.contains(unit)).collect();
    let (activated, revoked) = (among(&whole.activated), among(&whole.revoked));
    let got_activated = got.activated.within(range);
    let got_revoked = got.revoked.within(range);
    same_units(
        case,
        &format!("activated units {which}"),
        &got_activated,
        &activated,
    )?;
    same_units(
        case,
        &format!("revoked units {which}"),
        &got_revoked,
        &revoked,
    )?;
    let lots = whole.lots.iter().collect();
    same_units(case, &format!("activated lots {which}"), &got.lots, &lots)
}

const RANGES: [Range<u32>; 8] = [
    0..1,
    0..10_000,
    99..101,
    4_095..4_096,
    4_096..8_192,
    8_191..8_193,
    9_999..10_000,
    5..5,
];

/// U05: the counts of a record are those of its units with their exceptions, also after
/// voiding, and while units are still made.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn u05_counts_of_units(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "U05").await;
    let mut history = case.history();
    while_units_are_made(&case, &mut history).await?;
    while_lots_are_made(&case, &mut history).await?;
    born_active(&case, &mut history).await
}

async fn while_units_are_made(case: &ReadCase, history: &mut History<'_>) -> Checked {
    let batch = history.accept(Job::of(case, 1, 12)).await?;
    are_counted(case, history, batch).await?;
    history.reserve(batch, 60_000).await?;
    history.cycle(batch, 5, Some(60_000)).await?;
    are_counted(case, history, batch).await?;
    history.activate(batch, &[0, 1, 2]).await?;
    are_counted(case, history, batch).await?;
    history.revoke(batch, &[1, 4]).await?;
    are_counted(case, history, batch).await?;
    history.revoke_together(batch, &[1, 2, 3]).await?;
    are_counted(case, history, batch).await?;
    history.cycle(batch, 5, Some(60_000)).await?;
    are_counted(case, history, batch).await?;
    history.activate(batch, &[4, 9]).await?;
    are_counted(case, history, batch).await?;
    history.cancel(batch).await?;
    are_counted(case, history, batch).await?;
    history.set_status(batch, BatchStatus::Exported).await?;
    are_counted(case, history, batch).await?;
    history.set_status(batch, BatchStatus::Voided).await?;
    are_counted(case, history, batch).await?;
    // Somebody scanned a code while the batch was voided.
    history.activate(batch, &[8]).await?;
    are_counted(case, history, batch).await?;
    history.revoke(batch, &[9]).await?;
    are_counted(case, history, batch).await
}

/// A lot's code is printed before all of its units are there.
async fn while_lots_are_made(case: &ReadCase, history: &mut History<'_>) -> Checked {
    let job = Job::of(case, 2, 0).lots(&[("A", 4), ("B", 3), ("C", 5)]);
    let batch = history.accept(job).await?;
    history.reserve(batch, 60_000).await?;
    history.cycle(batch, 2, Some(60_000)).await?;
    history.activate_lot(batch, 0).await?;
    are_counted(case, history, batch).await?;
    history.activate_lot(batch, 2).await?;
    are_counted(case, history, batch).await?;
    history.revoke(batch, &[1]).await?;
    are_counted(case, history, batch).await?;
    history.cycle(batch, 4, Some(60_000)).await?;
    are_counted(case, history, batch).await?;
    history.activate(batch, &[0, 5]).await?;
    are_counted(case, history, batch).await?;
    history.cycle(batch, 6, None).await?;
    are_counted(case, history, batch).await?;
    history.revoke_together(batch, &[0, 6, 7, 11]).await?;
    are_counted(case, history, batch).await?;
    history.activate_lot(batch, 1).await?;
    are_counted(case, history, batch).await
}

async fn born_active(case: &ReadCase, history: &mut History<'_>) -> Checked {
    let batch = history.accept(Job::of(case, 3, 6).born_active()).await?;
    history.reserve(batch, 60_000).await?;
    history.cycle(batch, 2, Some(60_000)).await?;
    are_counted(case, history, batch).await?;
    history.revoke(batch, &[0]).await?;
    are_counted(case, history, batch).await?;
    history.activate(batch, &[0, 1]).await?;
    are_counted(case, history, batch).await?;
    history.cycle(batch, 4, None).await?;
    history.revoke_together(batch, &[0, 5]).await?;
    are_counted(case, history, batch).await?;
    history.set_status(batch, BatchStatus::Voided).await?;
    are_counted(case, history, batch).await
}

async fn are_counted(case: &ReadCase, history: &History<'_>, batch: MintBatchId) -> Checked {
    let got = case.record(case.brand, batch).await?.units;
    let due = history.told(batch)?.counts();
    let what = format!(
        "the counts of a record after event {}",
        history.events.len()
    );
    case.same(&what, &got, &due)
}
