//! A symbol, and what there is to say about it.

use std::fmt;

use super::drawn::Modules;
use super::text::Lengths;

/// How much of a symbol can be damaged (ISO/IEC 18004, 7.5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCorrection {
    /// Restores about 15 % of the codewords. For a code that nothing covers.
    M,
    /// Restores about 30 % of the codewords. For a code with a logo.
    H,
}

/// The size of a symbol, from 1 to 27 (ISO/IEC 18004, 5.3.1).
///
/// Larger ones are not made: 27 holds every URL that can be minted at error correction M, and
/// its 125 modules are 5 cm at a module of 0.4 mm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u8);

impl Version {
    /// The smallest, of 21 modules.
    pub const MIN: Self = Self(1);
    /// The largest that is made, of 125 modules.
    pub const MAX: Self = Self(27);

    /// Every version, the smallest first.
    pub fn all() -> impl Iterator<Item = Self> {
        (Self::MIN.0..=Self::MAX.0).map(Self)
    }

    /// Those that hold texts of these lengths, the smallest first.
    pub fn holding(
        error_correction: ErrorCorrection,
        lengths: &Lengths,
    ) -> impl Iterator<Item = Self> {
        Self::all().filter(move |version| Modules::hold(*version, error_correction, lengths))
    }

    /// Its number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// How many modules its symbols are wide and high, without the quiet zone.
    pub const fn width(self) -> u32 {
        17 + 4 * self.0 as u32
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// A QR code: a square of dark and light modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    pub(super) version: Version,
    pub(super) error_correction: ErrorCorrection,
    pub(super) mask: u8,
    pub(super) rows: Vec<u128>,
}

impl Symbol {
    /// Its size.
    pub const fn version(&self) -> Version {
        self.version
    }

    /// How many modules it is wide and high, without the quiet zone.
    pub const fn width(&self) -> u32 {
        self.version.width()
    }

    /// How much of it can be damaged.
    pub const fn error_correction(&self) -> ErrorCorrection {
        self.error_correction
    }

    /// Its data mask, from 0 to 7 (ISO/IEC 18004, 7.8.2).
    pub const fn mask(&self) -> u8 {
        self.mask
    }

    /// Its rows from top to bottom, [`width`](Self::width) of them; bit `x` is set if the module
    /// in column `x` from the left is dark.
    pub fn rows(&self) -> &[u128] {
        &self.rows
    }

    /// Whether a module is dark; outside the symbol none is.
    pub fn is_dark(&self, x: u32, y: u32) -> bool {
        let row = usize::try_from(y).ok().and_then(|y| self.rows.get(y));
        row.is_some_and(|row| x < self.width() && row >> x & 1 == 1)
    }
}
