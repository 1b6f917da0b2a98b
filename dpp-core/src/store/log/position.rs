//! Places in a brand's feed.

use std::fmt;

/// A place in the feed of one brand in one store: opaque, ordered, 16 bytes.
///
/// Positions of one feed compare in commit order, as their bytes do. Nothing else may be
/// read out of one: stores number as they like. To compare positions of different brands or
/// stores has no meaning, and a store refuses a position that is not its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position([u8; 16]);

impl Position {
    /// The position with these bytes, as a store gave them.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes, to be kept as a checkpoint.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Position({self})")
    }
}
