//! The conformance kit is tested itself: each deliberately broken store fails the clause that
//! it breaks, and no other.

mod flaw;
mod toy;

use std::sync::{Arc, Mutex};

use dpp_core::testing::conformance::{CLAUSES, Fixture, check_all};
use dpp_store_memory::MemoryStore;

use flaw::Flaw;
use toy::ToyStore;

/// A fixture of toy stores, which are closed and opened again.
fn toys(flaw: Flaw) -> Fixture {
    let last = Arc::new(Mutex::new(None::<ToyStore>));
    let opened = Arc::clone(&last);
    Fixture::new(move || {
        let store = ToyStore::new(flaw);
        *opened.lock().unwrap() = Some(store.handle());
        async move { store }
    })
    .reopened_by(move || {
        let store = last.lock().unwrap().as_ref().unwrap().reopened();
        async move { store }
    })
}

#[test]
fn a_correct_store_violates_nothing() {
    let memory = Fixture::new(|| async { MemoryStore::default() });
    assert_eq!(check_all(&memory), []);
    assert_eq!(check_all(&toys(Flaw::None)), []);
}

macro_rules! broken {
    ($($test:ident $flaw:ident violates $($clause:literal)+;)*) => {
        $(
            #[test]
            fn $test() {
                let violations = check_all(&toys(Flaw::$flaw));
                let clauses: Vec<_> = violations.iter().map(|found| found.clause).collect();
                assert_eq!(clauses, [$($clause),+], "{violations:#?}");
            }
        )*

        #[test]
        fn every_clause_is_broken_by_a_store() {
            let broken = [$($($clause),+),*];
            let left = CLAUSES.iter().find(|clause| !broken.contains(&clause.id));
            assert!(left.is_none(), "{left:?}");
        }
    };
}

broken! {
    sorting_the_events_of_a_write C01 violates "C01";
    taking_one_event_for_none C02 violates "C02";
    letting_through_who_is_ahead C03 violates "C03";
    taking_any_for_no_stream C04 violates "C04";
    writing_before_a_conflict C05 violates "C05";
    claiming_in_spite_of_a_conflict C05Claims violates "C05";
    ignoring_checks C06 violates "C06";
    answering_in_the_order_of_keys C07 violates "C07";
    naming_one_taken_key C08 violates "C08";
    looking_at_claims_first C08Order violates "C08";
    making_up_a_receipt C09 violates "C09";
    trusting_a_known_id C10 violates "C10";
    keeping_the_id_of_a_failure C11 violates "C11";
    sorting_a_receipt C12 violates "C12";
    refusing_many_events C13 violates "C13";
    refusing_many_claims C14 violates "C14";
    tidying_up_json C15 violates "C15";
    losing_the_causation C15Causation violates "C15";
    leading_on_too_far R01 violates "R01";
    missing_a_brand R02 violates "R02";
    showing_one_more R03 violates "R03";
    following_the_clocks R04 violates "R04";
    // A commit of 20,000 events takes two pages, and a reader that tails reads by small pages.
    skipping_the_rest_of_a_commit R04Inside violates "C13" "R04" "T05";
    taking_any_position R05 violates "R05";
    repeating_a_head R06 violates "R06";
    sharing_claims T01 violates "T01";
    sharing_commit_ids T01Ids violates "T01";
    checking_versions_early T02 violates "T02";
    checking_claims_early T03 violates "T03";
    checking_ids_early T04 violates "T04";
    drawing_positions_early T05 violates "T05";
    drawing_positions_early_on_threads T05Threads violates "T05";
    forgetting_ids T06 violates "T06";
    forgetting_claims T06Claims violates "T06";
}
