//! The scan port: what is kept of scans, and counted.

mod answers;
mod day;
mod error;

use std::fmt::Debug;

use async_trait::async_trait;

pub use answers::{BatchScans, DayScans, ProductScans, ScanQuery, UnitScans};
pub use day::{ScanDay, ScanDayError, ScanDays};
pub use error::{ScanAppendError, ScanStoreError};

use super::log::PageLimit;
use crate::identity::MintBatchId;
use crate::ids::{BrandId, ProductId};
use crate::resolver::ScanRecord;

/// Where scans are kept.
///
/// Telemetry may lose scans, but never invents any: a scan is appended at most once, by whoever
/// appends through [`ScanQueue`](crate::service::ScanQueue). How durable it is then, the store
/// says.
///
/// Every answer counts the scans that are kept. What was forgotten is gone from all of them: the
/// first scan of a unit is then the first that is left. (A unit that a scan activated has the time
/// of that scan in the log, whatever is forgotten here.)
///
/// A store keeps the whole [`ScanRecord`], for the host's own analysis; the questions here do not
/// ask for all of it, and no clause reads it back.
///
/// # Contract
///
/// Each clause has a test of the same number in the conformance kit
/// (`dpp_core::testing::scan_conformance`, feature `testing`).
///
/// Appending:
///
/// - **T01** Scans of any number of brands are appended in one call, in any order of their times.
///   Each is counted in every answer that is asked for after the call has returned; scans that are
///   alike, in one call or in two, are as many scans.
/// - **T02** All or nothing: the scans of one call are seen together, over all brands, or not at
///   all.
/// - **T03** Calls with 10,000 scans work, also with the longest texts; one with none does
///   nothing.
///
/// Counting:
///
/// - **T04** Scans are counted by the day of their time in UTC, whenever they were appended: one
///   row for each day of the range that has any, both ends included, the first day in front.
/// - **T05** Only scans for which all of the [query](ScanQuery) holds are counted; each part of it
///   works alone and with the other.
/// - **T06** Products come with all scans that led to them or to something of theirs, the most
///   scanned in front, those with as many scans by id, and no more of them than asked for.
/// - **T07** So do batches, with the scans of their lots and units; of one product, if one is
///   named. A scan of a product as such is of no batch.
/// - **T08** A unit tells when its first and last scans were, by their times, and how many there
///   are; a lot of the same number and a unit of another batch are none of it.
/// - **T09** Brands are apart: nothing of one brand is counted for another.
/// - **T10** What is not there is an empty answer, not an error; so is a range that ends before it
///   begins.
///
/// Forgetting:
///
/// - **T11** The scans of all brands and of every day before the one that is named are removed,
///   and how many is told; those of that day and later stay. Forgetting again removes nothing.
/// - **T12** Scans of a day that was forgotten can be appended like any others.
#[async_trait]
pub trait ScanStore: Debug + Send + Sync {
    /// Appends scans: all of them, or none.
    ///
    /// # Errors
    /// See [`ScanAppendError`]; of these only `Unknown` leaves open whether they were appended.
    async fn append(&self, scans: &[ScanRecord]) -> Result<(), ScanAppendError>;

    /// How many scans of a brand each day had.
    ///
    /// # Errors
    /// [`ScanStoreError`] when the store fails.
    async fn by_day(
        &self,
        brand: BrandId,
        query: &ScanQuery,
        days: ScanDays,
    ) -> Result<Vec<DayScans>, ScanStoreError>;

    /// The products of a brand that were scanned most on these days.
    ///
    /// # Errors
    /// [`ScanStoreError`] when the store fails.
    async fn by_product(
        &self,
        brand: BrandId,
        days: ScanDays,
        limit: PageLimit,
    ) -> Result<Vec<ProductScans>, ScanStoreError>;

    /// The batches of a brand, or of one product, that were scanned most on these days.
    ///
    /// # Errors
    /// [`ScanStoreError`] when the store fails.
    async fn by_batch(
        &self,
        brand: BrandId,
        product: Option<ProductId>,
        days: ScanDays,
        limit: PageLimit,
    ) -> Result<Vec<BatchScans>, ScanStoreError>;

    /// The first and the last scan of a unit, and how many there are; none if none is kept.
    ///
    /// # Errors
    /// [`ScanStoreError`] when the store fails.
    async fn of_unit(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        index: u32,
    ) -> Result<Option<UnitScans>, ScanStoreError>;

    /// Removes all scans of all brands before this day, and tells how many.
    ///
    /// # Errors
    /// [`ScanStoreError`] when the store fails; some may be gone then.
    async fn forget_before(&self, day: ScanDay) -> Result<u64, ScanStoreError>;
}
