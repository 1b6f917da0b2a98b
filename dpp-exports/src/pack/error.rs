//! Why the file of a pack could not be made.

use std::io;
use std::ops::Range;

use dpp_core::identity::MintBatchId;

use crate::bundle::{BundleError, CodesError};
use crate::qr::EncodeError;
use crate::tags::NoTag;

/// Why the file of a pack could not be made. What was written of a pack until then is worth nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// The statuses given are of another batch than the units. Pass those of the same.
    #[error("the units are those of batch `{expected}`, and the statuses those of batch `{found}`")]
    OtherBatch {
        /// The units' batch.
        expected: MintBatchId,
        /// The batch whose statuses were given.
        found: MintBatchId,
    },
    /// Units or statuses were read, or are as of a moment, before the pack's units were made.
    /// Read them again.
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
    /// Its codes cannot be drawn: a text is too long, or the logo leaves no room. Take a shorter
    /// resolver base, or another logo.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// It would have too many codes. This is a fault of the library: report it.
    #[error(transparent)]
    Codes(#[from] CodesError),
    /// A unit has no tag. Check the pack before it is written.
    #[error(transparent)]
    NoTag(#[from] NoTag),
    /// The pack could not be written to where it should go. Mend that, and write it again.
    #[error("the pack could not be written: {0}")]
    Io(#[from] io::Error),
}

impl From<BundleError> for PackError {
    fn from(error: BundleError) -> Self {
        match error {
            BundleError::Encode(error) => Self::Encode(error),
            BundleError::Io(error) => Self::Io(error),
        }
    }
}
