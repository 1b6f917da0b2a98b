//! Writing a file of unknown length under a temporary name, a chunk at a time.

use dpp_core::export::PackPath;
use object_store::{MultipartUpload, ObjectStoreExt, PutPayload, PutPayloadMut};

use super::error::StorageError;
use super::pack_storage::{PackStorage, location};

/// How long a chunk is, but for the last one: every cloud takes parts of at least 5 MiB.
pub(crate) const CHUNK: usize = 8 * 1024 * 1024;

/// Chunks are made of short blocks of one size, which take one another's place. Whole ones that
/// come and go leave holes, of which allocators that part memory by threads keep many.
const BLOCK: usize = 64 * 1024;

/// A chunk that is being filled.
pub(crate) struct Chunk {
    payload: PutPayloadMut,
}

impl Chunk {
    pub(crate) fn new() -> Self {
        Self {
            payload: PutPayloadMut::new().with_block_size(BLOCK),
        }
    }

    /// Takes what there is room for, and tells how much that is: 0 when it is full.
    pub(crate) fn fill(&mut self, bytes: &[u8]) -> usize {
        let room = CHUNK - self.payload.content_length();
        let taken = bytes.get(..room).unwrap_or(bytes);
        self.payload.extend_from_slice(taken);
        taken.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.payload.is_empty()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.payload.content_length() == CHUNK
    }

    /// What is in it; it is empty then.
    pub(crate) fn take(&mut self) -> PutPayload {
        std::mem::replace(self, Self::new()).payload.freeze()
    }
}

/// A file that is being written. A short one is written in one step; a longer one in parts,
/// which are not visible until the last.
pub(crate) struct Upload<'a> {
    storage: &'a PackStorage,
    path: PackPath,
    held: Option<PutPayload>,
    parts: Option<Box<dyn MultipartUpload>>,
}

impl<'a> Upload<'a> {
    pub(crate) const fn new(storage: &'a PackStorage, path: PackPath) -> Self {
        Self {
            storage,
            path,
            held: None,
            parts: None,
        }
    }

    /// Takes the next chunk: of [`CHUNK`] bytes, if another follows.
    pub(crate) async fn write(&mut self, chunk: PutPayload) -> Result<(), StorageError> {
        if let Some(before) = self.held.replace(chunk) {
            self.put_part(before).await?;
        }
        Ok(())
    }

    async fn put_part(&mut self, chunk: PutPayload) -> Result<(), StorageError> {
        let failed = |error| StorageError::of("write", &self.path, error);
        let parts = match &mut self.parts {
            Some(parts) => parts,
            none => {
                let location = location(&self.path);
                let begun = self.storage.store().put_multipart(&location).await;
                none.insert(begun.map_err(failed)?)
            }
        };
        parts.put_part(chunk).await.map_err(failed)
    }

    /// Ends the file: it lies whole under its temporary name then. If that fails it is given up.
    pub(crate) async fn finish(mut self) -> Result<(), StorageError> {
        let last = self.held.take().unwrap_or_default();
        if self.parts.is_none() {
            return self.storage.write_small(&self.path, last).await;
        }
        let ended = match self.put_part(last).await {
            Ok(()) => self.complete().await,
            failed => failed,
        };
        if ended.is_err() {
            self.abort().await;
        }
        ended
    }

    async fn complete(&mut self) -> Result<(), StorageError> {
        let Some(parts) = &mut self.parts else {
            return Ok(());
        };
        let completed = parts.complete().await;
        completed
            .map(drop)
            .map_err(|error| StorageError::of("write", &self.path, error))
    }

    /// Gives the file up, and removes what there is of it as far as the storage lets it.
    pub(crate) async fn abort(mut self) {
        if let Some(parts) = &mut self.parts {
            // It failed already. What this leaves behind goes with the export's folder, or by the
            // rule of the bucket that aborts uploads.
            parts.abort().await.ok();
        }
    }
}
