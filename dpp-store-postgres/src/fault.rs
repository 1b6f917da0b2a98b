//! What the failures of a database mean for who called.

use std::time::Duration;

use deadpool_postgres::PoolError;
use dpp_core::store::ReadStoreError;
use dpp_core::store::log::{ReadError, StoreFault};
use tokio_postgres::Error;

/// A call to the database that failed.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) fault: StoreFault,
    pub(crate) kind: Kind,
}

/// What can be done about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The connection is gone, or what it was told last is not known: another may do.
    Lost,
    /// The server gave up on this transaction, which may well succeed if made again.
    Again,
    /// The server has refused what it was given, and will again.
    Refused,
    /// Somebody has to mend something first.
    Mend,
}

impl Failed {
    pub(crate) fn because(error: Error) -> Self {
        let kind = Kind::of(&error);
        let fault = StoreFault::new(told(&error));
        let fault = match kind {
            Kind::Mend | Kind::Refused => fault.until_mended(),
            Kind::Lost | Kind::Again => fault,
        };
        Self {
            fault: fault.caused_by(error),
            kind,
        }
    }

    pub(crate) fn silent(limit: Duration) -> Self {
        Self {
            fault: StoreFault::new(format!("the database did not answer within {limit:?}")),
            kind: Kind::Lost,
        }
    }

    /// It is to be tried again at once.
    pub(crate) fn again(why: &str) -> Self {
        Self {
            fault: StoreFault::new(why),
            kind: Kind::Again,
        }
    }

    /// Something in the database is not as this library writes it.
    pub(crate) fn damaged(what: impl std::fmt::Display) -> Self {
        let fault = StoreFault::new(format!("the database was changed by hand: {what}"));
        Self {
            fault: fault.until_mended(),
            kind: Kind::Mend,
        }
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::because(error)
    }
}

impl From<PoolError> for Failed {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => Self::because(error),
            PoolError::Timeout(kind) => Self {
                fault: StoreFault::new(format!("no connection to the database in time: {kind:?}")),
                kind: Kind::Lost,
            },
            other => Self {
                fault: StoreFault::new("no connection to the database").caused_by(other),
                kind: Kind::Lost,
            },
        }
    }
}

impl From<Failed> for ReadError {
    fn from(failed: Failed) -> Self {
        Self::Unavailable(failed.fault)
    }
}

impl From<Failed> for ReadStoreError {
    fn from(failed: Failed) -> Self {
        Self::Read(failed.into())
    }
}

impl Kind {
    fn of(error: &Error) -> Self {
        let Some(state) = error.code() else {
            return Self::Lost;
        };
        match (state.code(), state.code().get(..2).unwrap_or_default()) {
            // Serialization, deadlocks, time limits, too many connections, too little memory, and
            // plans that a change of the schema has made stale.
            ("40001" | "40P01" | "57014" | "55P03" | "53300" | "53200" | "25P03" | "0A000", _) => {
                Self::Again
            }
            (_, "08" | "57" | "58") => Self::Lost,
            (_, "22" | "23" | "54") => Self::Refused,
            _ => Self::Mend,
        }
    }
}

/// What went wrong, and what to do, in one line.
fn told(error: &Error) -> String {
    let Some(database) = error.as_db_error() else {
        return format!(
            "the connection to the database failed: {}",
            with_cause(error)
        );
    };
    let hint = match database.code().code() {
        "53100" => "; make room on its disk",
        "25006" => "; connect to the primary server",
        "42501" => "; grant the role what it needs",
        "42P01" | "42703" | "3F000" => "; its schema is not as this library makes it",
        "57014" => "; it took longer than the options allow",
        _ => "",
    };
    let (code, message) = (database.code().code(), database.message());
    format!("the database answered {code}, {message}{hint}")
}

/// The library's own message names the kind only; the cause says what happened.
fn with_cause(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
