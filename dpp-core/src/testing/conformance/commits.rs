//! C01 to C06, C12: versions, expectations, and what a receipt tells.

use super::case::{Case, events, value, version};
use super::{Fixture, Violation};
use crate::store::log::WrittenStream;
use crate::store::log::{ClaimGroup, ClaimSpace, Conflict, EventType, Expected};

/// C01: a commit appends its events in the given order; the versions of a stream begin at 1
/// and have no gap.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn c01_versions_without_gap(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "C01").await;
    let [a, b] = [case.stream(1), case.stream(2)];
    // Neither by type nor by body would these come in the same order.
    let mixed = [
        ("kit_c", "3"),
        ("kit_a", "1"),
        ("kit_b", "2"),
        ("kit_a", "0"),
    ];
    let mixed = mixed.map(|(name, body)| (EventType::new(name), 1, body.as_bytes().to_vec()));
    let first = case
        .make(case.draft().write(a, Expected::NoStream, mixed))
        .await?;
    case.holds(case.brand, &[&first]).await?;
    let second = case
        .draft()
        .write(b, Expected::NoStream, events(0..2))
        .write(a, Expected::Exactly(version(4)), events(2..5));
    let second = case.make(second).await?;
    let third = case
        .draft()
        .write(a, Expected::Exactly(version(7)), events(5..6));
    let third = case.make(third).await?;
    case.holds(case.brand, &[&first, &second, &third]).await
}

/// C02: a write that expects `NoStream` fails on a stream that has events, and the conflict
/// names the stream, what was expected, and what is there.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn c02_no_stream_means_none(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "C02").await;
    let [a, b] = [case.stream(1), case.stream(2)];
    let one = case.make(case.draft().write(a, Expected::NoStream, events(0..1)));
    let one = one.await?;
    let many = case.make(case.draft().write(b, Expected::NoStream, events(0..5)));
    let many = many.await?;
    for (stream, last) in [(a, 1), (b, 5)] {
        let again = case
            .draft()
            .write(stream, Expected::NoStream, events(9..10));
        let conflict = Conflict {
            stream,
            expected: Expected::NoStream,
            actual: Some(version(last)),
        };
        case.conflicts(&case.build(again)?, conflict).await?;
    }
    case.holds(case.brand, &[&one, &many]).await
}

/// C03: a write that expects `Exactly(v)` fails unless the stream ends with v, and tells the
/// same.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn c03_exactly_means_exactly(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "C03").await;
    let [a, absent] = [case.stream(1), case.stream(2)];
    let first = case.make(case.draft().write(a, Expected::NoStream, events(0..3)));
    let first = first.await?;
    let wrong = [
        (a, 1, Some(3)),
        (a, 2, Some(3)),
        (a, 4, Some(3)),
        (a, 1_000, Some(3)),
    ];
    for (stream, expected, actual) in wrong.into_iter().chain([(absent, 1, None)]) {
        let expected = Expected::Exactly(version(expected));
        let commit = case.draft().write(stream, expected, events(9..10));
        let conflict = Conflict {
            stream,
            expected,
            actual: actual.map(version),
        };
        case.conflicts(&case.build(commit)?, conflict).await?;
    }
    let right = case
        .draft()
        .write(a, Expected::Exactly(version(3)), events(3..4));
    let right = case.make(right).await?;
    case.is_empty(absent).await?;
    case.holds(case.brand, &[&first, &right]).await
}

/// C04: a write that expects `Any` does not fail for the stream's version.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn c04_any_never_conflicts(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "C04").await;
    let a = case.stream(1);
    let mut commits = Vec::new();
    for number in 0..4 {
        let commit = case
            .draft()
            .write(a, Expected::Any, events(number..number + 2));
        commits.push(case.make(commit).await?);
    }
    let commits: Vec<_> = commits.iter().collect();
    case.holds(case.brand, &commits).await
}

/// C05: all or nothing: if one stream of a commit conflicts, no stream is written and no claim
/// is taken.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn c05_all_or_nothing(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "C05").await;
    let [a, b, c] = [case.stream(1), case.stream(2), case.stream(3)];
    let space = ClaimSpace::IDEMPOTENCY_KEYS;
    let first = case.make(case.draft().write(a, Expected::NoStream, events(0..2)));
    let first = first.await?;

    let stale = Expected::Exactly(version(1));
    let conflict = Conflict {
        stream: a,
        expected: stale,
        actual: Some(version(2)),
    };
    let all = [(a, stale), (b, Expected::NoStream), (c, Expected::NoStream)];
    for before in 0..3 {
        // The stream that conflicts comes first, in the middle, and last.
        let mut order = all.to_vec();
        order.rotate_right(before);
        let key = ClaimGroup::one(space, "key", value(b"v"));
        let draft = case.draft().claim(key);
        let draft = order.into_iter().fold(draft, |draft, (stream, expected)| {
            draft.write(stream, expected, events(5..7))
        });
        case.conflicts(&case.build(draft)?, conflict).await?;
        case.is_empty(b).await?;
        case.is_empty(c).await?;
        case.holds(case.brand, &[&first]).await?;
        let key = case.claimed(case.brand, space, &["key"]).await?;
        case.same("the key of a commit that conflicted", &key, &vec![None])?;
    }

    let good = case
        .draft()
        .write(b, Expected::NoStream, events(5..7))
        .write(a, Expected::Exactly(version(2)), events(7..8))
        .claim(ClaimGroup::one(space, "key", value(b"v")));
    let good = case.make(good).await?;
    case.holds(case.brand, &[&first, &good]).await?;
    let key = case.claimed(case.brand, space, &["key"]).await?;
    case.same("the key of a good commit", &key, &vec![Some(value(b"v"))])
}

/// C06: a stream that a commit only checks must be where it is expected, and is not written.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn c06_checked_but_not_written(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "C06").await;
    let [a, b, absent] = [case.stream(1), case.stream(2), case.stream(3)];
    let space = ClaimSpace::IDEMPOTENCY_KEYS;
    let first = case.make(case.draft().write(a, Expected::NoStream, events(0..2)));
    let first = first.await?;

    let exactly = |number| Expected::Exactly(version(number));
    let wrong = [
        (a, exactly(1), Some(2)),
        (a, exactly(3), Some(2)),
        (a, Expected::NoStream, Some(2)),
        (absent, exactly(1), None),
    ];
    for (stream, expected, actual) in wrong {
        let commit = case
            .draft()
            .write(b, Expected::NoStream, events(0..1))
            .check(stream, expected)
            .claim(ClaimGroup::one(space, "key", value(b"v")));
        let conflict = Conflict {
            stream,
            expected,
            actual: actual.map(version),
        };
        case.conflicts(&case.build(commit)?, conflict).await?;
        case.is_empty(b).await?;
        let key = case.claimed(case.brand, space, &["key"]).await?;
        case.same("the key of a commit that conflicted", &key, &vec![None])?;
    }
    let right = case
        .draft()
        .write(b, Expected::NoStream, events(0..1))
        .check(a, exactly(2))
        .check(absent, Expected::NoStream);
    let right = case.make(right).await?;
    let any = case
        .draft()
        .write(b, exactly(1), events(1..2))
        .check(a, Expected::Any)
        .check(absent, Expected::Any);
    let any = case.make(any).await?;
    case.is_empty(absent).await?;
    case.holds(case.brand, &[&first, &right, &any]).await
}

/// C12: the receipt tells the first and last version of each write, in the commit's order, and
/// the position of its last event.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn c12_receipts_tell_where(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "C12").await;
    let mut streams = [1, 2, 3, 4].map(|number| case.stream(number));
    streams.sort();
    for (stream, length) in streams.into_iter().zip(1..) {
        let commit = case
            .draft()
            .write(stream, Expected::NoStream, events(0..length));
        case.make(commit).await?;
    }
    // Neither the streams' order nor the order of their making.
    let [a, b, c, d] = streams;
    let writes = [(c, 3, 2), (a, 1, 1), (d, 4, 4), (b, 2, 3)];
    let draft = writes
        .into_iter()
        .fold(case.draft(), |draft, (stream, end, count)| {
            draft.write(stream, Expected::Exactly(version(end)), events(0..count))
        });
    let receipt = case.made(&case.build(draft)?).await?;
    let due = writes.map(|(stream, end, count)| WrittenStream {
        stream,
        first: version(end + 1),
        last: version(end + u64::from(count)),
    });
    case.same("where the writes went", &receipt.streams, &due.to_vec())?;
    let feed = case.feed_events(case.brand).await?;
    let last = feed.last().map(|event| event.position);
    case.same("the receipt's position", &Some(receipt.position), &last)
}
