//! S01 and S02: from serials to batches.

use super::case::{Pages, ReadCase};
use super::history::{History, Job, batch_id};
use super::{ReadFixture, Violation};
use crate::PageLimit;
use crate::gs1::Serial;
use crate::identity::MintBatchId;
use crate::identity::serial::SequentialFormat;
use crate::store::ProvidedSerial;
use crate::testing::kit::Checked;

/// S01: the directory of a product knows the batch of each serial that its pool handed out.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn s01_serials_know_their_batch(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "S01").await;
    let mut history = case.history();
    let wrong = |error| case.violation(format!("the kit's format: {error}"));
    let [short, long] = [("SN-", 4), ("LOT/", 6)];
    let short = SequentialFormat::new(short.0, short.1).map_err(wrong)?;
    let long = SequentialFormat::new(long.0, long.1).map_err(wrong)?;
    let of = |number, quantity| Job::of(&case, number, quantity);
    let other = case.product(1);
    let jobs = [
        of(1, 20),
        of(2, 3).sequential(short.clone()),
        of(3, 5).numeric(),
        of(4, 20),
        of(5, 7).sequential(short),
        of(6, 9).numeric(),
        of(7, 2).sequential(long),
        of(8, 20).product(other),
        of(9, 30).numeric().product(other),
    ];
    for job in jobs {
        // A serial belongs to its batch as soon as it is handed out, made or not.
        let batch = history.accept(job).await?;
        history.reserve(batch, 60_000).await?;
        serials_are_known(&case, &history).await?;
    }
    let begun = batch_id(&case, 5);
    history.cycle(begun, 4, Some(60_000)).await?;
    history.cancel(begun).await?;
    serials_are_known(&case, &history).await
}

async fn serials_are_known(case: &ReadCase, history: &History<'_>) -> Checked {
    for product in [0, 1].map(|number| case.product(number)) {
        let directory = case.directory(history.brand, product).await?;
        for told in history.batches.values() {
            let Some(identity) = told.identity() else {
                continue;
            };
            let own = told.facts().product_id == product;
            for unit in identity.units(0..u32::MAX) {
                let found = directory.as_ref().zip(unit.serial);
                let found = found.and_then(|(of, serial)| of.batch_of(&serial));
                let known = found == Some(told.id());
                case.require(known == own, told_wrong(unit.serial, found, told.id()))?;
            }
        }
    }
    Ok(())
}

fn told_wrong(serial: Option<Serial>, found: Option<MintBatchId>, of: MintBatchId) -> String {
    format!("the directory says that serial {serial:?} of batch {of} belongs to {found:?}")
}

/// S02: provided serials are found by prefix, byte for byte, in their order; all begin with the
/// empty text. Reading on from the last gives each once.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn s02_provided_serials_by_prefix(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "S02").await;
    let mut history = case.history();
    // What languages sort and what patterns mean must not matter.
    let first = [
        "b", "AB", "A_1", "a", "AB-2", "A%1", "B", "AB-10", "A*", "AB-1", "10", "9",
    ];
    let second = ["A-", "Ab", "AB-1", "aB", "A1", "!", "z9", "A/\"?\"", "A'1"];
    let products = [0, 1].map(|number| case.product(number));
    for (number, (texts, product)) in (1..).zip([&first[..], &second[..]].into_iter().zip(products))
    {
        history
            .accept(Job::of(&case, number, 1).product(product).provided(texts))
            .await?;
    }
    let prefixes = [
        "", "A", "AB", "AB-", "AB-1", "A_", "A%", "A'", "a", "aB", "z9", "C", "AB-100",
    ];
    for prefix in prefixes {
        let due = beginning_with(&history, prefix);
        for limit in [1, 2, 3, 10_000].map(PageLimit::new) {
            let mut pages = Pages::of(limit);
            while pages.go_on(&case)? {
                let last = pages.rows.last().copied();
                pages.add(case.provided(case.brand, prefix, last, limit).await?);
            }
            let what = format!("provided serials by `{prefix}` by pages of {}", limit.get());
            case.same_list(&what, &pages.rows, &due)?;
        }
    }
    reading_on_from_anywhere(&case, &history).await?;
    pages_while_added(&case, &mut history).await
}

fn beginning_with(history: &History<'_>, prefix: &str) -> Vec<ProvidedSerial> {
    let mut rows: Vec<_> = history.provided.iter().copied().collect();
    rows.retain(|row| row.serial.as_bytes().starts_with(prefix.as_bytes()));
    rows.sort_by_key(|row| (row.serial.to_string().into_bytes(), row.batch, row.index));
    rows
}

/// A place to read on from need not begin with the prefix.
async fn reading_on_from_anywhere(case: &ReadCase, history: &History<'_>) -> Checked {
    for after in &history.provided {
        for prefix in ["A", "AB-", "b"] {
            let mut due = beginning_with(history, prefix);
            due.retain(|row| row > after);
            let rows = case
                .provided(case.brand, prefix, Some(*after), PageLimit::MAX)
                .await?;
            let what = format!("provided serials by `{prefix}` after `{}`", after.serial);
            case.same_list(&what, &rows, &due)?;
        }
    }
    Ok(())
}

async fn pages_while_added(case: &ReadCase, history: &mut History<'_>) -> Checked {
    let before = beginning_with(history, "A");
    let mut pages = Pages::of(PageLimit::new(2));
    let mut numbers = 10..16_u32;
    while pages.go_on(case)? {
        if let Some(number) = numbers.next() {
            let [early, late] = [format!("A!{number}"), format!("AZ{number}")];
            let job = Job::of(case, number, 1).provided(&[late.as_str(), early.as_str()]);
            history.accept(job).await?;
        }
        let last = pages.rows.last().copied();
        pages.add(case.provided(case.brand, "A", last, pages.limit).await?);
    }
    let seen = pages.rows;
    let mut pairs = seen.iter().zip(seen.iter().skip(1));
    let ordered = pairs.all(|(one, next)| one < next);
    case.require(
        ordered,
        "provided serials lose their order while some are added",
    )?;
    let missing = before.iter().find(|row| !seen.contains(row));
    case.require(
        missing.is_none(),
        format!("{missing:?} is missing while some are added"),
    )
}
