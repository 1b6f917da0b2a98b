//! Where an example keeps its log: in memory, or in PostgreSQL with the runtime that it needs.

use std::fmt;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use dpp_core::store::{EventStore, ScanStore};
use dpp_store_memory::{MemoryScans, MemoryStore};
use dpp_store_postgres::{OpenError, Options, OptionsError, PostgresStore};
use tokio::runtime::{Builder, Runtime};

/// The schema unless another is named.
const SCHEMA: &str = "dpp";

/// Where a database is: what `--database-url` and `--schema` say.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    url: String,
    schema: Option<String>,
}

impl Address {
    /// The database at this URL, and the schema in it; `dpp` unless another is named.
    ///
    /// # Errors
    /// [`OptionsError`] when either cannot be.
    pub fn parse(url: &str, schema: Option<&str>) -> Result<Self, OptionsError> {
        let address = Self {
            url: url.to_owned(),
            schema: schema.map(str::to_owned),
        };
        address.to_options().map(|_| address)
    }

    /// The URL. It may hold a password.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The schema.
    pub fn schema(&self) -> &str {
        self.schema.as_deref().unwrap_or(SCHEMA)
    }

    fn to_options(&self) -> Result<Options, OptionsError> {
        Options::parse(&self.url)?.schema(self.schema())
    }
}

/// Without the URL, since it may hold a password.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address(schema {})", self.schema())
    }
}

/// Why there is no store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database cannot be used. Its words say what to do.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The address cannot be. Correct it.
    #[error(transparent)]
    Address(#[from] OptionsError),
    /// The system gives no threads. Try again.
    #[error("the system gives no threads: {0}")]
    Threads(#[from] io::Error),
}

/// A store, and what runs it.
#[derive(Debug)]
pub(crate) enum Store {
    /// In memory, for this program alone. It needs no runtime.
    Memory(Arc<MemoryStore>),
    /// In PostgreSQL, where other programs may be at work as well.
    Postgres(Database),
}

/// A database, and the runtime that its connections live on.
#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) store: Arc<PostgresStore>,
    schema: String,
    runtime: Runtime,
}

impl Store {
    /// The store at this address; one in memory if there is none.
    pub(crate) fn open(address: Option<&Address>) -> Result<Self, StoreError> {
        Ok(match address {
            None => Self::Memory(Arc::default()),
            Some(address) => Self::Postgres(Database::open(address)?),
        })
    }

    /// Runs to its end what uses this store.
    pub(crate) fn block_on<F: Future>(&self, future: F) -> F::Output {
        match self {
            Self::Memory(_) => futures::executor::block_on(future),
            Self::Postgres(database) => database.runtime.block_on(future),
        }
    }

    /// Runs to its end what uses this store and needs a runtime of its own as well.
    pub(crate) fn serve<F: Future>(&self, future: F) -> io::Result<F::Output> {
        match self {
            Self::Memory(_) => {
                let runtime = Builder::new_multi_thread().enable_all().build()?;
                Ok(runtime.block_on(future))
            }
            Self::Postgres(database) => Ok(database.runtime.block_on(future)),
        }
    }

    /// The log.
    pub(crate) fn log(&self) -> Arc<dyn EventStore> {
        match self {
            Self::Memory(store) => store.clone(),
            Self::Postgres(database) => database.store.clone(),
        }
    }

    /// Where scans are kept, beside the log.
    pub(crate) fn scans(&self) -> Arc<dyn ScanStore> {
        match self {
            Self::Memory(_) => Arc::new(MemoryScans::default()),
            Self::Postgres(database) => Arc::new(database.store.scans()),
        }
    }

    /// The schema, if it is a database, where others may work and earlier runs have left things.
    pub(crate) fn schema(&self) -> Option<&str> {
        match self {
            Self::Memory(_) => None,
            Self::Postgres(database) => Some(&database.schema),
        }
    }

    /// Gives others time. In memory there are no others.
    pub(crate) async fn pause(&self, time: Duration) {
        if let Self::Postgres(_) = self {
            tokio::time::sleep(time).await;
        }
    }
}

impl Database {
    fn open(address: &Address) -> Result<Self, StoreError> {
        let options = address.to_options()?;
        let runtime = Builder::new_multi_thread().enable_all().build()?;
        let store = runtime.block_on(PostgresStore::open(&options))?;
        Ok(Self {
            store: Arc::new(store),
            schema: address.schema().to_owned(),
            runtime,
        })
    }
}
