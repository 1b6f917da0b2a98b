//! What the failures of a database mean for who called.

use std::io;
use std::time::Duration;

use dpp_core::store::log::{ReadError, StoreFault};
use dpp_core::store::{ReadStoreError, ScanStoreError};
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

    /// Its time was up before anything was begun.
    pub(crate) fn late(limit: Duration) -> Self {
        Self {
            fault: StoreFault::new(format!("it did not get its turn within {limit:?}")),
            kind: Kind::Lost,
        }
    }

    pub(crate) fn no_connection(why: impl std::fmt::Display) -> Self {
        Self {
            fault: StoreFault::new(format!("no connection to the database: {why}")),
            kind: Kind::Lost,
        }
    }

    /// The host has closed the store.
    pub(crate) fn closed() -> Self {
        Self {
            fault: StoreFault::new("the store was closed").until_mended(),
            kind: Kind::Mend,
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

impl From<Failed> for ReadError {
    fn from(failed: Failed) -> Self {
        Self::Unavailable(failed.fault)
    }
}

impl From<Failed> for ScanStoreError {
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
        let Some(database) = error.as_db_error() else {
            return Self::without_code(error);
        };
        // PostgreSQL has no code of its own for a plan that a change of the schema made stale.
        match database.routine() {
            Some("RevalidateCachedQuery") => Self::Again,
            _ => Self::of_code(database.code().code()),
        }
    }

    fn of_code(code: &str) -> Self {
        match (code, code.get(..2).unwrap_or_default()) {
            // Made in part, perhaps, of which nothing is known.
            ("40003", _) => Self::Lost,
            // The database was dropped.
            ("57P04", _) => Self::Mend,
            // A foreign key or a check that is deferred.
            ("40002", _) => Self::Refused,
            // Serialization, deadlocks, time limits, locks, too many connections, too little
            // memory, a snapshot too old, and statements that a pooler between us and the
            // database has forgotten.
            ("57014" | "55P03" | "53300" | "53200" | "25P03" | "72000" | "26000", _)
            | (_, "40") => Self::Again,
            (_, "08" | "57") => Self::Lost,
            (_, "22" | "23" | "54") => Self::Refused,
            // Rights, passwords, names, a disk that is full or broken, a server that only reads.
            _ => Self::Mend,
        }
    }

    /// What never reached the server, or what it never answered. The library tells its kinds
    /// apart by their words only.
    fn without_code(error: &Error) -> Self {
        let words = error.to_string();
        if words.starts_with("error serializing") || words.starts_with("error encoding") {
            return Self::Refused;
        }
        if words.starts_with("authentication") || words.starts_with("invalid configuration") {
            return Self::Mend;
        }
        let cut = error.is_closed() || words.starts_with("timeout");
        match std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<io::Error>()) {
            Some(cause) if !is_of_tls(cause) => Self::Lost,
            None if cut => Self::Lost,
            // Certificates, a server without TLS, a password that is missing, rows that are not
            // as they should be.
            _ => Self::Mend,
        }
    }
}

/// Whether the two did not come to terms, rather than lose each other.
fn is_of_tls(cause: &io::Error) -> bool {
    cause
        .get_ref()
        .is_some_and(|inner| inner.is::<rustls::Error>())
}

/// What went wrong, and what to do, in one line.
fn told(error: &Error) -> String {
    let Some(database) = error.as_db_error() else {
        let words = with_cause(error);
        return match Kind::without_code(error) {
            Kind::Lost => format!("the connection to the database failed: {words}"),
            _ => format!("the database cannot be used: {words}"),
        };
    };
    let hint = match database.code().code() {
        "53100" => "; make room on its disk",
        "25006" => "; connect to the primary server",
        "42501" => "; grant the role what it needs",
        "28P01" | "28000" => "; correct the role or its password",
        "3D000" => "; correct the name of the database",
        "42P01" | "42703" | "42804" | "42883" | "3F000" => {
            "; its schema is not as this library makes it"
        }
        "57014" | "55P03" => "; it took longer than the options allow",
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
