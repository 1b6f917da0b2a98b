//! C13 to C15: what is large, and what is odd.

use super::case::{Case, events, version};
use super::{Fixture, Violation};
use crate::store::log::{Actor, ClaimGroup, ClaimSpace, Commit, EventType};
use crate::store::log::{Expected, WorkerName};
use crate::{CorrelationId, EventId, TextRows, Timestamp};

/// C13: commits of 20,000 events work.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn c13_twenty_thousand_events(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "C13").await;
    let one = case
        .draft()
        .write(case.stream(0), Expected::NoStream, events(0..20_000));
    let one = case.make(one).await?;
    let many = (1..=200).fold(case.draft(), |draft, number| {
        let stream = case.stream(number);
        draft.write(stream, Expected::NoStream, events(0..100))
    });
    let many = case.make(many).await?;
    case.holds(case.brand, &[&one, &many]).await
}

/// C14: commits of 65,536 claims, and look-ups of as many, work.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn c14_sixty_five_thousand_claims(fixture: &Fixture) -> Result<(), Violation> {
    const CLAIMS: u32 = 65_536;
    let case = Case::open(fixture, "C14").await;
    let space = ClaimSpace::serials_of(case.product(1));
    let owner = *case.product(2).as_uuid();
    let mut keys = TextRows::default();
    (0..CLAIMS).for_each(|number| keys.push(&format!("S-{number:05}")));
    let group = ClaimGroup::numbered(space, keys.clone(), owner);
    let draft = case.draft().claim(group.clone());
    let draft = draft.write(case.stream(1), Expected::NoStream, events(0..1));
    case.make(draft).await?;

    let got = case.store.claimed(case.brand, space, &keys).await;
    let got = got.map_err(|error| case.violation(format!("looking up claims failed: {error}")))?;
    case.same("the number of values", &got.len(), &keys.len())?;
    let wrong = group
        .iter()
        .zip(got)
        .find(|(due, got)| *got != Some(due.value));
    case.same(
        "the first wrong value",
        &wrong.map(|(due, _)| due.key),
        &None,
    )
}

/// C15: what was written is read back byte for byte: types, schema versions, payloads up to
/// 1 MiB, and every field of the metadata.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn c15_byte_for_byte(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "C15").await;
    let stream = case.stream(1);
    let long_type = "kit_".to_owned() + &"x".repeat(60);
    let payloads = payloads();
    let bodies = payloads
        .into_iter()
        .zip([1, 2, u16::MAX].into_iter().cycle());
    let typed = |(payload, schema): (Vec<u8>, u16)| {
        (EventType::from_stored(long_type.clone()), schema, payload)
    };
    let year_0 = Timestamp::from_unix_millis(i64::MIN);
    let first = case.draft_at(case.brand, case.commit_id(), year_0);
    let first = first.write(stream, Expected::NoStream, bodies.map(typed));
    let first = case.make(first).await?;

    let mut commits = vec![first];
    let written = commits.iter().flat_map(Commit::writes);
    let written: u64 = written.map(|write| write.events.len() as u64).sum();
    for (number, (at, actor)) in (0..).zip(contexts(&case)) {
        let at = Timestamp::from_unix_millis(at);
        let correlation = CorrelationId::from_uuid(*case.product(number).as_uuid());
        let mut draft = Commit::builder(case.brand, case.commit_id(), at, actor, correlation);
        if number % 2 == 0 {
            draft = draft.caused_by(EventId::from_uuid(*case.product(number + 9).as_uuid()));
        }
        let expected = Expected::Exactly(version(written + number));
        commits.push(
            case.make(draft.write(stream, expected, events(0..1)))
                .await?,
        );
    }
    let commits: Vec<_> = commits.iter().collect();
    case.holds(case.brand, &commits).await
}

/// Times on both sides of 1970 and to the millisecond, and every form of an actor.
fn contexts(case: &Case<'_>) -> Vec<(i64, Actor)> {
    let user = || Actor::User(crate::UserId::from_uuid(*case.product(99).as_uuid()));
    let visible: String = ('!'..='~').collect();
    let (name, rest) = visible.split_at(64);
    let names = [name, rest, "w"].into_iter().map(WorkerName::parse);
    let workers = names.flatten().map(Actor::Worker);
    let times = [-1, 0, 1, 1_800_000_000_001, 253_402_300_799_999];
    let actors = [user()].into_iter().chain(workers).chain([user()]);
    times.into_iter().zip(actors).collect()
}

/// JSON that a store must not tidy up, and 1 MiB of it with every byte that JSON can have.
fn payloads() -> Vec<Vec<u8>> {
    let odd: [&str; 9] = [
        "{}",
        " {\n\t\"b\" : 1.0 ,\r\n \"a\":[ ] } ",
        r#"{"twice":1,"twice":2}"#,
        r#""\u0000\u0041\/\ud83d\ude00\b""#,
        "\"\u{7f}\u{e9}e\u{301}\u{20ac}\u{1f600}\u{10ffff}\u{2028}\u{feff}\"",
        "-0.0",
        "1e400",
        "123456789012345678901234567890.10",
        "null",
    ];
    let mut payloads = odd.map(|text| text.as_bytes().to_vec()).to_vec();
    payloads.push(megabyte());
    payloads
}

fn megabyte() -> Vec<u8> {
    const SIZE: usize = 1 << 20;
    // A step that is prime to the number of characters comes by all kinds of them.
    let numbers = (0..0x0011_0000_u32).map(|number| number.wrapping_mul(0x1_1117) % 0x0011_0000);
    let chars = ('\u{20}'..='\u{7ff}').chain(numbers.filter_map(char::from_u32));
    let mut text = String::with_capacity(SIZE);
    text.push_str("\t\n\r \"");
    for char in chars {
        if text.len() + 8 > SIZE {
            break;
        }
        match char {
            '"' | '\\' => text.extend(['\\', char]),
            char if char < ' ' => (),
            char => text.push(char),
        }
    }
    text.push('"');
    let mut bytes = text.into_bytes();
    bytes.resize(SIZE, b' ');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_megabyte_is_json_with_every_byte_that_json_can_have() {
        let payload = megabyte();
        assert_eq!(payload.len(), 1 << 20);
        assert!(serde_json::from_slice::<String>(&payload).is_ok());
        let due = [b'\t', b'\n', b'\r'].into_iter().chain(b' '..=0xbf);
        let missing: Vec<_> = due
            .chain(0xc2..=0xf4)
            .filter(|byte| !payload.contains(byte))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
