//! What an event of the log tells a read side.

use crate::export::ExportEvent;
use crate::identity::MintBatchId;
use crate::ids::ExportId;
use crate::mint::{MintEvent, PoolEvent, QuotaEvent};
use crate::store::codec::{Codec, DecodeError};
use crate::store::log::{NewEvent, StreamId, StreamKind};
use crate::unit::{LotEvent, UnitEvent, UnitsEvent};

/// What an event of the log tells a read side, decoded.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Told {
    /// Something of a batch or of its units.
    OfBatch(MintBatchId, OfBatch),
    /// Something of an export.
    OfExport(ExportId, ExportEvent),
    /// Nothing that reads keep.
    Nothing,
}

/// What an event tells of a batch, or of its units and lots.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are of the large one, and none is kept"
)]
pub enum OfBatch {
    /// Of the job and the batch.
    Mint(MintEvent),
    /// Of one unit.
    Unit(UnitEvent),
    /// Of one lot.
    Lot(LotEvent),
    /// Of many units at once.
    Units(UnitsEvent),
}

impl Told {
    /// What an event of this stream tells. One that reads keep nothing of is decoded, too: a
    /// read side must not pass over what this release does not know.
    ///
    /// # Errors
    /// [`DecodeError`] when the event is unknown, newer than this release, or damaged.
    pub fn by(codec: &Codec, stream: StreamId, event: &NewEvent) -> Result<Self, DecodeError> {
        Ok(match stream.kind() {
            StreamKind::MintBatch => Self::of_stream(stream, OfBatch::Mint(codec.decode(event)?)),
            StreamKind::UnitRevocations => {
                Self::of_stream(stream, OfBatch::Units(codec.decode(event)?))
            }
            StreamKind::MintUnit => {
                let event = codec.decode(event)?;
                let batch = match &event {
                    UnitEvent::Activated(event) => event.mint_batch_id,
                    UnitEvent::Revoked(event) => event.mint_batch_id,
                };
                Self::OfBatch(batch, OfBatch::Unit(event))
            }
            StreamKind::MintLot => {
                let event = codec.decode(event)?;
                let LotEvent::Activated(activated) = &event;
                Self::OfBatch(activated.mint_batch_id, OfBatch::Lot(event))
            }
            StreamKind::Export => {
                Self::OfExport(ExportId::from_uuid(*stream.id()), codec.decode(event)?)
            }
            StreamKind::SerialPool => {
                let _known: PoolEvent = codec.decode(event)?;
                Self::Nothing
            }
            StreamKind::ProductBatch => {
                let _known: QuotaEvent = codec.decode(event)?;
                Self::Nothing
            }
        })
    }

    /// A stream whose id is that of no batch tells nothing.
    fn of_stream(stream: StreamId, told: OfBatch) -> Self {
        match MintBatchId::try_from(*stream.id()) {
            Ok(batch) => Self::OfBatch(batch, told),
            Err(_) => Self::Nothing,
        }
    }
}
