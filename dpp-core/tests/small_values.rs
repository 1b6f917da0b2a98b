//! Rows of texts, times, ids, reasons, actors, and who may do what.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use std::fmt::{Debug, Display};
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use dpp_core::identity::MintBatchId;
use dpp_core::{
    AccessError, Actor, BrandId, Caller, IdError, MAX_REASON, Reason, ReasonError, Role, TextRows,
    Timestamp, UserId, WorkerName,
};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

proptest! {
    #[test]
    fn rows_are_a_list_of_texts(
        texts in prop::collection::vec(".{0,5}", 0..20),
        start in 0..25_usize,
        length in 0..25_usize,
    ) {
        let rows: TextRows = texts.iter().map(String::as_str).collect();
        prop_assert_eq!(rows.len(), texts.len());
        prop_assert_eq!(rows.is_empty(), texts.is_empty());
        prop_assert!(rows.iter().eq(texts.iter().map(String::as_str)));
        for index in 0..25 {
            prop_assert_eq!(rows.get(index), texts.get(index).map(String::as_str));
        }
        let end = (start + length).min(texts.len());
        let slice = texts.get(start..end).unwrap_or_default();
        prop_assert!(rows.slice(start..start + length).iter().eq(slice.iter().map(String::as_str)));
        let json = serde_json::to_string(&rows).unwrap();
        prop_assert_eq!(&json, &serde_json::to_string(&texts).unwrap());
        prop_assert_eq!(serde_json::from_str::<TextRows>(&json).unwrap(), rows);
    }

    #[test]
    fn rows_are_equal_only_if_each_is(
        texts in prop::collection::vec("[ab]{0,2}", 0..4),
        others in prop::collection::vec("[ab]{0,2}", 0..4),
    ) {
        let rows = |texts: &[String]| texts.iter().map(String::as_str).collect::<TextRows>();
        prop_assert_eq!(rows(&texts) == rows(&others), texts == others);
    }

    #[test]
    fn a_time_is_read_back_as_it_was_written(millis in any::<i64>()) {
        let at = Timestamp::from_unix_millis(millis);
        let text = at.to_string();
        prop_assert_eq!(text.len(), "2027-02-18T09:30:00.000Z".len());
        prop_assert_eq!(text.parse(), Ok(at));
        let json = serde_json::to_string(&at).unwrap();
        prop_assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), at);
    }

    #[test]
    fn a_reason_is_what_is_said_without_the_space_around_it(text in ".{0,600}") {
        let (said, length) = (text.trim(), text.trim().chars().count());
        match Reason::parse(&text) {
            Ok(reason) => {
                prop_assert!((1..=MAX_REASON).contains(&length));
                prop_assert_eq!(reason.as_str(), said);
                let json = serde_json::to_string(&reason).unwrap();
                prop_assert_eq!(&json, &serde_json::to_string(said).unwrap());
                prop_assert_eq!(serde_json::from_str::<Reason>(&json).unwrap(), reason);
            }
            Err(ReasonError::Empty) => prop_assert_eq!(length, 0),
            Err(ReasonError::TooLong { length: told }) => {
                prop_assert!(length > MAX_REASON);
                prop_assert_eq!(told, length);
            }
        }
    }

    #[test]
    fn times_are_ordered_as_their_texts_are(one in any::<i64>(), other in any::<i64>()) {
        let [one, other] = [one, other].map(Timestamp::from_unix_millis);
        prop_assert_eq!(one.cmp(&other), one.to_string().cmp(&other.to_string()));
    }
}

#[test]
fn rows_that_are_no_texts_are_refused() {
    for json in ["[1]", "[null]", "\"a\"", "{}"] {
        assert!(serde_json::from_str::<TextRows>(json).is_err(), "{json}");
    }
}

#[test]
fn times_end_at_the_years_that_can_be_written() {
    let first = Timestamp::from_unix_millis(i64::MIN);
    let last = Timestamp::from_unix_millis(i64::MAX);
    assert_eq!(first.to_string(), "0000-01-01T00:00:00.000Z");
    assert_eq!(last.to_string(), "9999-12-31T23:59:59.999Z");
    assert_eq!(last.after(Duration::MAX), last);
    assert_eq!(first.since(last), Duration::ZERO);
    assert_eq!(first.after(last.since(first)), last);
}

#[test]
fn times_of_every_zone_are_read_as_utc_to_the_millisecond() {
    for (text, utc) in [
        ("2027-02-18T10:30:00+01:00", "2027-02-18T09:30:00.000Z"),
        ("2027-02-18t09:30:00.123999z", "2027-02-18T09:30:00.123Z"),
        ("1969-12-31T23:59:59.9996Z", "1969-12-31T23:59:59.999Z"),
    ] {
        assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), utc);
    }
    for text in [
        "",
        "2027-02-18",
        "2027-02-30T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "now",
    ] {
        let error = text.parse::<Timestamp>().unwrap_err();
        assert_eq!(error.input, text);
    }
}

#[test]
fn a_clocks_reading_before_1970_counts_as_1970() {
    let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
    assert_eq!(Timestamp::from(before).unix_millis(), 0);
    let after = SystemTime::UNIX_EPOCH + Duration::from_micros(1_500);
    assert_eq!(Timestamp::from(after).unix_millis(), 1);
}

fn only_the_hyphenated_form_is_read<T>(text: &str)
where
    T: FromStr<Err = IdError> + Display + Debug + PartialEq + Serialize + DeserializeOwned,
{
    let in_json = |text: &str| serde_json::from_value::<T>(text.into());
    let id: T = text.parse().unwrap();
    assert_eq!(text.to_uppercase().parse::<T>().unwrap(), id);
    assert_eq!(id.to_string(), text);
    assert_eq!(serde_json::to_value(&id).unwrap(), text);
    assert_eq!(in_json(&text.to_uppercase()).unwrap(), id);
    for other in [
        format!("urn:uuid:{text}"),
        format!("{{{text}}}"),
        text.replace('-', ""),
        format!(" {}", &text[1..]),
        format!("{text} "),
        text.replacen('-', "0", 1),
        text.replacen('0', "-", 1),
        text.replacen('0', "g", 1),
        String::new(),
    ] {
        let error = other.parse::<T>().unwrap_err();
        assert_eq!(error.input, other);
        let in_json = in_json(&other).unwrap_err().to_string();
        assert!(in_json.contains(error.kind), "{in_json}");
    }
}

#[test]
fn ids_are_read_in_the_hyphenated_form_of_either_case_and_in_no_other() {
    only_the_hyphenated_form_is_read::<BrandId>("b0000000-0000-4000-8000-0000000000ab");
    only_the_hyphenated_form_is_read::<MintBatchId>("01a3ae2d-2400-7707-8707-070707070706");
}

fn brand(last: u8) -> BrandId {
    format!("b0000000-0000-4000-8000-0000000000{last:02}")
        .parse()
        .unwrap()
}

fn user() -> UserId {
    "c0000000-0000-4000-8000-000000000001".parse().unwrap()
}

#[test]
fn members_read_and_only_owners_and_admins_write() {
    for (role, writes) in [
        (Role::Member, false),
        (Role::Admin, true),
        (Role::Owner, true),
    ] {
        let caller = Caller::user(user()).with_role(brand(1), role);
        let scope = caller.to_read(brand(1)).unwrap();
        assert_eq!(
            (scope.brand(), scope.actor()),
            (brand(1), &Actor::User(user()))
        );
        assert_eq!(caller.to_write(brand(1)).is_ok(), writes);
    }
}

#[test]
fn a_role_counts_only_for_its_own_brand() {
    let caller = Caller::user(user())
        .with_role(brand(1), Role::Owner)
        .with_role(brand(2), Role::Member);
    let forbidden = |brand| AccessError::Forbidden { brand };
    assert!(caller.to_write(brand(1)).is_ok());
    assert!(caller.to_read(brand(2)).is_ok());
    assert_eq!(caller.to_write(brand(2)).unwrap_err(), forbidden(brand(2)));
    assert_eq!(caller.to_read(brand(3)).unwrap_err(), forbidden(brand(3)));
}

#[test]
fn nobody_may_do_nothing_whatever_roles_are_given() {
    let nobody = Caller::anonymous().with_role(brand(1), Role::Owner);
    assert_eq!(
        nobody.to_read(brand(1)).unwrap_err(),
        AccessError::NotAuthenticated
    );
    assert_eq!(
        nobody.to_write(brand(1)).unwrap_err(),
        AccessError::NotAuthenticated
    );
}

#[test]
fn a_reason_has_1_to_500_characters_however_many_bytes() {
    for text in ["", " ", "\t\n\u{a0}"] {
        assert_eq!(Reason::parse(text), Err(ReasonError::Empty), "{text:?}");
    }
    let longest = "ü".repeat(MAX_REASON);
    assert_eq!(Reason::parse(&longest).unwrap().as_str(), longest);
    let padded = format!(" {longest}\n");
    assert_eq!(Reason::parse(&padded).unwrap().as_str(), longest);
    let length = MAX_REASON + 1;
    let refused = Err(ReasonError::TooLong { length });
    assert_eq!(Reason::parse(&"ü".repeat(length)), refused);
    for json in ["\"\"", "\"  \"", "null", "7"] {
        assert!(serde_json::from_str::<Reason>(json).is_err(), "{json}");
    }
}

#[test]
fn an_actor_is_read_back_as_it_was_written() {
    let worker = Actor::Worker(WorkerName::parse("w:1").unwrap());
    for (actor, text) in [
        (Actor::Scan, "scan".to_owned()),
        (Actor::User(user()), format!("user:{}", user())),
        (worker, "worker:w:1".to_owned()),
    ] {
        assert_eq!(actor.to_string(), text);
        assert_eq!(text.parse::<Actor>().unwrap(), actor);
    }
    for text in [
        "",
        "Scan",
        "scan:",
        "scan ",
        "user:scan",
        "worker:",
        "someone",
    ] {
        let error = text.parse::<Actor>().unwrap_err();
        assert!(error.to_string().contains(&error.input), "{text}");
    }
}

#[test]
fn a_scan_may_activate_for_every_brand_and_nothing_else() {
    let scan = Caller::scan();
    let scope = scan.to_activate(brand(1)).unwrap();
    assert_eq!((scope.brand(), scope.actor()), (brand(1), &Actor::Scan));
    for caller in [scan.clone(), scan.with_role(brand(1), Role::Owner)] {
        let refused = AccessError::NotAuthenticated;
        assert_eq!(caller.to_read(brand(1)).unwrap_err(), refused);
        assert_eq!(caller.to_write(brand(1)).unwrap_err(), refused);
    }
}

#[test]
fn of_a_brands_members_only_owners_and_admins_activate() {
    for (role, activates) in [
        (Role::Member, false),
        (Role::Admin, true),
        (Role::Owner, true),
    ] {
        let caller = Caller::user(user()).with_role(brand(1), role);
        assert_eq!(caller.to_activate(brand(1)).is_ok(), activates);
        assert!(caller.to_activate(brand(2)).is_err());
    }
    let refused = Caller::anonymous().to_activate(brand(1)).unwrap_err();
    assert_eq!(refused, AccessError::NotAuthenticated);
}
