//! Why a batch could not be exported.

use std::io;
use std::ops::Range;

use dpp_core::identity::MintBatchId;

/// Why a batch could not be exported. What was written of a pack until then is worth nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The batch has no units yet. Wait until its job has made some.
    #[error("batch `{0}` has no units that could be exported")]
    NoUnits(MintBatchId),
    /// The units given are another batch's than the pack's. Pass those that the packs were
    /// made of.
    #[error("the pack is one of batch `{expected}`, and the units are those of batch `{found}`")]
    OtherBatch {
        /// The pack's batch.
        expected: MintBatchId,
        /// The batch whose units were given.
        found: MintBatchId,
    },
    /// The units given were read before the pack's were made. Read them again.
    #[error("the pack has units {} to {}, and {minted} were made", .units.start, .units.end)]
    NotMade {
        /// The indexes of the pack's units.
        units: Range<u32>,
        /// How many units had been made when they were read.
        minted: u32,
    },
    /// The batch has serials of the brand's own, and none were given, or those of other units.
    /// Pass those that the reads have for the pack's indexes.
    #[error(
        "the serials of units {} to {} of batch `{batch}` are the brand's own, and other ones or \
         none were given",
        .units.start, .units.end
    )]
    SerialsNeeded {
        /// The pack's batch.
        batch: MintBatchId,
        /// The indexes of the pack's units.
        units: Range<u32>,
    },
    /// The batch has no serials of the brand's own, yet some were given. Pass none.
    #[error("batch `{0}` derives its serials, and others were given")]
    SerialsNotNeeded(MintBatchId),
    /// A unit has no serial: the text that was given for it is none, or the log was damaged.
    #[error("unit {index} of batch `{batch}` has no valid serial")]
    NoSerial {
        /// The batch.
        batch: MintBatchId,
        /// The unit's index.
        index: u32,
    },
    /// The pack could not be written to where it should go. Mend that, and write it again.
    #[error("the pack could not be written: {0}")]
    Io(#[from] io::Error),
}
