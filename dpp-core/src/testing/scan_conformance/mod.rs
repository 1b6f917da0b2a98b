//! The conformance kit of the scan port: one check for each numbered clause of the contract of
//! [`ScanStore`](crate::store::ScanStore).
//!
//! Whoever keeps scans elsewhere writes one test file:
//!
//! ```
//! use dpp_core::scan_store_conformance;
//! use dpp_core::testing::scan_conformance::ScanFixture;
//! # use dpp_store_memory::MemoryScans;
//!
//! scan_store_conformance!(my_scans, ScanFixture::new(|| async { MemoryScans::default() }));
//! # fn main() {}
//! ```
//!
//! and gets one test per clause, named like `my_scans::t04_scans_are_counted_by_day`.
//! [`ScanFixture`] says how a store is opened and how its futures are driven. Without the macro,
//! [`check_all`] gives every [`Violation`], and each clause can be called alone.
//!
//! The kit compares the answers with what follows from the scans that it appended by plain
//! filtering, sorting and counting. It takes brands of its own in each run; but forgetting is for
//! all brands, so only one run at a time may use a store, and it removes what is there from before
//! the year 2000.

mod appending;
mod asked;
mod case;
mod counting;
mod fixture;
mod forgetting;
mod told;

use super::kit::{self, clause_table};

pub use super::kit::Violation;
pub use appending::*;
pub use asked::*;
pub use counting::*;
pub use fixture::ScanFixture;
pub use forgetting::*;

/// One clause of the contract, and its check.
pub type Clause = kit::Clause<ScanFixture>;

impl Clause {
    /// Checks it on the executor that the fixture names.
    ///
    /// # Errors
    /// The [`Violation`], when the store does not keep the clause.
    pub fn check(&self, fixture: &ScanFixture) -> Result<(), Violation> {
        self.check_in(&fixture.run, fixture)
    }
}

/// What of the contract a store does not keep; nothing for one that conforms.
pub fn check_all(fixture: &ScanFixture) -> Vec<Violation> {
    let checked = CLAUSES.iter().map(|clause| clause.check(fixture));
    checked.filter_map(Result::err).collect()
}

/// Makes a module of this name with one test per clause. The second argument makes the
/// [`ScanFixture`](crate::testing::scan_conformance::ScanFixture); it is evaluated anew for each
/// test.
#[macro_export]
macro_rules! scan_store_conformance {
    ($name:ident, $fixture:expr $(,)?) => {
        mod $name {
            #[allow(unused_imports, reason = "the fixture may need none")]
            use super::*;

            fn fixture() -> $crate::testing::scan_conformance::ScanFixture {
                $fixture
            }

            $crate::__scan_clauses! { $crate::__scan_tests }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __scan_tests {
    ($($id:literal $name:ident $sentence:literal;)*) => {$(
        #[test]
        fn $name() -> ::core::result::Result<(), $crate::testing::scan_conformance::Violation> {
            $crate::testing::scan_conformance::check($id, &fixture())
        }
    )*};
}

/// Checks the clause with this number.
#[doc(hidden)]
pub fn check(id: &'static str, fixture: &ScanFixture) -> Result<(), Violation> {
    let clause = CLAUSES.iter().find(|clause| clause.id == id);
    let none = || Err(Violation::new(id, "there is no such clause"));
    clause.map_or_else(none, |clause| clause.check(fixture))
}

/// The one list of the clauses, from which both the table and the tests are made.
#[doc(hidden)]
#[macro_export]
macro_rules! __scan_clauses {
    ($($callback:tt)*) => { $($callback)*! {
        "T01" t01_every_scan_is_counted_once "every scan that was appended is counted, and once";
        "T02" t02_all_or_nothing "the scans of one call are seen together or not at all";
        "T03" t03_any_number_of_scans "calls with 10,000 scans and with none work";
        "T04" t04_scans_are_counted_by_day "each day that has scans has a row, by their times in UTC";
        "T05" t05_scans_for_which_all_holds "only scans for which a query holds are counted";
        "T06" t06_products_by_their_scans "the most scanned products come first";
        "T07" t07_batches_by_their_scans "the most scanned batches come first";
        "T08" t08_the_scans_of_a_unit "a unit tells its first and last scans, and how many";
        "T09" t09_brands_are_apart "nothing of one brand is counted for another";
        "T10" t10_nothing_is_an_empty_answer "what is not there is an empty answer, no error";
        "T11" t11_what_is_older_is_forgotten "what is older is removed for all brands, and nothing else";
        "T12" t12_a_forgotten_day_can_be_used_again "scans of a forgotten day can be appended";
    } };
}

crate::__scan_clauses! { clause_table }
