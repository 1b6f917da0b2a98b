//! Why no valid link looks like a request.

use super::host::HostError;
use crate::gs1::{DigitalLinkError, MAX_LINK, ResolverBaseError};
use crate::ids::IdError;

/// Why a request cannot be for any link, whoever issued it. It is answered with status 400, and
/// without this reason: that is for the host's own statistics.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    /// No host was named. The client has to send a `Host` header.
    #[error("the request names no host")]
    NoHost,
    /// The host is none.
    #[error(transparent)]
    Host(#[from] HostError),
    /// Path, query or host are not text.
    #[error("the request is not ASCII")]
    NotAscii,
    /// It is longer than a link may be.
    #[error("the link has {bytes} bytes, and at most {MAX_LINK} are allowed")]
    TooLong {
        /// How many bytes it has.
        bytes: usize,
    },
    /// A byte that no path and no query has.
    #[error("byte {at} of path and query is none of a URI's")]
    IllegalCharacter {
        /// Where it stands in the path and the query.
        at: usize,
    },
    /// The path is neither a Digital Link nor one of this library's own.
    #[error("the path is neither `/01/...` nor `/mu/`, `/mb/` or `/ml/` with an id")]
    NotALink,
    /// It is a Digital Link with something wrong.
    #[error(transparent)]
    Link(#[from] DigitalLinkError),
    /// The id is none of its kind.
    #[error(transparent)]
    Id(#[from] IdError),
    /// What stands before the id is no stem.
    #[error(transparent)]
    Stem(#[from] ResolverBaseError),
}
