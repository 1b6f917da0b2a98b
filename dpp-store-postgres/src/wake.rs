//! Telling others that a brand has moved.

use dpp_core::BrandId;

/// Rings for each brand that was committed to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bell;

impl Bell {
    pub(crate) fn ring(&self, _brand: BrandId) {}
}
