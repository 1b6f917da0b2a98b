//! What a host brings along besides its catalogue.

use std::sync::Arc;
use std::time::SystemTime;

use dpp_core::service::{EntropyError, Host, MintService, Settings};
use dpp_core::store::EventStore;
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
    match store {
        Store::Memory(log) => service_on(log.clone(), catalogue, settings),
        Store::Postgres(database) => {
            let (log, reads) = (store.log(), database.store.clone());
            let service = MintService::new(log, reads, host_of(catalogue), settings);
            Ok((service, owner_of(catalogue)?))
        }
    }
}

/// The same on any log, whose reads are folded in memory.
///
/// # Errors
/// As [`open`].
pub(crate) fn service_on(
    log: Arc<dyn EventStore>,
    catalogue: &CatalogueFile,
    settings: Settings,
) -> Result<(MintService, Caller), IdError> {
    let service = MintService::with_fold(log, host_of(catalogue), settings);
    Ok((service, owner_of(catalogue)?))
}

fn host_of(catalogue: &CatalogueFile) -> Host {
    Host {
        catalogue: Arc::new(catalogue.to_memory()),
        entropy: Arc::new(os_entropy),
    }
}

fn owner_of(catalogue: &CatalogueFile) -> Result<Caller, IdError> {
    let owner = UserId::parse("8e81973e-0bec-47b0-b898-d190f9ebdacc")?;
    Ok(Caller::user(owner).with_role(catalogue.brand.id, Role::Owner))
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
