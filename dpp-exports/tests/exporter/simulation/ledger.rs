//! What the log says that lies in the storage, held against what does.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use dpp_core::export::{ExportEvent, PackFile, Sha256Digest};
use dpp_core::store::log::{PageLimit, Position, StreamId, StreamKind};
use dpp_core::store::{Codec, EventStore};
use dpp_core::{BrandId, ExportId};
use dpp_exports::sha256;
use dpp_store_memory::MemoryStore;
use futures::{FutureExt, TryStreamExt};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};

/// Looks after each thing that the storage did.
pub(super) struct Ledger {
    log: Arc<MemoryStore>,
    lying: Arc<InMemory>,
    brand: BrandId,
    read: Mutex<Read>,
}

#[derive(Default)]
struct Read {
    upto: Option<Position>,
    /// The packs of exports that have not expired.
    recorded: BTreeMap<String, (StreamId, PackFile)>,
    /// Of each version of an object, what it is.
    digests: HashMap<String, Sha256Digest>,
    looks: u64,
}

impl Ledger {
    pub(super) fn new(log: Arc<MemoryStore>, lying: Arc<InMemory>, brand: BrandId) -> Self {
        Self {
            log,
            lying,
            brand,
            read: Mutex::default(),
        }
    }

    /// That every recorded pack lies there whole from its event until its export expires, and
    /// that nothing has the name of a pack that is not whole.
    pub(super) fn check(&self) {
        let mut read = self.read.lock().unwrap();
        read.looks += 1;
        self.read_on(&mut read);
        let found = self.visible();
        for object in &found {
            let digest = self.digest(&mut read, object).to_string();
            let path = object.location.as_ref();
            assert!(path.contains(&digest[..16]), "{path} is not whole");
        }
        let by_path: HashMap<_, _> = found
            .iter()
            .map(|object| (object.location.to_string(), object))
            .collect();
        let recorded: Vec<_> = read
            .recorded
            .values()
            .map(|(_, file)| file.clone())
            .collect();
        for file in recorded {
            let object = by_path.get(file.path.as_str());
            let object = object.unwrap_or_else(|| panic!("{file:?} does not lie there"));
            assert_eq!(object.size, file.bytes, "{file:?}");
            assert_eq!(self.digest(&mut read, object), file.sha256, "{file:?}");
        }
    }

    /// Everything with the name of a pack.
    pub(super) fn visible(&self) -> Vec<ObjectMeta> {
        let mut objects = self.objects();
        objects.retain(|object| !object.location.as_ref().contains("/tmp/"));
        objects
    }

    pub(super) fn objects(&self) -> Vec<ObjectMeta> {
        let listed = self.lying.list(None).try_collect();
        listed.now_or_never().unwrap().unwrap()
    }

    pub(super) fn content(&self, path: &Path) -> Vec<u8> {
        let read = async { self.lying.get(path).await.unwrap().bytes().await };
        read.now_or_never().unwrap().unwrap().to_vec()
    }

    pub(super) fn looks(&self) -> u64 {
        self.read.lock().unwrap().looks
    }

    fn digest(&self, read: &mut Read, object: &ObjectMeta) -> Sha256Digest {
        let version = format!("{} {:?}", object.location, object.e_tag);
        let known = read.digests.entry(version);
        *known.or_insert_with(|| sha256(&self.content(&object.location)))
    }

    fn read_on(&self, read: &mut Read) {
        let page = self.log.read_feed(self.brand, read.upto, PageLimit::MAX);
        let page = page.now_or_never().unwrap().unwrap();
        let codec = Codec::new();
        for recorded in &page.events {
            if recorded.stream.kind() != StreamKind::Export {
                continue;
            }
            match codec.decode(&recorded.event).unwrap() {
                ExportEvent::PackCompleted(completed) => {
                    let path = completed.file.path.to_string();
                    let entry = (recorded.stream, completed.file);
                    let before = read.recorded.insert(path, entry);
                    assert!(before.is_none(), "a pack was completed twice: {before:?}");
                }
                ExportEvent::Expired(_) => {
                    let gone = recorded.stream;
                    read.recorded.retain(|_, (stream, _)| *stream != gone);
                }
                _ => {}
            }
        }
        read.upto = page.upto.or(read.upto);
    }
}

/// The folder in which all files of an export lie.
pub(super) fn is_of(path: &str, export: ExportId) -> bool {
    path.contains(&format!("/{export}/"))
}
