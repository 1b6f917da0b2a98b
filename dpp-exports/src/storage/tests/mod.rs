//! What a storage does with files, in a directory and in memory.

mod removing;
mod whole;

use std::path::Path;

use bytes::Bytes;
use dpp_core::export::PackPath;
use futures::TryStreamExt;
use futures::executor::block_on;
use tempfile::TempDir;

use super::{PackStorage, StorageError};

fn path(text: &str) -> PackPath {
    PackPath::parse(text).unwrap()
}

fn directory() -> (TempDir, PackStorage) {
    let kept = TempDir::new().unwrap();
    let storage = PackStorage::directory(kept.path()).unwrap();
    (kept, storage)
}

async fn put(storage: &PackStorage, at: &str, content: &'static str) {
    let content = Bytes::from_static(content.as_bytes());
    storage
        .write_small(&path(at), content.into())
        .await
        .unwrap();
}

async fn content(storage: &PackStorage, at: &str) -> Result<Vec<u8>, StorageError> {
    let stream = storage.read(&path(at)).await?;
    let chunks: Vec<_> = stream.try_collect().await?;
    Ok(chunks.concat())
}

/// The paths of all that the storage shows, sorted.
fn shown(storage: &PackStorage) -> Vec<String> {
    let listed = storage.store().list(None).try_collect::<Vec<_>>();
    let mut paths: Vec<_> = block_on(listed)
        .unwrap()
        .iter()
        .map(|object| object.location.to_string())
        .collect();
    paths.sort();
    paths
}

/// The names of all that lies in a directory or below, be it staged or not.
fn lying(directory: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => names.extend(lying(&entry.path())),
            false => names.push(entry.file_name().into_string().unwrap()),
        }
    }
    names.sort();
    names
}
