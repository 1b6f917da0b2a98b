//! Changes that others overtook between the first look and the commit.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::made::{Made, events_of, made, reason};
use crate::support::*;
use dpp_core::Caller;
use dpp_core::mint::MintRequest;
use dpp_core::service::{ActivateAnswer, MintService, Settings, UnitSelection};
use dpp_core::testing::{Faults, FaultyStore};
use futures::executor::block_on;

/// Begins what a service does, lets another do something behind some step of it, and goes on.
fn overtaken<T, O>(
    seed: u64,
    request: MintRequest,
    begun: impl AsyncFnOnce(&MintService, &Made) -> T,
    other: impl FnOnce(&Made) -> O,
) -> (T, Made) {
    let made = made(request);
    let slow = Faults {
        delay: 1.0,
        max_yields: 3,
        ..Faults::NONE
    };
    let faulty = Arc::new(FaultyStore::new(made.store.clone(), seed, slow));
    let held_up = service(faulty, 1_000 + seed, Settings::default());
    let answer = {
        let mut first = Box::pin(begun(&held_up, &made));
        let mut context = Context::from_waker(Waker::noop());
        let mut early = None;
        for _ in 0..seed % 40 {
            if let Poll::Ready(answer) = first.as_mut().poll(&mut context) {
                early = Some(answer);
                break;
            }
        }
        other(&made);
        early.unwrap_or_else(|| block_on(first))
    };
    (answer, made)
}

#[test]
fn a_revocation_that_a_scan_overtook_is_decided_anew() {
    for seed in 0..200 {
        let (answer, made) = overtaken(
            seed,
            serials(1, 1),
            async |service, made| {
                let (caller, unit) = (owner(brand(1)), made.unit(0));
                let revoked = service.revoke_unit(&caller, brand(1), unit, reason(), noon());
                revoked.await.unwrap()
            },
            |made| made.activate(0),
        );
        assert!(answer.position().is_some(), "seed {seed}");
        assert_eq!(made.activate(0), ActivateAnswer::Revoked);
    }
}

#[test]
fn a_scan_that_a_revocation_or_another_scan_overtook_is_decided_anew() {
    let mut answers = HashSet::new();
    for seed in 0..400 {
        let revokes = seed % 2 == 0;
        let (answer, made) = overtaken(
            seed / 2,
            serials(1, 1),
            async |service, made| {
                let (scan, unit) = (Caller::scan(), made.unit(0));
                let activated = service.activate_unit(&scan, brand(1), unit, noon());
                activated.await.unwrap()
            },
            |made| match revokes {
                true => made.revoke(0).position(),
                false => made.activate(0).position(),
            },
        );
        let late = match revokes {
            true => ActivateAnswer::Revoked,
            false => ActivateAnswer::AlreadyActive,
        };
        let written = events_of(&made.store, "mint_unit_activated");
        match answer.position() {
            Some(_) => assert_eq!(written, 1),
            None => assert_eq!((answer, written), (late, usize::from(!revokes))),
        }
        answers.insert((revokes, answer.as_str()));
    }
    assert_eq!(answers.len(), 4, "{answers:?}");
}

#[test]
fn units_that_were_revoked_behind_the_first_look_are_not_counted_again() {
    let mut counts = BTreeSet::new();
    for seed in 0..200 {
        let (answer, made) = overtaken(
            seed,
            serials(1, 10),
            async |service, made| {
                let (caller, units) = (owner(brand(1)), UnitSelection::Range(0..6));
                let batch = made.batch;
                let revoked =
                    service.revoke_units(&caller, brand(1), batch, &units, reason(), noon());
                revoked.await.unwrap()
            },
            |made| made.revoke_together(4..10),
        );
        counts.insert(answer.revoked);
        assert_eq!(made.counts().revoked, 10);
        assert!(answer.position.is_some());
    }
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), [4, 6]);
}
