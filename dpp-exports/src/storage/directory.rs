//! What of a directory no object store does: removing also what no listing shows.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use dpp_core::export::PackPath;
use object_store::Error;
use tokio::task;

use super::error::StorageError;

/// The directory that packs lie in.
#[derive(Debug, Clone)]
pub(super) struct Directory {
    root: PathBuf,
}

impl Directory {
    pub(super) const fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Removes a folder with all that lies in it, and what a killed process left half written.
    pub(super) async fn remove_folder(&self, folder: &PackPath) -> Result<(), StorageError> {
        let root = self.root.clone();
        let path = root.join(folder.as_str());
        let removed = task::spawn_blocking(move || remove(&root, &path)).await;
        let removed = removed.map_err(Error::from).and_then(|removed| {
            removed.map_err(|error| Error::Generic {
                store: "directory",
                source: Box::new(error),
            })
        });
        removed.map_err(|error| StorageError::of("remove", folder, error))
    }
}

/// That a folder is not there is no error. That the whole directory is not there is one: its
/// disk may be away, and come back with all files.
fn remove(root: &Path, folder: &Path) -> io::Result<()> {
    root.metadata()?;
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        removed => removed?,
    }
    folder.parent().map_or(Ok(()), flush)
}

/// What was removed must not come back when the power fails. Only Unix can flush a directory.
fn flush(directory: &Path) -> io::Result<()> {
    match cfg!(unix) {
        true => File::open(directory)?.sync_all(),
        false => Ok(()),
    }
}
