//! A file is visible whole, or not at all.

use std::time::Duration;

use object_store::PutPayload;

use super::{content, directory, lying, path, put, shown};
use crate::storage::{CHUNK, PackStorage, StorageError, Upload};

fn chunk(byte: u8) -> PutPayload {
    vec![byte; CHUNK].into()
}

/// Writes two chunks and a bit, and looks between them.
async fn write_in_parts(storage: &PackStorage, look: impl Fn()) {
    let mut upload = Upload::new(storage, path("e/tmp/1"));
    for byte in [1, 2] {
        upload.write(chunk(byte)).await.unwrap();
        look();
    }
    upload.write(PutPayload::from_static(b"end")).await.unwrap();
    look();
    upload.finish().await.unwrap();
}

async fn assert_in_parts(storage: &PackStorage, look: impl Fn()) {
    write_in_parts(storage, look).await;
    let whole = content(storage, "e/tmp/1").await.unwrap();
    assert_eq!(whole.len(), 2 * CHUNK + 3);
    assert!(whole.ends_with(&[2, b'e', b'n', b'd']));
    assert_eq!(whole[CHUNK - 1..=CHUNK], [1, 2]);
}

#[tokio::test]
async fn a_file_in_parts_has_no_name_before_its_last_part() {
    let memory = PackStorage::memory();
    assert_in_parts(&memory, || assert!(shown(&memory).is_empty())).await;
    let (kept, storage) = directory();
    let look = || {
        let lying = lying(kept.path());
        assert!(lying.iter().all(|name| name == "1#1"), "{lying:?}");
        assert!(shown(&storage).is_empty());
    };
    assert_in_parts(&storage, look).await;
    assert_eq!(lying(kept.path()), ["1"]);
}

#[tokio::test]
async fn a_writer_that_fails_in_the_middle_leaves_nothing() {
    let memory = PackStorage::memory();
    let (kept, storage) = directory();
    for storage in [&memory, &storage] {
        let mut upload = Upload::new(storage, path("e/tmp/1"));
        upload.write(chunk(1)).await.unwrap();
        upload.write(chunk(2)).await.unwrap();
        upload.abort().await;
        assert!(shown(storage).is_empty());
    }
    assert!(lying(kept.path()).is_empty());
}

#[tokio::test]
async fn a_writer_that_is_dropped_in_the_middle_leaves_nothing_visible() {
    let (kept, storage) = directory();
    let mut upload = Upload::new(&storage, path("e/tmp/1"));
    upload.write(chunk(1)).await.unwrap();
    upload.write(chunk(2)).await.unwrap();
    drop(upload);
    assert!(shown(&storage).is_empty());
    // It is removed by another thread.
    while !lying(kept.path()).is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn a_file_of_no_chunk_is_an_empty_one() {
    let storage = PackStorage::memory();
    let upload = Upload::new(&storage, path("e/tmp/1"));
    upload.finish().await.unwrap();
    assert_eq!(content(&storage, "e/tmp/1").await.unwrap(), b"");
}

/// Gives a file of 5 bytes its name.
async fn publish(storage: &PackStorage) -> Result<(), StorageError> {
    let (temporary, named) = (path("e/tmp/1"), path("e/001/a.csv"));
    storage.publish(&temporary, &named, 5).await
}

#[tokio::test]
async fn what_is_published_has_one_name_and_replaces_what_had_it() {
    let memory = PackStorage::memory();
    let (kept, storage) = directory();
    for storage in [&memory, &storage] {
        for content_of in ["first", "other"] {
            put(storage, "e/tmp/1", content_of).await;
            publish(storage).await.unwrap();
            assert_eq!(shown(storage), ["e/001/a.csv"]);
            let found = content(storage, "e/001/a.csv").await.unwrap();
            assert_eq!(found, content_of.as_bytes());
        }
    }
    assert_eq!(lying(kept.path()), ["a.csv"]);
}

#[tokio::test]
async fn a_torn_file_is_told_of_and_does_not_replace_a_whole_one() {
    let memory = PackStorage::memory();
    let (_kept, storage) = directory();
    for storage in [&memory, &storage] {
        put(storage, "e/001/a.csv", "whole").await;
        put(storage, "e/tmp/1", "who").await;
        let error = publish(storage).await.unwrap_err();
        let told = "file `e/tmp/1` has 3 bytes in the storage, and 5 were written";
        assert_eq!(error.to_string(), told);
        assert_eq!(content(storage, "e/001/a.csv").await.unwrap(), b"whole");
    }
}

#[tokio::test]
async fn a_file_that_somebody_removed_is_not_published() {
    let memory = PackStorage::memory();
    let (_kept, storage) = directory();
    for storage in [&memory, &storage] {
        let error = publish(storage).await.unwrap_err();
        let told = "there is no file `e/tmp/1` in the storage";
        assert_eq!(error.to_string(), told);
        assert!(shown(storage).is_empty());
    }
}

#[tokio::test]
async fn a_small_file_is_read_back_and_one_that_is_not_there_is_told_of() {
    let storage = PackStorage::memory();
    put(&storage, "b/logos/1", "<svg/>").await;
    let read = storage.read_small(&path("b/logos/1")).await.unwrap();
    assert_eq!(read, "<svg/>");
    let missing = storage.read_small(&path("b/logos/2")).await.unwrap_err();
    assert!(matches!(missing, StorageError::NotFound { path } if path == "b/logos/2"));
    let missing = content(&storage, "b/logos/2").await.unwrap_err();
    assert!(matches!(missing, StorageError::NotFound { .. }));
}

#[tokio::test]
async fn a_directory_that_cannot_be_written_to_is_told_with_the_path() {
    let (kept, storage) = directory();
    std::fs::write(kept.path().join("e"), "in the way").unwrap();
    let written = storage
        .write_small(&path("e/tmp/1"), PutPayload::new())
        .await;
    let told = written.unwrap_err().to_string();
    let begins = "the storage failed to write `e/tmp/1`: ";
    assert!(told.starts_with(begins), "{told}");
    let mut upload = Upload::new(&storage, path("e/tmp/1"));
    upload.write(chunk(1)).await.unwrap();
    let told = upload.write(chunk(2)).await.unwrap_err().to_string();
    assert!(told.starts_with(begins), "{told}");
}

#[test]
fn a_directory_below_a_file_cannot_be_opened() {
    let kept = tempfile::NamedTempFile::new().unwrap();
    PackStorage::directory(kept.path().join("packs")).unwrap_err();
}
