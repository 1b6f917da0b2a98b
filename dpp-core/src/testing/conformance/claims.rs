//! C07 to C11: claims, and the ids of commits.

use super::case::{Case, events, outcome, value, version};
use super::{Fixture, Violation};
use crate::store::log::{ClaimGroup, ClaimSpace, ClaimValue, CommitBuilder, CommitError, Conflict};
use crate::store::log::{EventType, Expected, TakenClaim};
use crate::{CommitId, TextRows};

const KEYS: ClaimSpace = ClaimSpace::IDEMPOTENCY_KEYS;

/// C07: claims are taken with the commit and can be looked up, many at once, in the order of
/// the question.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn c07_claims_can_be_looked_up(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "C07").await;
    let [p, q] = [case.product(1), case.product(2)].map(ClaimSpace::serials_of);
    let owner = *case.product(3).as_uuid();
    let longest = "\u{20ac}".repeat(85);
    // Bytes alone tell keys apart: case, blanks and ways to write an accent do not fold.
    let odd = [
        "key",
        "Key",
        "key ",
        "\u{e9}",
        "e\u{301}",
        "a/b'\"\\%_",
        &longest,
    ];
    let values: [&[u8]; 7] = [b"", b"\0", b"\0\0", &[0xff; 32], &[0; 32], b"v", b"w"];
    let mut draft = case
        .draft()
        .write(case.stream(1), Expected::NoStream, events(0..1));
    for (key, bytes) in odd.into_iter().zip(values) {
        draft = draft.claim(ClaimGroup::one(KEYS, key, value(bytes)));
    }
    let serials: TextRows = ["S-2", "S-1", "S-3"].into_iter().collect();
    draft = draft
        .claim(ClaimGroup::numbered(p, serials, owner))
        .claim(ClaimGroup::one(q, "S-1", value(b"other product")))
        .claim(ClaimGroup::one(
            ClaimSpace::BATCH_PREFIXES,
            "key",
            value(b"prefix"),
        ));
    case.make(draft).await?;

    let mut asked: Vec<_> = odd
        .into_iter()
        .zip(values.map(|bytes| Some(value(bytes))))
        .collect();
    asked.reverse();
    asked.extend([
        ("free", None),
        ("KEY", None),
        ("S-1", None),
        ("key", Some(value(b""))),
    ]);
    expect(&case, KEYS, &asked).await?;

    let numbered = |number: u8| {
        let bytes = owner.into_bytes().into_iter().chain([0, 0, 0, number]);
        Some(value(&bytes.collect::<Vec<_>>()))
    };
    let asked = [
        ("S-9", None),
        ("S-3", numbered(2)),
        ("S-1", numbered(1)),
        ("S-2", numbered(0)),
    ];
    expect(&case, p, &asked).await?;
    expect(
        &case,
        q,
        &[("S-2", None), ("S-1", Some(value(b"other product")))],
    )
    .await?;
    expect(
        &case,
        ClaimSpace::BATCH_PREFIXES,
        &[("key", Some(value(b"prefix")))],
    )
    .await?;
    expect(&case, KEYS, &[]).await
}

async fn expect(
    case: &Case<'_>,
    space: ClaimSpace,
    asked: &[(&str, Option<ClaimValue>)],
) -> Result<(), Violation> {
    let (keys, due): (Vec<_>, Vec<_>) = asked.iter().copied().unzip();
    let got = case.claimed(case.brand, space, &keys).await?;
    case.same(&format!("what holds {keys:?}"), &got, &due)
}

/// C08: a commit that would take a key that is taken fails, names every such key with its
/// value and only those, and leaves nothing behind. A version conflict is told first.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn c08_taken_claims_are_named(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "C08").await;
    let [a, b] = [case.stream(1), case.stream(2)];
    let serials = ClaimSpace::serials_of(case.product(1));
    let first = case
        .draft()
        .write(a, Expected::NoStream, events(0..2))
        .claim(ClaimGroup::one(KEYS, "k", value(b"kv")))
        .claim(ClaimGroup::one(serials, "s1", value(b"1")))
        .claim(ClaimGroup::one(serials, "s2", value(b"2")));
    let first = case.make(first).await?;

    let taken = |space, key: &str, bytes: &[u8]| TakenClaim {
        space,
        key: key.to_owned(),
        value: value(bytes),
    };
    let rows: TextRows = ["s0", "s2", "s3", "s1"].into_iter().collect();
    let claims = |draft: CommitBuilder| {
        let serials = ClaimGroup::numbered(serials, rows.clone(), uuid::Uuid::nil());
        let draft = draft.claim(ClaimGroup::one(KEYS, "free", value(b"n")));
        draft
            .claim(serials)
            .claim(ClaimGroup::one(KEYS, "k", value(b"kv")))
    };
    let second = case.draft().write(b, Expected::NoStream, events(0..1));
    let due = [
        taken(serials, "s2", b"2"),
        taken(serials, "s1", b"1"),
        taken(KEYS, "k", b"kv"),
    ];
    case.is_taken(&case.build(claims(second))?, &due).await?;

    let stale = Expected::Exactly(version(1));
    let both = case.draft().write(a, stale, events(2..3));
    let conflict = Conflict {
        stream: a,
        expected: stale,
        actual: Some(version(2)),
    };
    case.conflicts(&case.build(claims(both))?, conflict).await?;

    case.is_empty(b).await?;
    case.holds(case.brand, &[&first]).await?;
    expect(&case, KEYS, &[("free", None), ("k", Some(value(b"kv")))]).await?;
    let kept = [
        ("s0", None),
        ("s1", Some(value(b"1"))),
        ("s2", Some(value(b"2"))),
        ("s3", None),
    ];
    expect(&case, serials, &kept).await
}

/// C09: repeating a commit (same id, same fingerprint) gives the first receipt and appends
/// nothing, also after the streams have moved on.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn c09_repeating_gives_the_first_receipt(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "C09").await;
    let [a, b] = [case.stream(1), case.stream(2)];
    let id = case.commit_id();
    let draft = || {
        case.draft_as(case.brand, id)
            .write(b, Expected::NoStream, events(0..2))
            .write(a, Expected::NoStream, events(2..4))
            .claim(ClaimGroup::one(KEYS, "k", value(b"v")))
    };
    let first = case.build(draft())?;
    let receipt = case.made(&first).await?;
    let again = case.made(&case.build(draft())?).await?;
    case.same("the receipt of a repeated commit", &again, &receipt)?;

    let on = case
        .draft()
        .write(a, Expected::Exactly(version(2)), events(4..5))
        .write(b, Expected::Exactly(version(2)), events(5..7));
    let on = case.make(on).await?;
    for _ in 0..2 {
        let again = case.made(&first).await?;
        case.same("the receipt of a repeated commit", &again, &receipt)?;
    }
    case.holds(case.brand, &[&first, &on]).await
}

/// C10: a commit id that was used with other content is refused.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn c10_a_used_id_is_refused(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "C10").await;
    let [a, b] = [case.stream(1), case.stream(2)];
    let id = case.commit_id();
    let draft = || case.draft_as(case.brand, id);
    let body = |name, schema, body: &[u8]| [(EventType::new(name), schema, body.to_vec())];
    let used = case.make(draft().write(a, Expected::NoStream, body("kit_event", 1, b"1")));
    let used = used.await?;

    let none = Expected::NoStream;
    let others = [
        draft().write(a, none, body("kit_event", 1, b"2")),
        draft().write(a, none, body("kit_event", 2, b"1")),
        draft().write(a, none, body("kit_other", 1, b"1")),
        draft().write(b, none, body("kit_event", 1, b"1")),
        draft().write(a, Expected::Exactly(version(1)), body("kit_event", 1, b"1")),
        draft().write(a, none, events(1..3)),
        draft()
            .write(a, none, body("kit_event", 1, b"1"))
            .check(b, none),
        draft()
            .write(a, none, body("kit_event", 1, b"1"))
            .claim(ClaimGroup::one(KEYS, "k", value(b"v"))),
    ];
    for other in others {
        refused(&case, id, other).await?;
    }
    case.is_empty(b).await?;
    expect(&case, KEYS, &[("k", None)]).await?;
    case.holds(case.brand, &[&used]).await
}

async fn refused(case: &Case<'_>, id: CommitId, other: CommitBuilder) -> Result<(), Violation> {
    match case.store.commit(&case.build(other)?).await {
        Err(CommitError::CommitIdReused { id: named }) => case.same("the id", &named, &id),
        other => Err(case.violation(format!("a used id gave {}", outcome(&other)))),
    }
}

/// C11: a commit that failed is not remembered: its id may be used again.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn c11_failures_are_not_remembered(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "C11").await;
    let [a, b, c] = [case.stream(1), case.stream(2), case.stream(3)];
    let early = Expected::Exactly(version(2));
    let repeated = case.build(case.draft().write(a, early, events(2..4)))?;
    let conflict = Conflict {
        stream: a,
        expected: early,
        actual: None,
    };
    case.conflicts(&repeated, conflict).await?;
    let key = || ClaimGroup::one(KEYS, "k", value(b"v"));
    let first = case
        .draft()
        .write(a, Expected::NoStream, events(0..2))
        .claim(key());
    let first = case.make(first).await?;
    case.made(&repeated).await?;

    let id = case.commit_id();
    let draft = || case.draft_as(case.brand, id);
    let failing = draft()
        .write(b, Expected::NoStream, events(0..1))
        .claim(key());
    let taken = TakenClaim {
        space: KEYS,
        key: "k".to_owned(),
        value: value(b"v"),
    };
    case.is_taken(&case.build(failing)?, &[taken]).await?;
    let other = case.make(draft().write(c, Expected::NoStream, events(7..9)));
    let other = other.await?;
    case.is_empty(b).await?;
    case.holds(case.brand, &[&first, &repeated, &other]).await
}
