//! What a host brings along besides its catalogue.

use std::sync::Arc;
use std::time::SystemTime;

use dpp_core::service::{EntropyError, Host, MintService, Settings};
use dpp_core::{Caller, IdError, Role, Timestamp, UserId};

use crate::CatalogueFile;
use crate::database::Store;

/// A service for the brand of a catalogue, on this store, and an owner of the brand.
///
/// # Errors
/// [`IdError`] never, unless a fixed id is wrong.
pub(crate) fn open(
    store: &Store,
    catalogue: &CatalogueFile,
    settings: Settings,
) -> Result<(MintService, Caller), IdError> {
    let host = Host {
        catalogue: Arc::new(catalogue.to_memory()),
        entropy: Arc::new(os_entropy),
    };
    let log = store.log();
    let service = match store {
        Store::Memory(_) => MintService::with_fold(log, host, settings),
        Store::Postgres(database) => MintService::new(log, database.store.clone(), host, settings),
    };
    let owner = UserId::parse("8e81973e-0bec-47b0-b898-d190f9ebdacc")?;
    Ok((
        service,
        Caller::user(owner).with_role(catalogue.brand.id, Role::Owner),
    ))
}

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
