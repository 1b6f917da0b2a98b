//! Serials (GS1 AI 21): the schemes, what a pool allocates to a batch, and the text.
//!
//! The texts of the three derived schemes can never be equal, whatever their parameters:
//! a randomised serial has 12 to 20 characters of Crockford's base32 and begins with a
//! letter; a numeric one has only digits and does not begin with 0 (or is `0`); a sequential
//! one may look like neither ([`SequentialFormat::new`] refuses it).

mod allocation;
mod block;
mod crockford;
mod directory;
mod numbers;
mod ranges;
mod scheme;
mod span;

pub use allocation::SerialAllocation;
pub use block::Block;
pub use directory::SerialDirectory;
pub use numbers::NumberOrder;
pub use ranges::{NumberRange, NumberRanges, NumberRangesError};
pub use scheme::{SchemeError, SequentialFormat, SerialScheme, TagLength};
pub use span::SerialSpan;

pub(super) use allocation::{Claimed, SerialWriter, randomised_places};
