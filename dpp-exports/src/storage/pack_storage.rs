//! Where packs are kept.

use std::fmt::Debug;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use dpp_core::export::PackPath;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutPayload};

use super::directory::Directory;
use super::error::StorageError;
use super::signing::SignsLinks;

/// Where packs are kept. Cloning it is cheap, and the clones are one.
///
/// A file becomes visible in one step, whole, and durable first; what is written lies under a
/// temporary name until then. Nothing but packs and logos should lie there, and nothing of it
/// should be public.
///
/// ```no_run
/// use dpp_exports::storage::PackStorage;
///
/// let storage = PackStorage::directory("/var/lib/passports/packs")?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct PackStorage {
    store: Arc<dyn ObjectStore>,
    signer: Option<Arc<dyn SignsLinks>>,
    directory: Option<Directory>,
}

impl PackStorage {
    /// A directory of this machine, which is made if it is not there. Files and their names are
    /// flushed to the disk before they are told of. Whoever can read the directory can read all
    /// packs: let nobody but the host do so.
    ///
    /// This waits for the file system: call it when the host starts.
    ///
    /// # Errors
    /// The error of the file system when the directory is not there and cannot be made.
    pub fn directory(path: impl AsRef<std::path::Path>) -> io::Result<Self> {
        std::fs::create_dir_all(&path)?;
        let root = path.as_ref().canonicalize()?;
        let store = LocalFileSystem::new_with_prefix(&root)?;
        Ok(Self {
            store: Arc::new(store.with_fsync(true)),
            signer: None,
            directory: Some(Directory::new(root)),
        })
    }

    /// Memory, for tests and for exports that are downloaded at once.
    pub fn memory() -> Self {
        Self::of(Arc::new(InMemory::new()))
    }

    /// Any object store. Links to it are signed by the host.
    ///
    /// Should the store keep files by rules: nothing here has to lie for longer than 61 days. A
    /// rule that removes what is older takes also those few files away that nothing tells of,
    /// such as one that a process made visible just before it was killed.
    pub fn of(store: Arc<dyn ObjectStore>) -> Self {
        Self {
            store,
            signer: None,
            directory: None,
        }
    }

    /// A cloud's object store that signs links itself: S3 (and what speaks like it), Google
    /// Cloud Storage or Azure, by the features `aws`, `gcp` and `azure`, as `object_store`
    /// builds them.
    ///
    /// Let the bucket's life-cycle rule abort multipart uploads that were never completed, after
    /// a day: a process that is killed, or a worker that is dropped, leaves such behind, and they
    /// cannot be listed.
    #[cfg(feature = "cloud")]
    pub fn cloud<S: ObjectStore + object_store::signer::Signer>(store: S) -> Self {
        let store = Arc::new(store);
        Self {
            signer: Some(store.clone()),
            store,
            directory: None,
        }
    }

    /// Whether the storage signs links itself.
    pub const fn signs_links(&self) -> bool {
        self.signer.is_some()
    }

    pub(crate) fn store(&self) -> &dyn ObjectStore {
        self.store.as_ref()
    }

    /// The bytes of a file, as a host sends them to whoever came with a
    /// [verified](super::LinkSigner::verify) link.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] when the file is gone; others when the storage failed, also
    /// within the stream.
    pub async fn read(
        &self,
        path: &PackPath,
    ) -> Result<BoxStream<'static, Result<Bytes, StorageError>>, StorageError> {
        let failed = |error| StorageError::of_file("read", path, error);
        let found = self.store.get(&location(path)).await.map_err(failed)?;
        let path = path.clone();
        let failed = move |error| StorageError::of_file("read", &path, error);
        Ok(found.into_stream().map_err(failed).boxed())
    }

    /// The whole of a file that is known to be small.
    pub(crate) async fn read_small(&self, path: &PackPath) -> Result<Bytes, StorageError> {
        let failed = |error| StorageError::of_file("read", path, error);
        let found = self.store.get(&location(path)).await.map_err(failed)?;
        found.bytes().await.map_err(failed)
    }

    /// Writes a small file in one step.
    pub(crate) async fn write_small(
        &self,
        path: &PackPath,
        bytes: PutPayload,
    ) -> Result<(), StorageError> {
        let written = self.store.put(&location(path), bytes).await;
        let failed = |error| StorageError::of("write", path, error);
        written.map(drop).map_err(failed)
    }

    /// Gives a written file its name, in one step. If there is one of that name already it is
    /// replaced, which must not be by a torn one: so it is looked whether all that was written
    /// is there, before and after.
    pub(crate) async fn publish(
        &self,
        temporary: &PackPath,
        path: &PackPath,
        bytes: u64,
    ) -> Result<(), StorageError> {
        self.check_length(temporary, bytes).await?;
        let (from, to) = (location(temporary), location(path));
        let renamed = self.store.rename(&from, &to).await;
        renamed.map_err(|error| StorageError::of_file("name", path, error))?;
        self.check_length(path, bytes).await
    }

    async fn check_length(&self, path: &PackPath, written: u64) -> Result<(), StorageError> {
        let head = self.store.head(&location(path)).await;
        let found = head.map_err(|error| StorageError::of_file("look at", path, error))?;
        match found.size == written {
            true => Ok(()),
            false => Err(StorageError::Torn {
                path: path.clone(),
                found: found.size,
                written,
            }),
        }
    }

    /// Removes a file. That there is none is no error.
    pub(crate) async fn remove(&self, path: &PackPath) -> Result<(), StorageError> {
        self.remove_at(&location(path)).await
    }

    async fn remove_at(&self, location: &Path) -> Result<(), StorageError> {
        match self.store.delete(location).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(StorageError::of("remove", location, error)),
        }
    }

    /// Removes everything in a folder: of a directory all of it, elsewhere what a listing shows.
    pub(crate) async fn remove_folder(&self, folder: &PackPath) -> Result<(), StorageError> {
        if let Some(directory) = &self.directory {
            return directory.remove_folder(folder).await;
        }
        let listed = self.store.list(Some(&location(folder)));
        let found: Result<Vec<_>, _> = listed.map_ok(|object| object.location).try_collect().await;
        for location in found.map_err(|error| StorageError::of("list", folder, error))? {
            self.remove_at(&location).await?;
        }
        Ok(())
    }

    /// The cloud's own signed link; none if the storage does not sign.
    pub(crate) async fn signed_link(
        &self,
        path: &PackPath,
        life: Duration,
    ) -> Result<Option<String>, StorageError> {
        let Some(signer) = &self.signer else {
            return Ok(None);
        };
        let location = location(path);
        let signed = signer.link(&location, life).await;
        let url = signed.map_err(|error| StorageError::of("sign a link to", path, error))?;
        Ok(Some(url))
    }
}

pub(super) fn location(path: &PackPath) -> Path {
    Path::from(path.as_str())
}
