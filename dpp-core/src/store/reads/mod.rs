//! The read port: what is kept beside the log so that it can be found.

mod batch_fold;
mod error;
mod exports;
mod queries;
mod records;
mod stored;
mod told;

use std::fmt::Debug;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;

pub use batch_fold::BatchFold;
pub use error::ReadStoreError;
pub use exports::{DueExport, DueExports, ExportRecord};
pub use queries::{BatchQuery, Entity, EntityKind, EventQuery, ExportQuery, Order};
pub use records::{
    BatchRecord, BrandCounters, CycleRecord, JobKey, ProvidedSerial, RunnableJob, RunnableJobs,
};
pub use told::{OfBatch, Told};

use super::log::{PageLimit, Position, RecordedEvent};
use crate::gs1::Gtin;
use crate::identity::serial::SerialDirectory;
use crate::identity::{BatchPrefix, MintBatchId};
use crate::ids::{BrandId, ExportId, ProductId};
use crate::time::Timestamp;
use crate::unit::UnitExceptions;

/// What is kept beside the log so that it can be found: jobs and batches, the units that are
/// not as their batch is, events, exports, counters.
///
/// What can be computed (pages of units, what a search finds inside a batch) is computed by
/// [`Reads`](crate::read::Reads) over this port.
///
/// # Contract
///
/// Each clause has a test of the same number in the read conformance kit
/// (`dpp_core::testing::read_conformance`, feature `testing`).
///
/// - **A01** An answer includes every commit to the log that had returned before the question
///   was asked.
/// - **A02** Brands are apart: nothing of one brand is in an answer for another, and a thing of
///   another brand answers as one that does not exist.
/// - **A03** What is not there is an empty answer, not an error.
/// - **A04** No answer is longer than the limit; a shorter one says that nothing follows.
///
/// Jobs and batches:
///
/// - **B01** A [record](BatchRecord) is the fold of its batch's stream: its facts, states,
///   cycles, times and failure.
/// - **B02** A batch is found by its id and by its prefix, and many are found at once.
/// - **B03** Batches are listed by [key](JobKey) in either order; reading on from the key of
///   the last gives every batch once, also while batches are added.
/// - **B04** Only batches for which all of the [query](BatchQuery) holds are listed; each part
///   of it works alone and with the others.
/// - **B05** Runnable jobs come oldest first: queued ones, and those whose lease has run out,
///   which it has at the time that it names. Jobs that are held, preflighted or over are left
///   out.
/// - **B06** The products of a GTIN are those that batches were accepted with it for, each once.
///
/// Serials:
///
/// - **S01** The directory of a product knows the batch of each serial that its pool handed out.
/// - **S02** Provided serials are found by prefix, byte for byte, in their order; all begin with
///   the empty text. Reading on from the last gives each once.
///
/// Units:
///
/// - **U01** Activated and revoked units are exceptions of their batch, each once, and of no
///   other batch.
/// - **U02** Units that were revoked together are exceptions like those that were revoked one
///   by one.
/// - **U03** An activated lot is an exception of its batch.
/// - **U04** The order in which activations and revocations were committed changes nothing.
/// - **U05** The counts of a record are those of its units with their exceptions, also after
///   voiding, and while units are still made.
/// - **U06** The exceptions within a range of units are those of the whole batch, as far as the
///   range goes, with all lots; so are those that come with their batch.
///
/// Events, exports, counters:
///
/// - **E01** Events are listed in feed order, or against it, each once, also while events are
///   added; they are as they were committed.
/// - **E02** Only events for which all of the [query](EventQuery) holds are listed.
/// - **X01** A [record](ExportRecord) of an export is the fold of its stream: its batch, its
///   format, its times, its failures, and where it stands. It is found by its id.
/// - **X02** Exports are listed by id in either order, those only for which all of the
///   [query](ExportQuery) holds; reading on from the last gives every export once, also while
///   exports are added.
/// - **X03** Runnable exports come in the order in which they were asked for, those of the same
///   moment by id: those that nobody holds, and those whose lock or rest after a failure is over,
///   which it is at the time that it names. Exports that are completed, or whose time is over,
///   are left out.
/// - **X04** Expiring exports are those whose time is over, which it is at the time that it
///   names, and whose files are not gone: the one whose time was over first in front, those of
///   the same moment by id.
/// - **K01** The counters of a brand are the sums over its batches and exports.
#[async_trait]
pub trait ReadStore: Debug + Send + Sync {
    /// The jobs that a worker may take now, of all brands, the one that was accepted first in
    /// front: queued ones, and ones that were reserved or begun and are held by nobody any
    /// more. A brand whose log has what this release cannot read is left out, and named: it
    /// must not keep the others back.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read at all.
    async fn runnable_jobs(
        &self,
        now: Timestamp,
        limit: PageLimit,
    ) -> Result<RunnableJobs, ReadStoreError>;

    /// A batch of a brand.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read.
    async fn batch(
        &self,
        brand: BrandId,
        batch: MintBatchId,
    ) -> Result<Option<Arc<BatchRecord>>, ReadStoreError>;

    /// The batches of a brand with these ids, in any order; those that it does not have are left
    /// out. A listing asks this once a page.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read.
    async fn batches_with_ids(
        &self,
        brand: BrandId,
        batches: &[MintBatchId],
    ) -> Result<Vec<Arc<BatchRecord>>, ReadStoreError>;

    /// The batch of a brand whose id begins with this prefix, with what
    /// [`exceptions_within`](Self::exceptions_within) says of these units at the same moment: all
    /// that a scan has to know, in one question.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read.
    async fn batch_with_units(
        &self,
        brand: BrandId,
        prefix: BatchPrefix,
        units: Range<u32>,
    ) -> Result<Option<BatchFold>, ReadStoreError>;

    /// The batch of a brand whose id begins with this prefix.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read.
    async fn batch_by_prefix(
        &self,
        brand: BrandId,
        prefix: BatchPrefix,
    ) -> Result<Option<Arc<BatchRecord>>, ReadStoreError>;

    /// Batches of a brand by [key](JobKey), those beyond `after` in the order of reading.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read.
    async fn batches(
        &self,
        brand: BrandId,
        query: &BatchQuery,
        order: Order,
        after: Option<JobKey>,
        limit: PageLimit,
    ) -> Result<Vec<Arc<BatchRecord>>, ReadStoreError>;

    /// The products that batches with this GTIN were accepted for, in the order of their ids.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read.
    async fn products_with_gtin(
        &self,
        brand: BrandId,
        gtin: Gtin,
    ) -> Result<Vec<ProductId>, ReadStoreError>;

    /// What the serial pool of a product has handed out; none if it was never used.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read.
    async fn serial_directory(
        &self,
        brand: BrandId,
        product: ProductId,
    ) -> Result<Option<Arc<SerialDirectory>>, ReadStoreError>;

    /// The serials that a brand brought itself and that begin with this text, in their order,
    /// those after `after`, which need not begin with it.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read.
    async fn provided_serials(
        &self,
        brand: BrandId,
        prefix: &str,
        after: Option<ProvidedSerial>,
        limit: PageLimit,
    ) -> Result<Vec<ProvidedSerial>, ReadStoreError>;

    /// The units of a batch that are not as their batch is; an empty answer if nothing
    /// happened to them, or there is no such batch.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read.
    async fn unit_exceptions(
        &self,
        brand: BrandId,
        batch: MintBatchId,
    ) -> Result<Arc<UnitExceptions>, ReadStoreError>;

    /// What [`unit_exceptions`](Self::unit_exceptions) says of the units with these indexes and
    /// of all lots. What it says of other units means nothing: they may be there or not.
    ///
    /// A scan and a page ask this, so that a store need not read what happened to a million
    /// units for the sake of one.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read.
    async fn exceptions_within(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        units: Range<u32>,
    ) -> Result<Arc<UnitExceptions>, ReadStoreError>;

    /// Exports of a brand by id, those beyond `after` in the order of reading, which the query
    /// need not hold for.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read.
    async fn exports(
        &self,
        brand: BrandId,
        query: &ExportQuery,
        order: Order,
        after: Option<ExportId>,
        limit: PageLimit,
    ) -> Result<Vec<ExportRecord>, ReadStoreError>;

    /// The exports that a worker may take now, of all brands, the one that was asked for first
    /// in front. A brand whose log has what this release cannot read is left out, and named: it
    /// must not keep the others back.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read at all.
    async fn runnable_exports(
        &self,
        now: Timestamp,
        limit: PageLimit,
    ) -> Result<DueExports, ReadStoreError>;

    /// The exports whose time is over and whose files are not gone, of all brands, the one whose time was over first in
    /// front. Brands are left out as of [`runnable_exports`](Self::runnable_exports).
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read at all.
    async fn expiring_exports(
        &self,
        now: Timestamp,
        limit: PageLimit,
    ) -> Result<DueExports, ReadStoreError>;

    /// Events of a brand by position, those beyond `after` in the order of reading.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read.
    async fn events(
        &self,
        brand: BrandId,
        query: &EventQuery,
        order: Order,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<Vec<RecordedEvent>, ReadStoreError>;

    /// What is counted of a brand.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read.
    async fn counters(&self, brand: BrandId) -> Result<BrandCounters, ReadStoreError>;
}
