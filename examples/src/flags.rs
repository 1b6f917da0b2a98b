//! What the flags of the examples have in common.

use dpp_core::identity::MAX_UNITS;

/// Why the flags cannot be. Correct the one that it names.
#[derive(Debug, thiserror::Error)]
pub enum BadFlags {
    /// A flag that there is not, or one without its value.
    #[error(transparent)]
    Flag(#[from] lexopt::Error),
    /// So many units cannot be minted.
    #[error("--units `{0}` is not a number from 1 to 1,000,000")]
    Units(String),
}

/// The value of `--units`: 1 to 1,000,000, with `,` or `_` between digits.
///
/// # Errors
/// [`BadFlags::Units`].
pub(crate) fn units(text: &str) -> Result<u32, BadFlags> {
    let digits = text.replace([',', '_'], "");
    let number = digits.parse().ok();
    number
        .filter(|units| (1..=MAX_UNITS).contains(units))
        .ok_or_else(|| BadFlags::Units(text.to_owned()))
}
