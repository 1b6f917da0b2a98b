//! The life of single units and lots: every answer, and what the log says of it.

use std::sync::Arc;

use crate::made::*;
use crate::submit::events_in;
use crate::support::*;
use crate::watched::Watched;
use crate::work::{process, small};
use dpp_core::Caller;
use dpp_core::identity::{LotId, MintUnitId};
use dpp_core::mint::{ActivationMode, BatchStatus, MintRequest};
use dpp_core::service::{ActivateAnswer, RevokeAnswer, Settings, UnitError, UnitSelection};
use dpp_core::store::log::{Position, RecordedEvent};
use dpp_core::unit::UnitStatus;
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use uuid::Uuid;

fn last(store: &MemoryStore) -> (String, String, Position) {
    let events = feed(store);
    let RecordedEvent {
        event, position, ..
    } = events.last().unwrap();
    let (event_type, actor) = (event.event_type.as_str(), &event.metadata.actor);
    (event_type.to_owned(), actor.to_string(), *position)
}

fn json(answer: impl serde::Serialize) -> String {
    serde_json::to_string(&answer).unwrap()
}

#[test]
fn the_first_scan_activates_a_unit_and_later_ones_find_it_active() {
    let made = made(serials(1, 5));
    let before = events_in(&made.store);
    let first = made.activate(3);
    let (event_type, actor, position) = last(&made.store);
    assert_eq!(first, ActivateAnswer::Activated(position));
    assert_eq!(first.position(), Some(position));
    assert_eq!(
        (event_type.as_str(), actor.as_str()),
        ("mint_unit_activated", "scan")
    );
    for _ in 0..3 {
        assert_eq!(made.activate(3), ActivateAnswer::AlreadyActive);
    }
    assert_eq!(events_in(&made.store), before + 1);
    use UnitStatus::{Active, Minted};
    assert_eq!(made.statuses(), [Minted, Minted, Minted, Active, Minted]);
}

#[test]
fn a_unit_that_was_born_active_has_no_first_scan() {
    let active = MintRequest {
        activation_mode: ActivationMode::ActiveAtMint,
        ..serials(1, 5)
    };
    let made = made(active);
    let before = events_in(&made.store);
    assert_eq!(made.activate(0), ActivateAnswer::AlreadyActive);
    assert_eq!(events_in(&made.store), before);
    assert!(matches!(made.revoke(0), RevokeAnswer::Revoked(_)));
    assert_eq!(made.activate(0), ActivateAnswer::Revoked);
}

#[test]
fn an_owner_can_activate_by_hand_and_the_log_says_who() {
    let made = made(serials(1, 5));
    let caller = owner(brand(1));
    let activated = made
        .service
        .activate_unit(&caller, brand(1), made.unit(0), noon());
    assert!(block_on(activated).unwrap().position().is_some());
    assert!(last(&made.store).1.starts_with("user:"));
}

#[test]
fn a_minted_or_active_unit_is_revoked_once_and_never_comes_back() {
    let made = made(serials(1, 5));
    made.activate(1);
    let before = events_in(&made.store);
    for unit in [0, 1] {
        let answer = made.revoke(unit);
        let (event_type, _, position) = last(&made.store);
        assert_eq!(answer, RevokeAnswer::Revoked(position));
        assert_eq!(event_type, "mint_unit_revoked");
        for _ in 0..3 {
            assert_eq!(made.revoke(unit), RevokeAnswer::AlreadyRevoked);
            assert_eq!(made.activate(unit), ActivateAnswer::Revoked);
        }
    }
    assert_eq!(events_in(&made.store), before + 2);
    let counts = made.counts();
    assert_eq!((counts.made, counts.active, counts.revoked), (5, 0, 2));
}

#[test]
fn a_unit_that_was_revoked_with_others_or_with_its_batch_is_revoked() {
    let made = made(serials(1, 5));
    made.activate(0);
    assert_eq!(made.revoke_together(0..2), 2);
    let before = events_in(&made.store);
    for unit in [0, 1] {
        assert_eq!(made.activate(unit), ActivateAnswer::Revoked);
        assert_eq!(made.revoke(unit), RevokeAnswer::AlreadyRevoked);
    }
    assert_eq!(events_in(&made.store), before);
    made.void();
    for unit in [0, 4] {
        assert_eq!(made.activate(unit), ActivateAnswer::Revoked);
        assert_eq!(made.revoke(unit), RevokeAnswer::AlreadyRevoked);
    }
    assert_eq!(events_in(&made.store), before + 1);
    assert_eq!(made.statuses(), [UnitStatus::Revoked; 5]);
}

#[test]
fn the_answers_are_single_words_on_the_wire() {
    let at = Position::from_bytes([7; 16]);
    assert_eq!(json(ActivateAnswer::Activated(at)), r#""activated""#);
    assert_eq!(json(ActivateAnswer::AlreadyActive), r#""already_active""#);
    assert_eq!(json(ActivateAnswer::Revoked), r#""revoked""#);
    assert_eq!(json(RevokeAnswer::Revoked(at)), r#""revoked""#);
    assert_eq!(json(RevokeAnswer::AlreadyRevoked), r#""already_revoked""#);
}

#[test]
fn the_first_scan_of_a_lots_code_activates_the_lot_with_all_of_its_units() {
    let made = made(first_scan(lots(1, &[("A", 2), ("B", 3)])));
    let lots = lot_ids(&made.service, made.batch);
    let before = events_in(&made.store);
    let first = made.activate_lot(lots[1]).unwrap();
    let (event_type, actor, position) = last(&made.store);
    assert_eq!(first, ActivateAnswer::Activated(position));
    assert_eq!(
        (event_type.as_str(), actor.as_str()),
        ("mint_lot_activated", "scan")
    );
    let again = made.activate_lot(lots[1]).unwrap();
    assert_eq!(again, ActivateAnswer::AlreadyActive);
    assert_eq!(made.activate(2), ActivateAnswer::AlreadyActive);
    assert_eq!(events_in(&made.store), before + 1);
    assert!(made.activate(0).position().is_some(), "the other lot");
    use UnitStatus::{Active, Minted};
    assert_eq!(made.statuses(), [Active, Minted, Active, Active, Active]);
}

#[test]
fn a_lot_is_revoked_when_each_of_its_units_is() {
    let made = made(first_scan(lots(1, &[("A", 2), ("B", 3)])));
    let lots = lot_ids(&made.service, made.batch);
    made.revoke(2);
    made.revoke_together(3..4);
    assert!(made.activate_lot(lots[1]).unwrap().position().is_some());
    made.revoke(4);
    let before = events_in(&made.store);
    assert_eq!(made.activate_lot(lots[1]).unwrap(), ActivateAnswer::Revoked);
    made.revoke_together(0..2);
    assert_eq!(made.activate_lot(lots[0]).unwrap(), ActivateAnswer::Revoked);
    assert_eq!(events_in(&made.store), before + 1);
}

#[test]
fn a_lot_that_was_born_active_or_voided_is_not_activated() {
    let made = made(lots(1, &[("A", 2)]));
    let lot = first_lot(&made.service, made.batch);
    let before = events_in(&made.store);
    let answer = made.activate_lot(lot).unwrap();
    assert_eq!(answer, ActivateAnswer::AlreadyActive);
    assert_eq!(events_in(&made.store), before);
    made.void();
    assert_eq!(made.activate_lot(lot).unwrap(), ActivateAnswer::Revoked);
}

fn altered(id: &Uuid, bit: u32) -> Uuid {
    Uuid::from_u128(id.as_u128() ^ 1 << bit)
}

/// Ids that name nothing: a wrong tag, another place, another batch, and one of another brand.
fn nothings(made: &Made, id: &Uuid) -> Vec<Uuid> {
    let request = MintRequest {
        brand_id: brand(2),
        ..first_scan(serials(9, 5))
    };
    let caller = owner(brand(2));
    let job = block_on(made.service.submit(&caller, request, noon())).unwrap();
    block_on(work_off(&made.service, noon()));
    let scope = caller.to_read(brand(2)).unwrap();
    let batch = job.batch().unwrap();
    let reads = made.service.reads();
    let first = block_on(reads.unit_at(&scope, batch, 0)).unwrap();
    let foreign = first.unwrap().mint_unit_id;
    vec![
        altered(id, 0),
        altered(id, 41),
        altered(id, 42),
        altered(id, 64),
        altered(id, 120),
        *foreign.as_uuid(),
    ]
}

#[test]
fn what_was_made_up_or_belongs_to_others_is_answered_as_what_never_was() {
    let made = made(first_scan(lots(1, &[("A", 5)])));
    let unit = made.unit(0);
    let lot = first_lot(&made.service, made.batch);
    let no_units = nothings(&made, unit.as_uuid());
    let mut no_lots = nothings(&made, lot.as_uuid());
    no_lots.push(*unit.as_uuid());
    let before = events_in(&made.store);
    for id in no_units.into_iter().chain([*lot.as_uuid()]) {
        let id = MintUnitId::try_from(id).unwrap();
        for error in [
            made.activate_id(id).unwrap_err(),
            made.revoke_id(id).unwrap_err(),
        ] {
            assert!(matches!(error, UnitError::NoSuchUnit(_)), "{error}");
            assert_eq!(error.to_string(), format!("there is no unit `{id}`"));
        }
    }
    for id in no_lots {
        let id = LotId::try_from(id).unwrap();
        let error = made.activate_lot(id).unwrap_err();
        assert!(matches!(error, UnitError::NoSuchLot(_)), "{error}");
        assert_eq!(error.to_string(), format!("there is no lot `{id}`"));
    }
    assert_eq!(events_in(&made.store), before);
}

#[test]
fn a_unit_or_a_lot_that_was_not_made_yet_answers_as_one_that_never_was() {
    let store = Arc::new(MemoryStore::default());
    let service = service(store.clone(), 1, small());
    let job = crate::work::submit(&service, first_scan(lots(1, &[("A", 10), ("B", 5)])));
    process(&service, job).unwrap();
    let scope = owner(brand(1)).to_read(brand(1)).unwrap();
    let batch = job.batch();
    let derived = block_on(service.reads().batch_units(&scope, batch)).unwrap();
    let [last_made, next] = [9, 10].map(|index| derived.identity().unit(index).unwrap().id);
    let made = Made {
        units: Vec::new(),
        store,
        service,
        batch,
    };
    let lots = lot_ids(&made.service, batch);
    let error = made.activate_id(next).unwrap_err();
    assert_eq!(error.to_string(), format!("there is no unit `{next}`"));
    assert!(matches!(
        made.revoke_id(next),
        Err(UnitError::NoSuchUnit(_))
    ));
    assert!(matches!(
        made.activate_lot(lots[1]),
        Err(UnitError::NoSuchLot(_))
    ));
    assert!(made.activate_id(last_made).unwrap().position().is_some());
    process(&made.service, job).unwrap();
    assert!(made.activate_id(next).unwrap().position().is_some());
    assert!(made.activate_lot(lots[1]).unwrap().position().is_some());
}

/// What a scan costs: a first one reads back what the one before it wrote, and later ones read
/// nothing of the log.
#[test]
fn a_scan_reads_no_stream_and_a_later_one_costs_no_more_than_an_early_one() {
    let memory = Arc::new(MemoryStore::default());
    let watched = Arc::new(Watched::new(memory.clone(), |_| false));
    let service = service(watched.clone(), 1, Settings::default());
    let batch = mint(&service, serials(1, 200));
    let units = units_of(&service, batch);
    let scan = Caller::scan();
    let activate = |index: usize| {
        let before = watched.events_read();
        let unit = units[index].mint_unit_id;
        let answer = block_on(service.activate_unit(&scan, brand(1), unit, noon())).unwrap();
        (answer.position().is_some(), watched.events_read() - before)
    };
    activate(0);
    let streams = watched.streams_read();
    let first: Vec<_> = (1..200).map(activate).collect();
    assert_eq!(first, [(true, 1); 199]);
    activate(0);
    let later: Vec<_> = (0..200).map(activate).collect();
    assert_eq!(later, [(false, 0); 200]);
    assert_eq!(watched.streams_read(), streams);
}

/// Hosts run these on runtimes that move tasks between threads.
#[test]
fn what_a_host_awaits_of_units_may_move_between_threads() {
    fn movable<T: Send>(future: T) -> T {
        future
    }
    let made = made(first_scan(lots(1, &[("A", 5)])));
    let (service, batch, unit) = (&made.service, made.batch, made.unit(0));
    let (caller, of, lot) = (owner(brand(1)), brand(1), first_lot(service, batch));
    let units = UnitSelection::Range(1..2);
    block_on(movable(service.activate_unit(&caller, of, unit, noon()))).unwrap();
    block_on(movable(service.activate_lot(&caller, of, lot, noon()))).unwrap();
    let revoked = service.revoke_unit(&caller, of, unit, reason(), noon());
    block_on(movable(revoked)).unwrap();
    let revoked = service.revoke_units(&caller, of, batch, &units, reason(), noon());
    block_on(movable(revoked)).unwrap();
    let to = BatchStatus::Exported;
    let set = service.set_mint_batch_status(&caller, of, batch, to, None, noon());
    block_on(movable(set)).unwrap();
}
