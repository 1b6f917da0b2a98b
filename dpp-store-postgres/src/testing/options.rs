//! What a throwaway server is to be like.

use super::cluster::Cluster;
use super::{Binaries, Server, ServerError};

/// What a throwaway server is to be like. By default it is as PostgreSQL comes, with two
/// exceptions: it does not wait for the disk (`fsync`), which only a crash of the whole machine
/// could tell, and it takes 300 connections.
///
/// ```
/// use dpp_store_postgres::testing::Options;
///
/// let server = Options::default().durable().setting("work_mem", "8MB").start()?;
/// assert!(server.url().starts_with("postgres://"));
/// # Ok::<(), dpp_store_postgres::testing::ServerError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    pub(super) settings: Vec<(String, String)>,
    pub(super) files: Vec<(String, Vec<u8>)>,
    pub(super) listens: Listens,
}

/// Where a server listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listens {
    OnSocket,
    OnSocketAndTcp,
}

impl Default for Options {
    fn default() -> Self {
        let none = Self {
            settings: Vec::new(),
            files: Vec::new(),
            listens: Listens::OnSocket,
        };
        none.setting("fsync", "off")
            .setting("max_connections", "300")
            .setting("listen_addresses", "")
    }
}

impl Options {
    /// Waits for the disk as a server in production does: for benches, and for tests that kill.
    #[must_use]
    pub fn durable(self) -> Self {
        self.setting("fsync", "on")
    }

    /// Also listens on a free TCP port of 127.0.0.1, where it asks for a password
    /// (`scram-sha-256`). See [`Server::tcp_url`].
    #[must_use]
    pub fn over_tcp(mut self) -> Self {
        self.listens = Listens::OnSocketAndTcp;
        self.setting("listen_addresses", "127.0.0.1")
    }

    /// Sets one of PostgreSQL's settings. The last of a name wins; names of files count from the
    /// data directory.
    #[must_use]
    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Puts a file that only the server reads into the data directory before it starts, such as
    /// `server.crt` and `server.key`, which the setting `ssl` takes by these names.
    #[must_use]
    pub fn file(mut self, name: &str, contents: impl Into<Vec<u8>>) -> Self {
        self.files.push((name.to_owned(), contents.into()));
        self
    }

    /// Starts a server that lives no longer than the value returned, or this process, whatever
    /// its end.
    ///
    /// # Errors
    ///
    /// Says what is missing, or what the server said when it ended.
    pub fn start(&self) -> Result<Server, ServerError> {
        self.start_with(&Binaries::find()?)
    }

    /// The same, with programs that were found elsewhere.
    ///
    /// # Errors
    ///
    /// Those of [`Options::start`].
    pub fn start_with(&self, binaries: &Binaries) -> Result<Server, ServerError> {
        Cluster::start(binaries, self).map(Server::ours)
    }
}
