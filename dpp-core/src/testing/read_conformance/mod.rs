//! The conformance kit of the read port: one check for each numbered clause of the contract of
//! [`ReadStore`](crate::store::ReadStore).
//!
//! Whoever keeps what reads need beside the log, in tables or wherever else, writes one test
//! file:
//!
//! ```
//! use std::sync::Arc;
//!
//! use dpp_core::read::ReadFold;
//! use dpp_core::read_conformance;
//! use dpp_core::testing::read_conformance::ReadFixture;
//! use dpp_store_memory::MemoryStore;
//!
//! fn my_reads() -> ReadFixture {
//!     ReadFixture::new(|| async {
//!         let log = Arc::new(MemoryStore::default());
//!         (log.clone(), Arc::new(ReadFold::new(log)))
//!     })
//! }
//!
//! read_conformance!(my_read_side, my_reads());
//! # fn main() {}
//! ```
//!
//! and gets one test per clause, named like `my_read_side::b03_batches_by_key_in_either_order`.
//! [`ReadFixture`] says how a log is opened together with its read side, and how their futures
//! are driven. Without the macro, [`check_all`] gives every [`Violation`], and each clause can
//! be called alone.
//!
//! The log has to pass the [kit of the log port](super::conformance) first: this one takes it
//! at its word. It commits the library's own events, as the services do, and compares the
//! answers with what follows from them by plain filtering, sorting and counting. It takes
//! brands of its own in each run, so many runs can share one database, also at the same time;
//! everything is bounded by counts, not by time.

mod batches;
mod case;
mod empty;
mod events;
mod exports;
mod exports_due;
mod fixture;
mod fresh;
mod history;
mod listings;
mod serials;
mod totals;
mod units;
mod whole;

use super::kit::{self, clause_table};

pub use super::kit::Violation;
pub use batches::*;
pub use empty::*;
pub use events::*;
pub use exports::*;
pub use exports_due::*;
pub use fixture::ReadFixture;
pub use fresh::*;
pub use listings::*;
pub use serials::*;
pub use totals::*;
pub use units::*;
pub use whole::*;

/// One clause of the contract, and its check.
pub type Clause = kit::Clause<ReadFixture>;

impl Clause {
    /// Checks it on the executor that the fixture names.
    ///
    /// # Errors
    /// The [`Violation`], when the read side does not keep the clause.
    pub fn check(&self, fixture: &ReadFixture) -> Result<(), Violation> {
        self.check_in(&fixture.run, fixture)
    }
}

/// What of the contract a read side does not keep; nothing for one that conforms.
pub fn check_all(fixture: &ReadFixture) -> Vec<Violation> {
    let checked = CLAUSES.iter().map(|clause| clause.check(fixture));
    checked.filter_map(Result::err).collect()
}

/// Makes a module of this name with one test per clause. The second argument makes the
/// [`ReadFixture`](crate::testing::read_conformance::ReadFixture); it is evaluated anew for
/// each test.
///
/// For one store that is log and read side, and that needs a runtime:
///
/// ```
/// use std::sync::Arc;
///
/// use dpp_core::read_conformance;
/// use dpp_core::testing::read_conformance::ReadFixture;
/// # use dpp_core::read::ReadFold;
/// # use dpp_store_memory::MemoryStore;
/// # struct Runtime;
/// # impl Runtime {
/// #     fn new() -> Self { Self }
/// #     fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
/// #         futures::executor::block_on(future)
/// #     }
/// # }
/// # async fn connect() -> (Arc<MemoryStore>, Arc<ReadFold>) {
/// #     let log = Arc::new(MemoryStore::default());
/// #     (log.clone(), Arc::new(ReadFold::new(log)))
/// # }
///
/// fn in_tables() -> ReadFixture {
///     let runtime = Runtime::new();
///     ReadFixture::new(|| async {
///         let (log, reads) = connect().await; // the same `Arc` twice, where one store is both
///         (log, reads)
///     })
///     .run_with(move |future| runtime.block_on(future))
/// }
///
/// read_conformance!(my_tables, in_tables());
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! read_conformance {
    ($name:ident, $fixture:expr $(,)?) => {
        mod $name {
            #[allow(unused_imports, reason = "the fixture may need none")]
            use super::*;

            fn fixture() -> $crate::testing::read_conformance::ReadFixture {
                $fixture
            }

            $crate::__read_clauses! { $crate::__read_tests }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __read_tests {
    ($($id:literal $name:ident $sentence:literal;)*) => {$(
        #[test]
        fn $name() -> ::core::result::Result<(), $crate::testing::read_conformance::Violation> {
            $crate::testing::read_conformance::check($id, &fixture())
        }
    )*};
}

/// Checks the clause with this number.
#[doc(hidden)]
pub fn check(id: &'static str, fixture: &ReadFixture) -> Result<(), Violation> {
    let clause = CLAUSES.iter().find(|clause| clause.id == id);
    let none = || Err(Violation::new(id, "there is no such clause"));
    clause.map_or_else(none, |clause| clause.check(fixture))
}

/// The one list of the clauses, from which both the table and the tests are made.
#[doc(hidden)]
#[macro_export]
macro_rules! __read_clauses {
    ($($callback:tt)*) => { $($callback)*! {
        "A01" a01_every_commit_is_in_the_answer "an answer includes every commit that had returned";
        "A02" a02_brands_are_apart "nothing of one brand is in an answer for another";
        "A03" a03_nothing_is_an_empty_answer "what is not there is an empty answer, no error";
        "A04" a04_no_answer_is_too_long "no answer is too long, and a shorter one is the end";
        "B01" b01_a_record_is_the_fold "a record is the fold of its batch's stream";
        "B02" b02_by_id_and_by_prefix "a batch is found by its id and by its prefix";
        "B03" b03_batches_by_key_in_either_order "each batch is listed once, by key";
        "B04" b04_batches_for_which_all_holds "only batches for which a query holds are listed";
        "B05" b05_runnable_jobs_oldest_first "jobs that nobody holds run, the oldest first";
        "B06" b06_products_of_a_gtin "the products of a GTIN are found, each once";
        "S01" s01_serials_know_their_batch "a directory knows the batch of each serial";
        "S02" s02_provided_serials_by_prefix "provided serials are found byte for byte";
        "U01" u01_units_are_exceptions "activated and revoked units are exceptions";
        "U02" u02_units_that_were_revoked_together "so are units that were revoked together";
        "U03" u03_lots_are_exceptions "an activated lot is an exception";
        "U04" u04_order_changes_nothing "the order of activations and revocations is nothing";
        "U05" u05_counts_of_units "counts are those of the units with their exceptions";
        "U06" u06_exceptions_within_a_range "exceptions of a range are those of the whole";
        "E01" e01_events_as_they_were_committed "each event is listed once, in feed order";
        "E02" e02_events_for_which_all_holds "only events for which a query holds are listed";
        "X01" x01_a_record_of_an_export_is_the_fold "a record of an export is the fold of its stream";
        "X02" x02_exports_by_id_in_either_order "each export is listed once, by id";
        "X03" x03_runnable_exports_oldest_first "exports that nobody holds run, the oldest first";
        "X04" x04_expiring_exports_oldest_first "exports whose time is over expire, the oldest first";
        "K01" k01_counters_are_sums "counters are the sums over batches and exports";
    } };
}

crate::__read_clauses! { clause_table }
