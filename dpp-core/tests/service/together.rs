//! Revoking many units at once: how they are named, what is refused, and what is counted.

use std::sync::Arc;

use crate::made::{Made, first_scan, made, mint, reason, units_of};
use crate::submit::{events_in, own};
use crate::support::*;
use crate::work::{process, small};
use dpp_core::gs1::Serial;
use dpp_core::identity::serial::SerialScheme;
use dpp_core::mint::MintRequest;
use dpp_core::service::{RevokedUnits, UnitError, UnitSelection};
use dpp_core::unit::{UnitStatus, UnitsRejection};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use serde_json::json;

fn revoke(made: &Made, units: &UnitSelection) -> Result<RevokedUnits, UnitError> {
    let caller = owner(brand(1));
    let batch = made.batch;
    let revoked = made
        .service
        .revoke_units(&caller, brand(1), batch, units, reason(), noon());
    block_on(revoked)
}

fn counted(answer: Result<RevokedUnits, UnitError>) -> (u32, u32) {
    let answer = answer.unwrap();
    assert_eq!(answer.position.is_some(), answer.revoked > 0);
    (answer.named, answer.revoked)
}

fn revoked_ones(made: &Made) -> Vec<u32> {
    let statuses = (0..).zip(made.statuses());
    let revoked = statuses.filter(|(_, status)| *status == UnitStatus::Revoked);
    revoked.map(|(index, _)| index).collect()
}

/// Asserts that it is refused, that the message has this text, and that nothing was changed.
#[track_caller]
fn refused(made: &Made, units: &UnitSelection, text: &str) -> UnitError {
    let before = events_in(&made.store);
    let error = revoke(made, units).unwrap_err();
    assert!(error.to_string().contains(text), "{error}");
    assert_eq!(events_in(&made.store), before);
    assert!(revoked_ones(made).is_empty());
    error
}

fn unknown_serial() -> Serial {
    "N0-SUCH-0NE".parse().unwrap()
}

#[test]
fn units_can_be_named_by_range_list_id_serial_and_lot() {
    let by_serial = made(serials(1, 30));
    let row = |index: usize| by_serial.units[index].clone();
    let ways = [
        (UnitSelection::Range(3..5), vec![3, 4]),
        (UnitSelection::Indexes(vec![9, 7, 9]), vec![7, 9]),
        (
            UnitSelection::Ids(vec![row(12).mint_unit_id, row(11).mint_unit_id]),
            vec![11, 12],
        ),
        (
            UnitSelection::Serials(vec![row(29).serial.unwrap(), row(0).serial.unwrap()]),
            vec![0, 29],
        ),
    ];
    let mut all = Vec::new();
    for (units, indexes) in ways {
        assert_eq!(counted(revoke(&by_serial, &units)), (2, 2), "{units:?}");
        all.extend(indexes);
        all.sort_unstable();
        assert_eq!(revoked_ones(&by_serial), all, "{units:?}");
        assert_eq!(counted(revoke(&by_serial, &units)), (2, 0), "{units:?}");
    }
    let by_lot = made(lots(1, &[("A", 2), ("B/1", 3)]));
    let lot = UnitSelection::Lot("B/1".parse().unwrap());
    assert_eq!(counted(revoke(&by_lot, &lot)), (3, 3));
    assert_eq!(revoked_ones(&by_lot), [2, 3, 4]);
}

#[test]
fn serials_of_every_scheme_name_their_units() {
    let schemes = [
        json!({"scheme": "numeric38"}),
        json!({"scheme": "sequential", "prefix": "SN-", "digits": 6}),
        json!({"scheme": "randomised", "tag_length": 7}),
    ];
    let with_scheme = |scheme| MintRequest {
        serial_scheme: Some(serde_json::from_value::<SerialScheme>(scheme).unwrap()),
        ..serials(1, 30)
    };
    let brought = own(serials(1, 3), &["X-1", "X-2", "X-3"]);
    for request in schemes.map(with_scheme).into_iter().chain([brought]) {
        let made = made(request);
        let serial = made.units[2].serial.unwrap();
        let wrong = UnitSelection::Serials(vec![serial, unknown_serial()]);
        let error = refused(&made, &wrong, "`N0-SUCH-0NE`");
        assert!(matches!(error, UnitError::NoSuchSerial(_)), "{error}");
        let right = UnitSelection::Serials(vec![serial]);
        assert_eq!(counted(revoke(&made, &right)), (1, 1));
        assert_eq!(revoked_ones(&made), [2]);
    }
}

#[test]
fn many_provided_serials_are_looked_up_in_parts() {
    let rows: Vec<String> = (0..45_000).map(|row| format!("ROW-{row}")).collect();
    let texts: Vec<&str> = rows.iter().map(String::as_str).collect();
    let made = made(own(serials(1, 45_000), &texts));
    let mut named: Vec<Serial> = texts.iter().map(|text| text.parse().unwrap()).collect();
    named.push(unknown_serial());
    refused(
        &made,
        &UnitSelection::Serials(named.clone()),
        "`N0-SUCH-0NE`",
    );
    named.pop();
    let last = UnitSelection::Serials(named.split_off(44_998));
    assert_eq!(counted(revoke(&made, &last)), (2, 2));
    assert_eq!(revoked_ones(&made), [44_998, 44_999]);
    let rest = UnitSelection::Serials(named);
    assert_eq!(counted(revoke(&made, &rest)), (44_998, 44_998));
}

#[test]
fn what_is_of_another_batch_is_answered_as_what_never_was() {
    let here = made(serials(1, 5));
    let there = mint(&here.service, serials(1, 5));
    let there = units_of(&here.service, there).remove(0);
    let id = here.unit(1);
    let forged = uuid::Uuid::from_u128(id.as_uuid().as_u128() ^ 1);
    let forged = forged.try_into().unwrap();
    let nobodys = "0192f0c1-0000-8000-8000-000000000000".parse().unwrap();
    for other in [there.mint_unit_id, forged, nobodys] {
        let message = format!("there is no unit `{other}`");
        let error = refused(&here, &UnitSelection::Ids(vec![id, other]), &message);
        assert!(matches!(error, UnitError::NoSuchUnit(_)), "{error}");
        assert_eq!(error.to_string(), message);
    }
    let right = here.units[0].serial.unwrap();
    for other in [there.serial.unwrap(), unknown_serial()] {
        let message = format!("there is no unit with serial `{other}` in the batch");
        let error = refused(&here, &UnitSelection::Serials(vec![right, other]), &message);
        assert!(matches!(error, UnitError::NoSuchSerial(_)), "{error}");
    }
}

#[test]
fn units_that_were_not_made_yet_are_answered_as_what_never_was() {
    let rows: Vec<String> = (0..15).map(|row| format!("ROW-{row}")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let derived = serials(1, 15);
    for request in [derived, own(serials(1, 15), &rows)] {
        let store = Arc::new(MemoryStore::default());
        let service = service(store.clone(), 1, small());
        let job = crate::work::submit(&service, request);
        let here = Made {
            units: Vec::new(),
            store,
            service,
            batch: job.batch(),
        };
        let nothing = UnitSelection::Serials(vec![unknown_serial()]);
        refused(&here, &nothing, "there is no unit with serial");
        process(&here.service, job).unwrap();
        let scope = owner(brand(1)).to_read(brand(1)).unwrap();
        let units = block_on(here.service.reads().batch_units(&scope, here.batch)).unwrap();
        let unit = |index| units.identity().unit(index).unwrap();
        let serial = |index: u32| {
            let brought = || rows[index as usize].parse().unwrap();
            UnitSelection::Serials(vec![unit(index).serial.unwrap_or_else(brought)])
        };
        refused(&here, &serial(10), "there is no unit with serial");
        let id = UnitSelection::Ids(vec![unit(10).id]);
        refused(&here, &id, "there is no unit `");
        assert_eq!(counted(revoke(&here, &serial(9))), (1, 1));
    }
}

#[test]
fn serials_that_the_brand_brought_for_another_batch_are_not_of_this_one() {
    let here = made(own(serials(1, 2), &["X-1", "X-2"]));
    mint(&here.service, own(serials(1, 1), &["Y-1"]));
    let serials = ["X-1", "Y-1"].map(|text| text.parse().unwrap());
    refused(&here, &UnitSelection::Serials(serials.to_vec()), "`Y-1`");
}

#[test]
fn the_first_index_outside_the_batch_is_named() {
    let made = made(serials(1, 30));
    for (units, index) in [
        (UnitSelection::Range(0..31), 30),
        (UnitSelection::Range(29..u32::MAX), 30),
        (UnitSelection::Range(90..95), 90),
        (UnitSelection::Indexes(vec![0, 77, 55]), 77),
        (UnitSelection::Indexes(vec![u32::MAX]), u32::MAX),
    ] {
        let error = refused(&made, &units, &format!("unit {index} is named"));
        let outside = UnitsRejection::OutsideBatch { index, made: 30 };
        assert!(matches!(error, UnitError::Rejected(refused) if refused == outside));
    }
}

#[test]
fn to_name_no_unit_is_refused() {
    let made = made(serials(1, 30));
    #[allow(clippy::reversed_empty_ranges, reason = "the case that is tested")]
    let backwards = UnitSelection::Range(9..3);
    for units in [
        UnitSelection::Range(5..5),
        UnitSelection::Range(90..90),
        backwards,
        UnitSelection::Indexes(Vec::new()),
        UnitSelection::Ids(Vec::new()),
        UnitSelection::Serials(Vec::new()),
    ] {
        let error = refused(&made, &units, "no unit is named");
        assert!(matches!(error, UnitError::Rejected(UnitsRejection::None)));
    }
}

#[test]
fn a_lot_that_the_batch_does_not_have_is_named() {
    for request in [lots(1, &[("A", 2)]), serials(1, 5)] {
        let made = made(request);
        let lot = UnitSelection::Lot("B".parse().unwrap());
        let error = refused(&made, &lot, "`B`");
        assert!(matches!(error, UnitError::NoSuchLotCode(_)), "{error}");
    }
}

/// A lot that is still being made is not revoked by half; once its job is over, what was made
/// of it is all there is.
#[test]
fn a_lot_is_revoked_whole_or_as_far_as_it_was_ever_made() {
    let store = Arc::new(MemoryStore::default());
    let service = service(store.clone(), 1, small());
    let request = first_scan(lots(1, &[("A", 5), ("B", 10), ("C", 5)]));
    let job = crate::work::submit(&service, request);
    process(&service, job).unwrap();
    let made = Made {
        units: Vec::new(),
        store,
        service,
        batch: job.batch(),
    };
    let lot = |code: &str| UnitSelection::Lot(code.parse().unwrap());
    refused(&made, &lot("B"), "unit 10 is named");
    refused(&made, &lot("C"), "unit 15 is named");
    assert_eq!(counted(revoke(&made, &lot("A"))), (5, 5));
    let caller = owner(brand(1));
    block_on(made.service.cancel(&caller, brand(1), job, None, noon())).unwrap();
    assert_eq!(counted(revoke(&made, &lot("B"))), (5, 5));
    let error = revoke(&made, &lot("C")).unwrap_err();
    assert!(matches!(error, UnitError::NoSuchLotCode(_)), "{error}");
}

#[test]
fn only_units_that_were_not_revoked_before_are_counted_and_written() {
    let made = made(serials(1, 30));
    made.activate(3);
    made.revoke(4);
    assert_eq!(counted(revoke(&made, &UnitSelection::Range(2..5))), (3, 2));
    let before = events_in(&made.store);
    assert_eq!(counted(revoke(&made, &UnitSelection::Range(2..5))), (3, 0));
    assert_eq!(events_in(&made.store), before);
    assert_eq!(
        counted(revoke(&made, &UnitSelection::Range(0..30))),
        (30, 27)
    );
    assert_eq!(events_in(&made.store), before + 1);
    let counts = made.counts();
    assert_eq!((counts.made, counts.active, counts.revoked), (30, 0, 30));
}

#[test]
fn units_that_were_voided_with_their_batch_are_not_revoked_again() {
    let made = made(serials(1, 30));
    made.void();
    let before = events_in(&made.store);
    assert_eq!(
        counted(revoke(&made, &UnitSelection::Range(0..30))),
        (30, 0)
    );
    assert_eq!(events_in(&made.store), before);
}

#[test]
fn the_answer_has_its_numbers_on_the_wire_and_not_its_position() {
    let made = made(serials(1, 30));
    let answer = revoke(&made, &UnitSelection::Indexes(vec![1, 1, 2])).unwrap();
    let expected = json!({"mint_batch_id": made.batch, "named": 2, "revoked": 2});
    assert_eq!(serde_json::to_value(answer).unwrap(), expected);
}

#[test]
fn selections_are_read_from_the_wire() {
    for (json, expected) in [
        (
            json!({"range": {"start": 1, "end": 4}}),
            UnitSelection::Range(1..4),
        ),
        (
            json!({"indexes": [4, 1]}),
            UnitSelection::Indexes(vec![4, 1]),
        ),
        (
            json!({"lot": "A/1"}),
            UnitSelection::Lot("A/1".parse().unwrap()),
        ),
        (
            json!({"serials": ["N0-SUCH-0NE"]}),
            UnitSelection::Serials(vec![unknown_serial()]),
        ),
    ] {
        let read: UnitSelection = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(read, expected);
        assert_eq!(serde_json::to_value(read).unwrap(), json);
    }
    for json in [
        json!({"serials": ["no serial"]}),
        json!({"ids": ["7"]}),
        json!({}),
    ] {
        assert!(serde_json::from_value::<UnitSelection>(json).is_err());
    }
}

#[test]
fn a_batch_of_another_brand_is_answered_as_one_that_never_was() {
    let made = made(serials(1, 30));
    let nobodys = "0192f0c1-0000-7000-8000-000000000000".parse().unwrap();
    let caller = owner(brand(1)).with_role(brand(2), dpp_core::Role::Owner);
    for (of, batch) in [(brand(2), made.batch), (brand(1), nobodys)] {
        let units = UnitSelection::Range(0..1);
        let revoked = made
            .service
            .revoke_units(&caller, of, batch, &units, reason(), noon());
        let error = block_on(revoked).unwrap_err();
        assert_eq!(error.to_string(), format!("there is no batch `{batch}`"));
    }
}
