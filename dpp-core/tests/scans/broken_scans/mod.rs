//! The conformance kit of scans is tested itself: each deliberately broken store fails the clause
//! that it breaks, and no other that does not ask the same.

mod flaw;
mod toy;

use dpp_core::testing::scan_conformance::{CLAUSES, ScanFixture, check_all};
use dpp_store_memory::MemoryScans;

use flaw::Flaw;
use toy::ToyScans;

fn toys(flaw: Flaw) -> ScanFixture {
    ScanFixture::new(move || async move { ToyScans::new(flaw) })
}

#[test]
fn correct_stores_violate_nothing() {
    let memory = ScanFixture::new(|| async { MemoryScans::default() });
    assert_eq!(check_all(&memory), []);
    assert_eq!(check_all(&toys(Flaw::None)), []);
}

#[test]
fn a_store_that_is_used_again_violates_nothing() {
    let store = MemoryScans::default();
    let shared = ScanFixture::new(move || std::future::ready(store.clone()));
    for _ in 0..2 {
        assert_eq!(check_all(&shared), []);
    }
}

macro_rules! broken {
    ($($test:ident $flaw:ident violates $($clause:literal)+ as $what:literal;)*) => {
        $(
            #[test]
            fn $test() {
                let violations = check_all(&toys(Flaw::$flaw));
                let clauses: Vec<_> = violations.iter().map(|found| found.clause).collect();
                assert_eq!(clauses, [$($clause),+], "{violations:#?}");
                let mut own = violations.iter();
                let own = own.find(|found| stringify!($flaw).starts_with(found.clause));
                let own = own.map(ToString::to_string).unwrap_or_default();
                assert!(own.contains($what), "{own}");
            }
        )*

        #[test]
        fn every_clause_is_broken_by_a_store() {
            let broken = [$(stringify!($flaw)),*];
            let is_broken = |id: &str| broken.iter().any(|flaw| flaw.starts_with(id));
            let left = CLAUSES.iter().find(|clause| !is_broken(clause.id));
            assert!(left.is_none(), "{left:?}");
        }
    };
}

broken! {
    taking_what_is_alike_for_one T01Alike violates "T01" as "the number of scans is";
    // Calls with scans of two brands are made to see them together, too.
    appending_for_one_brand T01First violates "T01" "T02" as "the number of scans is";
    showing_half_of_a_call T02Halves violates "T02" as "of 1000 scans of one call 500 are seen";
    showing_one_brand_of_a_call T02Brands violates "T02" as "for one brand only";
    refusing_many_scans T03Large violates "T03" as "appending 10000 scans gave the error";
    refusing_long_texts T03Long violates "T03" as "appending 10000 scans gave the error";
    refusing_no_scans T03None violates "T03" as "appending 0 scans gave the error";
    leaving_out_the_last_day T04Last violates "T04" as "the scans by day";
    leaving_out_the_first_day T04First violates "T04" as "the scans by day";
    // Where a day ends is also where forgetting ends.
    counting_by_another_clock T04Zone violates "T04" "T11" as "the scans by day";
    not_sorting_days T04Order violates "T04" as "the scans by day";
    telling_of_days_without_scans T04Empty violates "T04" as "the scans by day";
    ignoring_the_product T05Product violates "T05" as "the scans by day";
    ignoring_the_batch T05Batch violates "T05" as "the scans by day";
    ignoring_the_product_of_a_batch T05Both violates "T05" as "the scans by day";
    limiting_before_sorting T06Limit violates "T06" as "the 1 most scanned products";
    ignoring_the_limit T06Endless violates "T06" as "the 1 most scanned products";
    not_sorting_ties T06Ties violates "T06" as "most scanned products";
    leaving_out_products_as_such T06AsSuch violates "T06" as "most scanned products";
    // Days without scans have no products.
    counting_products_of_all_days T06Days violates "T06" "T10" as "most scanned products";
    counting_units_only T07Units violates "T07" as "most scanned batches";
    counting_batches_of_all_products T07Product violates "T07" as "most scanned batches";
    showing_the_least_scanned T07Least violates "T07" as "most scanned batches";
    taking_the_first_that_came T08First violates "T08" as "what unit 5 of a batch tells";
    taking_the_last_that_came T08Last violates "T08" as "what unit 5 of a batch tells";
    taking_lots_for_units T08Lots violates "T08" as "what unit 5 of a batch tells";
    mixing_up_batches T08Batch violates "T08" as "what unit 5 of a batch tells";
    counting_days_of_all_brands T09Days violates "T09" as "the scans by day";
    counting_products_of_all_brands T09Products violates "T09" as "most scanned products";
    counting_batches_of_all_brands T09Batches violates "T09" as "most scanned batches";
    finding_another_brands_unit T09Units violates "T09" as "what unit 5 of a batch tells";
    refusing_an_unknown_brand T10Brand violates "T10" as "gave the error";
    refusing_a_range T10Range violates "T10" as "gave the error";
    // A unit whose scans are forgotten has none either.
    making_up_a_unit T10Unit violates "T10" "T11" as "what unit 0 of a batch tells";
    forgetting_too_much T11Named violates "T11" as "before 1980-01-31 were forgotten is";
    forgetting_whole_months_only T11Months violates "T11" as "before 1980-02-10 were forgotten is";
    forgetting_one_brand T11Brand violates "T11" as "were forgotten is";
    telling_what_is_left T11Count violates "T11" as "were forgotten is";
    remembering_units T11Units violates "T11" as "what unit 5 of a batch tells";
    closing_a_day T12Closed violates "T12" as "appending 8 scans gave the error";
}
