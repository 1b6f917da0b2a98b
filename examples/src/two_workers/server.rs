//! A server for those who name none.

use super::TwoWorkersError;
use crate::{Address, StoreError};

/// A server that goes away with this value, or with the process.
#[cfg(unix)]
pub(super) struct Throwaway(dpp_store_postgres::testing::Server);

/// A server that there is not.
#[cfg(not(unix))]
pub(super) struct Throwaway(std::convert::Infallible);

impl Throwaway {
    #[cfg(unix)]
    pub(super) fn start() -> Result<Self, TwoWorkersError> {
        use dpp_store_postgres::testing::Options;
        let server = Options::default().durable().start();
        server.map(Self).map_err(|error| told(&error))
    }

    #[cfg(not(unix))]
    pub(super) fn start() -> Result<Self, TwoWorkersError> {
        let why = "name a database with --database-url postgres://user:password@host/database";
        Err(TwoWorkersError::NoServer(why.to_owned()))
    }

    #[cfg(unix)]
    pub(super) fn address(&self) -> Result<Address, TwoWorkersError> {
        Ok(Address::parse(self.0.url(), None).map_err(StoreError::from)?)
    }

    #[cfg(not(unix))]
    pub(super) fn address(&self) -> Result<Address, TwoWorkersError> {
        match self.0 {}
    }
}

#[cfg(unix)]
fn told(error: &dpp_store_postgres::testing::ServerError) -> TwoWorkersError {
    use dpp_store_postgres::testing::ServerError;
    TwoWorkersError::NoServer(match (error, std::error::Error::source(error)) {
        (ServerError::NoBinaries { .. }, _) => "there is no PostgreSQL server to start\n\
             - on Debian and Ubuntu: apt-get install postgresql\n\
             - on macOS: brew install postgresql@17\n\
             - or name a database: --database-url postgres://user:password@host/database"
            .to_owned(),
        (_, Some(source)) => format!("{error}: {source}"),
        (_, None) => error.to_string(),
    })
}
