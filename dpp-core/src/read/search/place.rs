//! Where a search goes on.

use uuid::Uuid;

use crate::identity::MintBatchId;
use crate::ids::ExportId;
use crate::read::listing::CursorKey;
use crate::store::{JobKey, ProvidedSerial};

/// The stages of a search, in their order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Stage {
    #[default]
    Serials,
    Provided,
    Batches,
    Exports,
    UnitIds,
}

impl Stage {
    const ALL: [Self; 5] = [
        Self::Serials,
        Self::Provided,
        Self::Batches,
        Self::Exports,
        Self::UnitIds,
    ];

    pub(super) fn next(self) -> Option<Self> {
        let at = Self::ALL.iter().position(|stage| *stage == self)?;
        Self::ALL.get(at + 1).copied()
    }
}

/// Where a search goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) stage: Stage,
    pub(super) behind: Behind,
}

/// Behind what of its stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Behind {
    #[default]
    Nothing,
    /// Behind a batch.
    Batch(JobKey),
    /// Inside a batch, from there on.
    Within(JobKey, u64),
    Provided(ProvidedSerial),
    Export(ExportId),
}

impl Behind {
    /// The batch behind which the next begins.
    pub(super) const fn batch(self) -> Option<JobKey> {
        match self {
            Self::Batch(key) | Self::Within(key, _) => Some(key),
            _ => None,
        }
    }
}

impl From<Option<JobKey>> for Behind {
    fn from(last: Option<JobKey>) -> Self {
        last.map_or(Self::Nothing, Self::Batch)
    }
}

impl CursorKey for Place {
    fn push_to(&self, bytes: &mut Vec<u8>) {
        let stage = Stage::ALL.iter().position(|stage| *stage == self.stage);
        bytes.push(
            stage
                .and_then(|stage| u8::try_from(stage).ok())
                .unwrap_or(0),
        );
        match self.behind {
            Behind::Nothing => bytes.push(0),
            Behind::Batch(key) => {
                bytes.push(1);
                key.push_to(bytes);
            }
            Behind::Within(key, from) => {
                bytes.push(2);
                (key, from).push_to(bytes);
            }
            Behind::Provided(row) => {
                bytes.push(3);
                bytes.extend_from_slice(row.batch.as_uuid().as_bytes());
                row.index.push_to(bytes);
                bytes.extend_from_slice(row.serial.as_bytes());
            }
            Behind::Export(export) => {
                bytes.push(4);
                bytes.extend_from_slice(export.as_uuid().as_bytes());
            }
        }
    }

    fn take_from(bytes: &mut &[u8]) -> Option<Self> {
        let [stage, kind] = <[u8; 2]>::take_from(bytes)?;
        let uuid = |bytes: &mut &[u8]| <[u8; 16]>::take_from(bytes).map(Uuid::from_bytes);
        let behind = match kind {
            0 => Behind::Nothing,
            1 => Behind::Batch(JobKey::take_from(bytes)?),
            2 => {
                let (key, from) = <(JobKey, u64)>::take_from(bytes)?;
                Behind::Within(key, from)
            }
            3 => {
                let batch = MintBatchId::try_from(uuid(bytes)?).ok()?;
                let index = u32::take_from(bytes)?;
                let serial = std::str::from_utf8(std::mem::take(bytes)).ok()?;
                Behind::Provided(ProvidedSerial {
                    serial: serial.parse().ok()?,
                    batch,
                    index,
                })
            }
            4 => Behind::Export(ExportId::from_uuid(uuid(bytes)?)),
            _ => return None,
        };
        let stage = *Stage::ALL.get(usize::from(stage))?;
        Some(Self { stage, behind })
    }
}
