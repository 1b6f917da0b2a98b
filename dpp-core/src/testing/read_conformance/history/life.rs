//! What happens after units were made: activations, revocations.

use super::{History, Write};
use crate::Reason;
use crate::identity::MintBatchId;
use crate::store::log::{StreamId, StreamKind};
use crate::testing::kit::Checked;
use crate::unit::{
    LotActivated, LotEvent, UnitActivated, UnitEvent, UnitRevoked, UnitSet, UnitsEvent,
    UnitsRevoked,
};

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
}
