//! A server: one of our own, or one that somebody else runs.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::cluster::Cluster;
use super::{Options, ServerError, cpu, query::query};

/// A PostgreSQL server for tests and benches.
///
/// One of our own ends when this value is dropped, or with the process: after a panic, after
/// SIGKILL, or held in a static that nobody drops. Then its directory is gone as well.
#[derive(Debug)]
pub struct Server {
    url: String,
    cluster: Option<Cluster>,
}

impl Server {
    /// The server that all tests of this process share: the one that `DPP_TEST_DATABASE_URL`
    /// names, or else one that is started when it is first asked for.
    ///
    /// # Errors
    ///
    /// Those of [`Options::start`], each time.
    pub fn shared() -> Result<&'static Self, &'static ServerError> {
        static SHARED: OnceLock<Result<Server, ServerError>> = OnceLock::new();
        let start = || match env::var("DPP_TEST_DATABASE_URL") {
            Ok(url) => Ok(Self::at(url)),
            Err(_) => Options::default().start(),
        };
        SHARED.get_or_init(start).as_ref()
    }

    /// [`Server::shared`], for tests: they fail without a server, and are never skipped.
    ///
    /// # Panics
    ///
    /// If there is no server; the text says what to install.
    #[must_use]
    pub fn for_tests() -> &'static Self {
        Self::shared().unwrap_or_else(|error| fail(error))
    }

    /// A server that somebody else started and stops. It has to take connections without TLS.
    #[must_use]
    pub fn at(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            cluster: None,
        }
    }

    /// Where to connect, as [`tokio_postgres::Config`] reads it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where to connect over TCP, with the right password.
    ///
    /// # Errors
    ///
    /// [`ServerError::NoTcp`] without [`Options::over_tcp`], or [`ServerError::NotOurs`].
    pub fn tcp_url(&self) -> Result<String, ServerError> {
        self.cluster()?.tcp_url()
    }

    /// Whether it was started here, and can be stopped.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.cluster.is_some()
    }

    /// The directory that holds all of it: the socket, the log and the data directory.
    ///
    /// # Errors
    ///
    /// [`ServerError::NotOurs`].
    pub fn directory(&self) -> Result<&Path, ServerError> {
        Ok(self.cluster()?.directory())
    }

    /// The data directory, whose owner is the user that the server runs as.
    ///
    /// # Errors
    ///
    /// [`ServerError::NotOurs`].
    pub fn data_directory(&self) -> Result<PathBuf, ServerError> {
        Ok(self.cluster()?.data_directory())
    }

    /// All that the server has logged.
    ///
    /// # Errors
    ///
    /// [`ServerError::NotOurs`], or that the log cannot be read.
    pub fn log(&self) -> Result<String, ServerError> {
        self.cluster()?.log()
    }

    /// The process id of the server, the one that starts all others of it.
    ///
    /// # Errors
    ///
    /// [`ServerError::NotOurs`], or [`ServerError::Stopped`].
    pub fn pid(&self) -> Result<u32, ServerError> {
        self.cluster()?.pid()
    }

    /// Ends it at once, without a checkpoint, as `pg_ctl stop -m immediate` does. Connections
    /// break; what was committed is there after [`Server::start`]. Does nothing if it is stopped.
    ///
    /// # Errors
    ///
    /// [`ServerError::NotOurs`].
    pub fn stop_immediate(&self) -> Result<(), ServerError> {
        self.cluster()?.stop_immediate()
    }

    /// Starts it again, at the same URL, and waits until it takes connections. Does nothing if it
    /// runs.
    ///
    /// # Errors
    ///
    /// [`ServerError::NotOurs`], or [`ServerError::Start`].
    pub fn start(&self) -> Result<(), ServerError> {
        self.cluster()?.start_again()
    }

    /// [`Server::stop_immediate`] and [`Server::start`]. No other thread gets in between.
    ///
    /// # Errors
    ///
    /// Those of the two.
    pub fn restart_immediate(&self) -> Result<(), ServerError> {
        self.cluster()?.restart()
    }

    /// The version as the server tells it, such as `17.2`.
    ///
    /// # Errors
    ///
    /// [`ServerError::Query`].
    pub fn version(&self) -> Result<String, ServerError> {
        Ok(query(&self.url, "show server_version")?.unwrap_or_default())
    }

    /// The seconds of processor time that the server and all of its processes have taken since it
    /// last started, in steps of 10 milliseconds. Only Linux tells it, and only of our own.
    #[must_use]
    pub fn cpu_seconds(&self) -> Option<f64> {
        cpu::seconds_of(self.pid().ok()?)
    }

    pub(super) fn ours(cluster: Cluster) -> Self {
        Self {
            url: cluster.url(),
            cluster: Some(cluster),
        }
    }

    fn cluster(&self) -> Result<&Cluster, ServerError> {
        self.cluster.as_ref().ok_or(ServerError::NotOurs)
    }
}

#[expect(clippy::panic, reason = "a test without a server fails, and says why")]
fn fail(error: &ServerError) -> ! {
    match std::error::Error::source(error) {
        Some(source) => panic!("{error}: {source}"),
        None => panic!("{error}"),
    }
}
