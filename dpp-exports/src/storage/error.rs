//! Why the storage failed.

use std::error::Error as StdError;
use std::io;

use dpp_core::export::PackPath;
use object_store::Error;

/// Why the storage could not do as it was asked. What was written until then is not visible.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// There is no such file: it expired, or never was. Ask for the export again.
    #[error("there is no file `{path}` in the storage")]
    NotFound {
        /// Where it should lie.
        path: String,
    },
    /// The storage does not let this host in, or only to read. Mend its rights or credentials,
    /// then try again.
    #[error("the storage refuses to {doing} `{path}`: {source}")]
    Refused {
        /// What was tried.
        doing: &'static str,
        /// With which file.
        path: String,
        /// What it says.
        source: Error,
    },
    /// The storage is full, unreachable, or fails otherwise. Mend it or wait, then try again.
    #[error("the storage failed to {doing} `{path}`: {source}")]
    Failed {
        /// What was tried.
        doing: &'static str,
        /// With which file.
        path: String,
        /// What it says.
        source: Error,
    },
    /// A file has not all the bytes that were written of it. Try again.
    #[error("file `{path}` has {found} bytes in the storage, and {written} were written")]
    Torn {
        /// Where it lies.
        path: PackPath,
        /// How many bytes it has.
        found: u64,
        /// How many were written.
        written: u64,
    },
}

impl StorageError {
    /// The error of the store while it was doing this with a file that should be there.
    pub(super) fn of_file(doing: &'static str, path: impl ToString, source: Error) -> Self {
        match source {
            Error::NotFound { .. } => Self::NotFound {
                path: path.to_string(),
            },
            source => Self::of(doing, path, source),
        }
    }

    /// The error of the store while it was doing this. That it does not find something is a
    /// failure then: its bucket is gone, say.
    pub(super) fn of(doing: &'static str, path: impl ToString, source: Error) -> Self {
        let path = path.to_string();
        match is_refusal(&source) {
            true => Self::Refused {
                doing,
                path,
                source,
            },
            false => Self::Failed {
                doing,
                path,
                source,
            },
        }
    }
}

/// A cloud says itself that it refuses; of a directory the file system's own error does, which
/// lies deep in that of the store.
fn is_refusal(error: &Error) -> bool {
    if let Error::PermissionDenied { .. } | Error::Unauthenticated { .. } = error {
        return true;
    }
    let causes = std::iter::successors(error.source(), cause);
    let mut kinds = causes.filter_map(|cause| Some(cause.downcast_ref::<io::Error>()?.kind()));
    kinds.any(|kind| {
        matches!(
            kind,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
        )
    })
}

fn cause<'a>(error: &&'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    (*error).source()
}
