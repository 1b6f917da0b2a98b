//! Where the database is, and how it is used.

use std::fmt;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

use crate::schema::{SchemaName, SchemaNameError};

/// Where the database is, and how it is used. Everything but the address has a default. Times are
/// from a millisecond to a day; what lies outside becomes the nearest.
#[derive(Clone)]
pub struct Options {
    pub(crate) config: Config,
    pub(crate) schema: SchemaName,
    pub(crate) connections: usize,
    pub(crate) connect_within: Duration,
    pub(crate) wait_within: Duration,
    pub(crate) statement_within: Duration,
    pub(crate) commit_within: Duration,
    pub(crate) poll_every: Duration,
    pub(crate) joining: Joining,
    pub(crate) unreadable: Unreadable,
    pub(crate) roots: Vec<CertificateDer<'static>>,
}

/// Whether small commits of one brand that come at the same time share a transaction. Each of
/// them still succeeds or fails alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Joining {
    /// They do: the more come at once, the less each costs.
    #[default]
    Joined,
    /// Each has a transaction of its own.
    Apart,
}

/// What reads do with a brand whose log has an event that this release cannot read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unreadable {
    /// Each question about the brand is answered with an error that names the event. The log
    /// itself goes on.
    #[default]
    Refuse,
    /// They answer with what the other events say, as if that event were not there. It is still
    /// in the listings of events, but for those by [kind](dpp_core::store::EntityKind): they go
    /// by the types that this release knows.
    PassOver,
}

/// Why options cannot be. Correct what it names.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OptionsError {
    /// The address cannot be read. It looks like `postgres://user:password@host:port/database`,
    /// or like `host=/run/postgresql user=dpp dbname=dpp`.
    #[error("the address of the database cannot be read: {0}")]
    Url(String),
    /// A host has an `@` in its name. Write one that belongs to the user or the password as
    /// `%40`.
    #[error("the address of the database has more than one `@`: write `%40` in a password")]
    At,
    /// The schema cannot be named so.
    #[error(transparent)]
    Schema(#[from] SchemaNameError),
    /// The root certificates are not in PEM form.
    #[error("the root certificates cannot be read: {0}")]
    Roots(String),
}

impl fmt::Debug for Options {
    /// Without the address, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("schema", &self.schema)
            .field("connections", &self.connections)
            .field("connect_within", &self.connect_within)
            .field("wait_within", &self.wait_within)
            .field("statement_within", &self.statement_within)
            .field("commit_within", &self.commit_within)
            .field("poll_every", &self.poll_every)
            .field("joining", &self.joining)
            .field("unreadable", &self.unreadable)
            .finish_non_exhaustive()
    }
}

/// PostgreSQL counts in milliseconds, and takes none for no limit at all.
fn sensible(limit: Duration) -> Duration {
    limit.clamp(Duration::from_millis(1), Duration::from_secs(24 * 60 * 60))
}

fn has_at(host: &Host) -> bool {
    matches!(host, Host::Tcp(name) if name.contains('@'))
}

/// What libpq knows, and this library does not.
const OF_LIBPQ: [&str; 9] = [
    "sslrootcert",
    "sslcert",
    "sslkey",
    "sslpassword",
    "sslcrl",
    "passfile",
    "service",
    "gssencmode",
    "krbsrvname",
];

/// An option that nobody knows is not named: it may be a part of a password.
fn what_is_wrong(error: &tokio_postgres::Error) -> String {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    let cause = cause.unwrap_or_else(|| error.to_string());
    if !cause.starts_with("unknown option") {
        return cause;
    }
    let known = OF_LIBPQ.iter().find(|name| cause.contains(**name));
    known.map_or_else(
        || "it has an option that is not known".to_owned(),
        |name| format!("the option `{name}` is not supported"),
    )
}

impl Options {
    /// The database at this address: `postgres://user:password@host:port/database`, or key and
    /// value pairs as libpq takes them. `sslmode=require` asks for TLS; wherever TLS is used,
    /// the server's certificate is checked.
    ///
    /// # Errors
    /// [`OptionsError::Url`] when the address cannot be read, [`OptionsError::At`] when a
    /// password was not written as it has to be. Neither repeats what was given.
    pub fn parse(url: &str) -> Result<Self, OptionsError> {
        let parsed = url.parse::<Config>();
        let mut config = parsed.map_err(|error| OptionsError::Url(what_is_wrong(&error)))?;
        if config.get_hosts().iter().any(has_at) {
            return Err(OptionsError::At);
        }
        if config.get_application_name().is_none() {
            config.application_name("dpp");
        }
        Ok(Self {
            config,
            schema: SchemaName::default(),
            connections: 16,
            connect_within: Duration::from_secs(5),
            wait_within: Duration::from_secs(10),
            statement_within: Duration::from_secs(30),
            commit_within: Duration::from_secs(20),
            poll_every: Duration::from_secs(1),
            joining: Joining::default(),
            unreadable: Unreadable::default(),
            roots: Vec::new(),
        })
    }

    /// The schema that the tables are in; `dpp` by default.
    ///
    /// # Errors
    /// [`OptionsError::Schema`] when it cannot be named so.
    pub fn schema(mut self, name: &str) -> Result<Self, OptionsError> {
        self.schema = SchemaName::parse(name)?;
        Ok(self)
    }

    /// The most connections that are open at once, at least 2; 16 by default. One more is used
    /// for notifications while somebody follows the log.
    #[must_use]
    pub fn connections(mut self, most: usize) -> Self {
        self.connections = most.max(2);
        self
    }

    /// How long opening a connection may take; 5 seconds by default.
    #[must_use]
    pub fn connect_within(mut self, limit: Duration) -> Self {
        self.connect_within = sensible(limit);
        self
    }

    /// How long a call may wait for a free connection; 10 seconds by default.
    #[must_use]
    pub fn wait_within(mut self, limit: Duration) -> Self {
        self.wait_within = sensible(limit);
        self
    }

    /// How long one statement may take, the wait for locks included; 30 seconds by default.
    /// The server gives up then; should it not answer at all, so does the client a little later.
    #[must_use]
    pub fn statement_within(mut self, limit: Duration) -> Self {
        self.statement_within = sensible(limit);
        self
    }

    /// How long a commit may take with all that it waits for and is tried again for; 20 seconds
    /// by default. What is then still open is told within 2 seconds more.
    #[must_use]
    pub fn commit_within(mut self, limit: Duration) -> Self {
        self.commit_within = sensible(limit);
        self
    }

    /// How often a follower looks for what no notification told of; every second by default.
    #[must_use]
    pub fn poll_every(mut self, time: Duration) -> Self {
        self.poll_every = sensible(time);
        self
    }

    /// Whether small commits share transactions.
    #[must_use]
    pub const fn joining(mut self, joining: Joining) -> Self {
        self.joining = joining;
        self
    }

    /// What reads do with what they cannot read.
    #[must_use]
    pub const fn unreadable(mut self, unreadable: Unreadable) -> Self {
        self.unreadable = unreadable;
        self
    }

    /// Trusts these root certificates, in PEM form, beside those of the operating system.
    ///
    /// # Errors
    /// [`OptionsError::Roots`] when there is no certificate in it.
    pub fn root_certificates(mut self, pem: &[u8]) -> Result<Self, OptionsError> {
        let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let found = found.map_err(|error| OptionsError::Roots(error.to_string()))?;
        if found.is_empty() {
            return Err(OptionsError::Roots("there is none".to_owned()));
        }
        self.roots.extend(found);
        Ok(self)
    }
}
