//! What one unit may do.

use dpp_core::testing::scenario::{Given, given};
use dpp_core::unit::{
    UnitActivated, UnitCommand, UnitContext, UnitEvent, UnitLife, UnitRejection, UnitRevoked,
    UnitStatus,
};

use crate::support::*;

fn around(around: UnitStatus) -> UnitContext {
    UnitContext {
        mint_batch_id: batch(),
        index: 7,
        around,
    }
}

fn activated() -> UnitEvent {
    UnitEvent::Activated(UnitActivated {
        mint_batch_id: batch(),
        index: 7,
    })
}

fn revoked() -> UnitEvent {
    UnitEvent::Revoked(UnitRevoked {
        mint_batch_id: batch(),
        index: 7,
        reason: reason(),
    })
}

fn revoke() -> UnitCommand {
    UnitCommand::Revoke { reason: reason() }
}

fn unit(events: impl IntoIterator<Item = UnitEvent>) -> Given<UnitLife> {
    given(events, UnitLife::evolve)
}

#[test]
fn a_minted_unit_is_activated_by_its_first_scan() {
    unit([])
        .when(|unit| unit.decide(UnitCommand::Activate, &around(UnitStatus::Minted)))
        .then(Some(activated()));
}

#[test]
fn a_unit_that_is_active_in_whatever_way_is_not_activated_again() {
    unit([activated()])
        .when(|unit| unit.decide(UnitCommand::Activate, &around(UnitStatus::Minted)))
        .then(None);
    unit([])
        .when(|unit| unit.decide(UnitCommand::Activate, &around(UnitStatus::Active)))
        .then(None);
}

#[test]
fn a_unit_that_is_revoked_in_whatever_way_is_never_activated() {
    for status in UnitStatus::ALL {
        unit([revoked()])
            .when(|unit| unit.decide(UnitCommand::Activate, &around(status)))
            .then_refused(UnitRejection::Revoked);
        unit([activated(), revoked()])
            .when(|unit| unit.decide(UnitCommand::Activate, &around(status)))
            .then_refused(UnitRejection::Revoked);
    }
    for events in [vec![], vec![activated()]] {
        unit(events)
            .when(|unit| unit.decide(UnitCommand::Activate, &around(UnitStatus::Revoked)))
            .then_refused(UnitRejection::Revoked);
    }
}

#[test]
fn a_minted_or_active_unit_can_be_revoked_and_the_event_says_why() {
    for status in [UnitStatus::Minted, UnitStatus::Active] {
        for events in [vec![], vec![activated()]] {
            unit(events)
                .when(|unit| unit.decide(revoke(), &around(status)))
                .then(Some(revoked()));
        }
    }
}

#[test]
fn a_unit_that_is_revoked_in_whatever_way_is_not_revoked_again() {
    unit([revoked()])
        .when(|unit| unit.decide(revoke(), &around(UnitStatus::Minted)))
        .then(None);
    unit([activated()])
        .when(|unit| unit.decide(revoke(), &around(UnitStatus::Revoked)))
        .then(None);
}

/// An activation that raced with a revocation and came second in the log.
#[test]
fn an_activation_behind_a_revocation_changes_nothing() {
    let late = unit([revoked(), activated()]).state;
    assert_eq!(late.status(UnitStatus::Minted), UnitStatus::Revoked);
}
