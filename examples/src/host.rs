//! What a host brings along besides its catalogue.

use std::time::SystemTime;

use dpp_core::Timestamp;
use dpp_core::service::EntropyError;

/// The operating system's clock.
pub fn now() -> Timestamp {
    SystemTime::now().into()
}

/// The operating system's randomness: a source of entropy as the service asks for it.
///
/// # Errors
/// [`EntropyError`] when the operating system has none.
pub fn os_entropy(bytes: &mut [u8]) -> Result<(), EntropyError> {
    getrandom::fill(bytes).map_err(EntropyError::new)
}
