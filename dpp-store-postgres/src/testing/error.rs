//! Why there is no server.

use std::io;
use std::path::PathBuf;

/// Why a server could not be had, or not be asked for what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// No folder holds both programs. Install PostgreSQL's server, or name a server that runs.
    #[error(
        "no PostgreSQL server was found: `initdb` and `postgres` are not together in any of \
         `{looked}`\n\
         - on Debian and Ubuntu: `apt-get install postgresql`\n\
         - on macOS: `brew install postgresql@17`\n\
         - elsewhere: install the package that holds `initdb`, \
         and set DPP_TEST_POSTGRES_BIN to its folder if that is not in PATH\n\
         - or set DPP_TEST_DATABASE_URL to the URL of a server that runs"
    )]
    NoBinaries {
        /// Where they were looked for.
        looked: String,
    },
    /// PostgreSQL refuses to run as root, and nobody else is there to run it. Add a user named
    /// `postgres`, or run the tests as another user than root.
    #[error("PostgreSQL refuses to run as root, and `/etc/passwd` has no `postgres` or `nobody`")]
    NoAccount,
    /// A program or a file of the system is not as it should be. The source tells which.
    #[error("{doing}")]
    System {
        /// What was attempted, and with what.
        doing: String,
        /// What came of it.
        #[source]
        source: io::Error,
    },
    /// The system gave no random bytes. Try again.
    #[error("the system gave no random bytes")]
    Random(#[from] getrandom::Error),
    /// `initdb` failed. Its last lines tell why.
    #[error("`initdb` could not make a cluster in `{directory}`:\n{log}")]
    Init {
        /// Where it was to be made.
        directory: PathBuf,
        /// The last lines that were logged.
        log: String,
    },
    /// The server ended before it was ready. Its last lines tell why: often a setting.
    #[error("the server in `{directory}` did not start:\n{log}")]
    Start {
        /// Where it was to run.
        directory: PathBuf,
        /// The last lines that were logged.
        log: String,
    },
    /// It is stopped. Start it first.
    #[error("the server in `{0}` is stopped")]
    Stopped(PathBuf),
    /// It listens on no TCP port. Start one with [`Options::over_tcp`](super::Options::over_tcp).
    #[error("the server in `{0}` listens on its Unix socket only")]
    NoTcp(PathBuf),
    /// It is somebody else's, so it is not ours to stop or to look into. Take a server of your
    /// own by [`Options::start`](super::Options::start).
    #[error("DPP_TEST_DATABASE_URL names a server that this process did not start")]
    NotOurs,
    /// It could not be reached or did not do what it was asked. Check the URL, and what the
    /// server logged.
    #[error("the server did not answer")]
    Query(#[from] tokio_postgres::Error),
}

impl ServerError {
    /// For `map_err`: says what was attempted.
    pub(super) fn system(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::System { doing, source }
    }
}
