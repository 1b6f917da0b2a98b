//! What the packs of an export are made from.

use super::{ExportError, ExportService, HeldExport};
use crate::export::Slice;
use crate::identity::ProvidedSerials;
use crate::read::{AsOf, BatchUnits, UnitStatuses};
use crate::service::journal::{JournalError, export_stream};
use crate::store::log::{PageLimit, RecordedEvent, Version};
use crate::time::Timestamp;

/// What all packs of an export are made from: the units of its batch, and where they stood when
/// it was asked for.
#[derive(Debug, Clone)]
pub struct PackSource {
    /// The units of the batch, of which more may have been made since: take those of a pack's
    /// slice.
    pub units: BatchUnits,
    /// Where they stood.
    pub statuses: UnitStatuses,
    /// When the export was asked for.
    pub requested_at: Timestamp,
}

impl ExportService {
    /// What the packs of an export are made from. It is the same whenever and by whom it is
    /// asked, so that packs have the same bytes.
    ///
    /// # Errors
    /// [`ExportError::Journal`] and [`ExportError::Reads`] when the log failed, or was damaged.
    pub async fn source(&self, held: &HeldExport) -> Result<PackSource, ExportError> {
        let requested = self.requested(held).await?;
        let scope = held.scope.to_read();
        let batch = held.export().facts.mint_batch_id;
        let reads = &self.inner.reads;
        let units = reads.batch_units(&scope, batch).await?;
        let as_of = AsOf::Position(requested.position);
        let statuses = reads.unit_statuses_as_of(&scope, batch, as_of).await?;
        Ok(PackSource {
            units,
            statuses: statuses.ok_or(ExportError::NoSuchBatch(batch))?,
            requested_at: requested.event.metadata.at,
        })
    }

    /// The serials of a pack that the brand brought itself; none if its batch derives them.
    ///
    /// # Errors
    /// [`ExportError::Reads`] when the log failed, or was damaged.
    pub async fn provided(
        &self,
        held: &HeldExport,
        source: &PackSource,
        slice: &Slice,
    ) -> Result<Option<ProvidedSerials>, ExportError> {
        let scope = held.scope.to_read();
        let reads = &self.inner.reads;
        Ok(reads
            .provided(&scope, &source.units, slice.indexes())
            .await?)
    }

    /// A name that nothing else has, for a file that is being written.
    ///
    /// # Errors
    /// [`ExportError::Journal`] when there is no entropy.
    pub fn temporary_name(&self) -> Result<String, ExportError> {
        Ok(self.host().name()?)
    }

    /// The first event of an export.
    async fn requested(&self, held: &HeldExport) -> Result<RecordedEvent, ExportError> {
        let stream = export_stream(held.id());
        let log = self.journal().store();
        let one = PageLimit::new(1);
        let page = log.read_stream(held.brand(), stream, Version::FIRST, one);
        let first = page.await?.events.into_iter().next();
        Ok(first.ok_or(JournalError::Missing { stream })?)
    }
}
