//! The conformance kit of the log port: one check for each numbered clause of the contract of
//! [`EventStore`](crate::store::EventStore).
//!
//! An integrator writes one test file:
//!
//! ```
//! use dpp_core::event_store_conformance;
//! use dpp_core::testing::conformance::Fixture;
//! use dpp_store_memory::MemoryStore;
//!
//! event_store_conformance!(my_store, Fixture::new(|| async { MemoryStore::default() }));
//! # fn main() {}
//! ```
//!
//! and gets one test per clause, named like `my_store::c05_all_or_nothing`. [`Fixture`] says
//! how a store is opened, opened again, and driven. Without the macro, [`check_all`] gives
//! every [`Violation`], and each clause can be called alone.
//!
//! The kit takes brands of its own in each run, so many runs can share one database, also at
//! the same time. It writes events of types that the library does not know. Concurrency is
//! tested with threads, and everything is bounded by counts, not by time.

mod case;
mod claims;
mod commits;
mod fixture;
mod reads;
mod sizes;
mod together;

use super::kit::{self, clause_table};

pub use super::kit::Violation;
pub use claims::*;
pub use commits::*;
pub use fixture::Fixture;
pub use reads::*;
pub use sizes::*;
pub use together::*;

/// One clause of the contract, and its check.
pub type Clause = kit::Clause<Fixture>;

impl Clause {
    /// Checks it on the executor that the fixture names.
    ///
    /// # Errors
    /// The [`Violation`], when the store does not keep the clause.
    pub fn check(&self, fixture: &Fixture) -> Result<(), Violation> {
        self.check_in(&fixture.run, fixture)
    }
}

/// What of the contract a store does not keep; nothing for a store that conforms.
pub fn check_all(fixture: &Fixture) -> Vec<Violation> {
    let checked = CLAUSES.iter().map(|clause| clause.check(fixture));
    checked.filter_map(Result::err).collect()
}

/// Makes a module of this name with one test per clause. The second argument makes the
/// [`Fixture`](crate::testing::conformance::Fixture); it is evaluated anew for each test.
///
/// For a store that needs a runtime, and that can be closed and opened again:
///
/// ```
/// use dpp_core::event_store_conformance;
/// use dpp_core::testing::conformance::Fixture;
/// # use dpp_store_memory::MemoryStore as DiskStore;
/// # struct Runtime;
/// # impl Runtime {
/// #     fn new() -> Self { Self }
/// #     fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
/// #         futures::executor::block_on(future)
/// #     }
/// # }
///
/// fn on_disk() -> Fixture {
///     let store = DiskStore::default();
///     let same = store.clone();
///     let runtime = Runtime::new();
///     Fixture::new(move || std::future::ready(store.clone()))
///         .reopened_by(move || std::future::ready(same.clone()))
///         .block_on(move |future| runtime.block_on(future))
/// }
///
/// event_store_conformance!(on_disk_store, on_disk());
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! event_store_conformance {
    ($name:ident, $fixture:expr $(,)?) => {
        mod $name {
            #[allow(unused_imports, reason = "the fixture may need none")]
            use super::*;

            fn fixture() -> $crate::testing::conformance::Fixture {
                $fixture
            }

            $crate::__event_store_clauses! { $crate::__event_store_tests }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __event_store_tests {
    ($($id:literal $name:ident $sentence:literal;)*) => {$(
        #[test]
        fn $name() -> ::core::result::Result<(), $crate::testing::conformance::Violation> {
            $crate::testing::conformance::check($id, &fixture())
        }
    )*};
}

/// Checks the clause with this number.
#[doc(hidden)]
pub fn check(id: &'static str, fixture: &Fixture) -> Result<(), Violation> {
    let clause = CLAUSES.iter().find(|clause| clause.id == id);
    let none = || Err(Violation::new(id, "there is no such clause"));
    clause.map_or_else(none, |clause| clause.check(fixture))
}

/// The one list of the clauses, from which both the table and the tests are made.
#[doc(hidden)]
#[macro_export]
macro_rules! __event_store_clauses {
    ($($callback:tt)*) => { $($callback)*! {
        "C01" c01_versions_without_gap "events are appended in order, with versions from 1";
        "C02" c02_no_stream_means_none "`NoStream` fails on a stream that has events";
        "C03" c03_exactly_means_exactly "`Exactly` fails unless the stream ends there";
        "C04" c04_any_never_conflicts "`Any` does not fail for the stream's version";
        "C05" c05_all_or_nothing "if one stream conflicts, nothing is written or taken";
        "C06" c06_checked_but_not_written "a stream that is only checked must be as expected";
        "C07" c07_claims_can_be_looked_up "claims are looked up in the order of the question";
        "C08" c08_taken_claims_are_named "every key that is taken is named, and only those";
        "C09" c09_repeating_gives_the_first_receipt "repeating a commit appends nothing";
        "C10" c10_a_used_id_is_refused "an id that was used with other content is refused";
        "C11" c11_failures_are_not_remembered "the id of a commit that failed is free";
        "C12" c12_receipts_tell_where "a receipt tells versions in the commit's order";
        "C13" c13_twenty_thousand_events "commits of 20,000 events work";
        "C14" c14_sixty_five_thousand_claims "commits and look-ups of 65,536 claims work";
        "C15" c15_byte_for_byte "what was written is read back byte for byte";
        "R01" r01_streams_by_page "a stream is read from a version on, each event once";
        "R02" r02_no_stream_is_an_empty_page "a stream without events is an empty page";
        "R03" r03_no_page_is_too_long "no page is too long, and `next` tells of more";
        "R04" r04_the_feed_in_commit_order "the feed has every event once in commit order";
        "R05" r05_foreign_positions_are_refused "a position of another feed is refused";
        "R06" r06_heads_of_all_brands "the heads are every brand that has events, once";
        "T01" t01_brands_are_apart "what is the same in two brands is not shared";
        "T02" t02_one_writer_wins "of commits that race for a version one is made";
        "T03" t03_one_claim_wins "of commits that race for a key one is made";
        "T04" t04_the_same_commit_is_made_once "a commit made many times at once is made once";
        "T05" t05_nothing_turns_up_behind_a_reader "nothing turns up behind a reader";
        "T06" t06_reopened_as_it_was "a store that is opened again has everything";
    } };
}

crate::__event_store_clauses! { clause_table }
