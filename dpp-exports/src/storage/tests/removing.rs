//! Removing files, and what is left of files.

use std::io;

use object_store::Error;

use super::{directory, lying, path, put, shown};
use crate::storage::{PackStorage, StorageError};

#[tokio::test]
async fn to_remove_a_file_twice_is_to_remove_it_once() {
    let memory = PackStorage::memory();
    let (_kept, storage) = directory();
    for storage in [&memory, &storage] {
        put(storage, "e/001/a.csv", "a").await;
        put(storage, "e/001/b.csv", "b").await;
        for _ in 0..2 {
            storage.remove(&path("e/001/a.csv")).await.unwrap();
            assert_eq!(shown(storage), ["e/001/b.csv"]);
        }
    }
}

#[tokio::test]
async fn a_folder_goes_with_all_in_it_and_nothing_beside_it() {
    let memory = PackStorage::memory();
    let (_kept, storage) = directory();
    for storage in [&memory, &storage] {
        for name in ["b/e/001/a.csv", "b/e/tmp/1", "b/ee/a.csv", "b/f", "c/e/a"] {
            put(storage, name, "content").await;
        }
        for _ in 0..2 {
            storage.remove_folder(&path("b/e")).await.unwrap();
            assert_eq!(shown(storage), ["b/ee/a.csv", "b/f", "c/e/a"]);
        }
    }
}

/// A process that was killed left them, and no listing shows them.
#[tokio::test]
async fn a_folder_of_a_directory_goes_with_what_was_staged_in_it() {
    let (kept, storage) = directory();
    put(&storage, "b/e/001/a.csv", "content").await;
    std::fs::create_dir(kept.path().join("b/e/tmp")).unwrap();
    for staged in ["b/e/tmp/1#1", "b/e/tmp/1#2", "b/e/001/a.csv#1"] {
        std::fs::write(kept.path().join(staged), "half").unwrap();
    }
    assert_eq!(shown(&storage), ["b/e/001/a.csv"]);
    storage.remove_folder(&path("b/e")).await.unwrap();
    assert!(lying(kept.path()).is_empty());
    assert!(!kept.path().join("b/e").exists());
}

/// Its disk may be away for a while, with all files on it.
#[tokio::test]
async fn of_a_directory_that_is_away_nothing_counts_as_removed() {
    let (kept, storage) = directory();
    put(&storage, "b/e/001/a.csv", "content").await;
    let away = kept.path().with_extension("away");
    std::fs::rename(kept.path(), &away).unwrap();
    let error = storage.remove_folder(&path("b/e")).await.unwrap_err();
    std::fs::rename(&away, kept.path()).unwrap();
    let told = error.to_string();
    let begins = "the storage failed to remove `b/e`: ";
    assert!(told.starts_with(begins), "{told}");
    storage.remove_folder(&path("b/e")).await.unwrap();
    assert!(lying(kept.path()).is_empty());
}

#[derive(Debug, thiserror::Error)]
#[error("unable to open the file")]
struct Unopened(#[source] io::Error);

fn of_file_system(kind: io::ErrorKind) -> Error {
    Error::Generic {
        store: "LocalFileSystem",
        source: Box::new(Unopened(kind.into())),
    }
}

#[test]
fn a_refusal_is_told_from_a_failure_however_deep_it_lies() {
    for kind in [
        io::ErrorKind::PermissionDenied,
        io::ErrorKind::ReadOnlyFilesystem,
    ] {
        let error = StorageError::of("write", "a", of_file_system(kind));
        assert!(matches!(error, StorageError::Refused { .. }), "{error:?}");
    }
    let error = StorageError::of("write", "a", of_file_system(io::ErrorKind::StorageFull));
    assert!(matches!(error, StorageError::Failed { .. }), "{error:?}");
}

/// A bucket that is gone is no file that is missing.
#[test]
fn what_cannot_be_found_is_a_file_only_where_there_should_be_one() {
    let gone = || Error::NotFound {
        path: "a".to_owned(),
        source: "no such bucket".into(),
    };
    let written = StorageError::of("write", "a", gone());
    assert!(matches!(written, StorageError::Failed { .. }));
    let read = StorageError::of_file("read", "a", gone());
    assert!(matches!(read, StorageError::NotFound { .. }));
}
