//! A storage that keeps nothing of its files but how long they are.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use dpp_core::Timestamp;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{
    Attributes, CopyOptions, Error, Extensions, GetOptions, GetResult, GetResultPayload,
    ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions, PutOptions,
    PutPayload, PutResult, Result, UploadPart,
};

/// A storage that keeps nothing of its files but how long they are.
#[derive(Debug, Clone, Default)]
pub struct Discard {
    lengths: Arc<Mutex<BTreeMap<Path, u64>>>,
}

impl Discard {
    fn lengths(&self) -> MutexGuard<'_, BTreeMap<Path, u64>> {
        self.lengths.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, path: &Path, length: u64) -> PutResult {
        self.lengths().insert(path.clone(), length);
        PutResult {
            e_tag: None,
            version: None,
            extensions: Extensions::default(),
        }
    }

    fn length(&self, path: &Path) -> Result<u64> {
        let found = self.lengths().get(path).copied();
        found.ok_or_else(|| Error::NotFound {
            path: path.to_string(),
            source: "it was never written".into(),
        })
    }
}

impl fmt::Display for Discard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("discard")
    }
}

fn meta(location: Path, size: u64) -> ObjectMeta {
    ObjectMeta {
        location,
        last_modified: Timestamp::from_unix_millis(0).into(),
        size,
        e_tag: None,
        version: None,
    }
}

#[async_trait]
impl ObjectStore for Discard {
    async fn put_opts(&self, to: &Path, bytes: PutPayload, _: PutOptions) -> Result<PutResult> {
        Ok(self.put(to, bytes.content_length() as u64))
    }

    async fn put_multipart_opts(
        &self,
        to: &Path,
        _: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        Ok(Box::new(DiscardedParts {
            storage: self.clone(),
            path: to.clone(),
            length: 0,
        }))
    }

    async fn get_opts(&self, from: &Path, _: GetOptions) -> Result<GetResult> {
        let size = self.length(from)?;
        Ok(GetResult {
            payload: GetResultPayload::Stream(futures::stream::empty().boxed()),
            meta: meta(from.clone(), size),
            range: 0..size,
            attributes: Attributes::default(),
            extensions: Extensions::default(),
        })
    }

    fn delete_stream(
        &self,
        paths: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        let storage = self.clone();
        let deleted = paths.map_ok(move |path| {
            storage.lengths().remove(&path);
            path
        });
        deleted.boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let within = |path: &Path| prefix.is_none_or(|prefix| path.prefix_matches(prefix));
        let lengths = self.lengths();
        let found = lengths.iter().filter(|(path, _)| within(path));
        let found: Vec<_> = found
            .map(|(path, length)| Ok(meta(path.clone(), *length)))
            .collect();
        futures::stream::iter(found).boxed()
    }

    async fn list_with_delimiter(&self, _: Option<&Path>) -> Result<ListResult> {
        Err(Error::NotImplemented {
            operation: "list_with_delimiter".to_owned(),
            implementer: self.to_string(),
        })
    }

    async fn copy_opts(&self, from: &Path, to: &Path, _: CopyOptions) -> Result<()> {
        let length = self.length(from)?;
        self.put(to, length);
        Ok(())
    }
}

#[derive(Debug)]
struct DiscardedParts {
    storage: Discard,
    path: Path,
    length: u64,
}

#[async_trait]
impl MultipartUpload for DiscardedParts {
    fn put_part(&mut self, bytes: PutPayload) -> UploadPart {
        self.length += bytes.content_length() as u64;
        Box::pin(futures::future::ready(Ok(())))
    }

    async fn complete(&mut self) -> Result<PutResult> {
        Ok(self.storage.put(&self.path, self.length))
    }

    async fn abort(&mut self) -> Result<()> {
        Ok(())
    }
}
