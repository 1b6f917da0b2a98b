//! What happens after units were made: activations, revocations, exports.

use super::{History, Write};
use crate::export::{
    EXPORT_RETENTION, ExportCompleted, ExportEvent, ExportExpired, ExportFacts, ExportFormat,
    ExportRequested,
};
use crate::identity::MintBatchId;
use crate::store::ExportRecord;
use crate::store::log::{StreamId, StreamKind};
use crate::testing::kit::Checked;
use crate::unit::{
    LotActivated, LotEvent, UnitActivated, UnitEvent, UnitRevoked, UnitSet, UnitsEvent,
    UnitsRevoked,
};
use crate::{ExportId, Reason};

impl History<'_> {
    fn unit_write(&self, batch: MintBatchId, index: u32, event: &UnitEvent) -> Checked<Write> {
        let identity = self.told(batch)?.identity();
        let Some(unit) = identity.and_then(|identity| identity.unit(index)) else {
            return Err(self
                .case
                .violation("the kit tells of a unit that cannot be"));
        };
        let stream = StreamId::new(StreamKind::MintUnit, *unit.id.as_uuid());
        Ok((stream, vec![self.body(event)?]))
    }

    /// Activates units one by one, in one commit.
    pub(in super::super) async fn activate(
        &mut self,
        mint_batch_id: MintBatchId,
        indexes: &[u32],
    ) -> Checked {
        let writes = indexes.iter().map(|&index| {
            let event = UnitEvent::Activated(UnitActivated {
                mint_batch_id,
                index,
            });
            self.unit_write(mint_batch_id, index, &event)
        });
        let writes: Checked<Vec<_>> = writes.collect();
        self.commit(writes?, None).await?;
        if let Some(told) = self.batches.get_mut(&mint_batch_id) {
            told.activated.extend(indexes);
        }
        Ok(())
    }

    /// Revokes units one by one, in one commit.
    pub(in super::super) async fn revoke(
        &mut self,
        mint_batch_id: MintBatchId,
        indexes: &[u32],
    ) -> Checked {
        let reason: Reason = self.case.read("they were lost")?;
        let writes = indexes.iter().map(|&index| {
            let event = UnitEvent::Revoked(UnitRevoked {
                mint_batch_id,
                index,
                reason: Reason::clone(&reason),
            });
            self.unit_write(mint_batch_id, index, &event)
        });
        let writes: Checked<Vec<_>> = writes.collect();
        self.commit(writes?, None).await?;
        if let Some(told) = self.batches.get_mut(&mint_batch_id) {
            told.revoked.extend(indexes);
        }
        Ok(())
    }

    /// Revokes units of a batch together.
    pub(in super::super) async fn revoke_together(
        &mut self,
        batch: MintBatchId,
        indexes: &[u32],
    ) -> Checked {
        let units: UnitSet = indexes.iter().copied().collect();
        let event = UnitsEvent::Revoked(UnitsRevoked {
            count: units.len(),
            units,
            reason: self.case.read("they were recalled")?,
        });
        let stream = StreamId::new(StreamKind::UnitRevocations, *batch.as_uuid());
        let write = (stream, vec![self.body(&event)?]);
        self.commit(vec![write], None).await?;
        if let Some(told) = self.batches.get_mut(&batch) {
            told.revoked.extend(indexes);
        }
        Ok(())
    }

    /// Activates a lot, by its number.
    pub(in super::super) async fn activate_lot(
        &mut self,
        mint_batch_id: MintBatchId,
        lot: u32,
    ) -> Checked {
        let told = self.told(mint_batch_id)?;
        let place = lot as usize;
        let lots = &told.facts().lots;
        let ids = told.identity().map(|identity| identity.lot_ids(lots));
        let id = ids.and_then(|ids| ids.get(place).copied());
        let code = lots.as_slice().get(place).map(|lot| lot.lot_code);
        let Some((id, lot_code)) = id.zip(code) else {
            return Err(self.case.violation("the kit tells of a lot that cannot be"));
        };
        let event = LotEvent::Activated(LotActivated {
            mint_batch_id,
            lot,
            lot_code,
        });
        let stream = StreamId::new(StreamKind::MintLot, *id.as_uuid());
        let write = (stream, vec![self.body(&event)?]);
        self.commit(vec![write], None).await?;
        if let Some(told) = self.batches.get_mut(&mint_batch_id) {
            told.lots.insert(lot);
        }
        Ok(())
    }

    /// Asks for an export.
    pub(in super::super) async fn request_export(
        &mut self,
        export_id: ExportId,
        mint_batch_id: MintBatchId,
        format: ExportFormat,
    ) -> Checked {
        let facts = ExportFacts {
            mint_batch_id,
            format,
            units: 1,
            profile: None,
        };
        let event = ExportEvent::Requested(ExportRequested {
            facts,
            expires_at: self.now.after(EXPORT_RETENTION),
        });
        self.tell_export(export_id, &event).await?;
        let record = ExportRecord {
            export_id,
            mint_batch_id,
            format,
            completed: false,
            requested_at: self.now,
        };
        self.exports.insert(export_id, record);
        Ok(())
    }

    pub(in super::super) async fn complete_export(&mut self, export: ExportId) -> Checked {
        let event = ExportEvent::Completed(ExportCompleted {
            packs: 1,
            expires_at: self.now.after(EXPORT_RETENTION),
        });
        self.tell_export(export, &event).await?;
        if let Some(record) = self.exports.get_mut(&export) {
            record.completed = true;
        }
        Ok(())
    }

    /// Lets the files of an export go. What is told of it stays.
    pub(in super::super) async fn expire_export(&mut self, export: ExportId) -> Checked {
        let event = ExportEvent::Expired(ExportExpired { packs: 1 });
        self.tell_export(export, &event).await
    }

    async fn tell_export(&mut self, export: ExportId, event: &ExportEvent) -> Checked {
        let stream = StreamId::new(StreamKind::Export, *export.as_uuid());
        let write = (stream, vec![self.body(event)?]);
        self.commit(vec![write], None).await
    }
}
