//! An object store that fails as they do: as a script says, or by chances that a seed decides.

use std::collections::VecDeque;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, ObjectStoreExt, PutMultipartOptions, PutOptions, PutPayload, PutResult,
    RenameOptions, Result, UploadPart,
};

use super::gate::{Gate, give_way};

/// What a store is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Get,
    Put,
    Part,
    Complete,
    Copy,
    Rename,
    Delete,
    List,
}

/// What goes wrong.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// Nothing is done.
    Denied,
    /// Nothing is done.
    Full,
    /// Nothing is done.
    Unreachable,
    /// It is done, and the answer is an error.
    Lost,
    /// What is put keeps its first half, and the answer is that all is well.
    Torn,
    /// A listing misses so many of the newest objects.
    Lag(usize),
    /// It is done once the gate is opened.
    Wait(Arc<Gate>),
    /// As torn, and the answer comes once the gate is opened.
    TornAndWait(Arc<Gate>),
}

/// How often each fault happens: chances from 0 to 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StorageFaults {
    pub(crate) fail: f64,
    pub(crate) lost: f64,
    pub(crate) torn: f64,
    pub(crate) lag: f64,
    pub(crate) slow: f64,
}

impl StorageFaults {
    pub(crate) const NONE: Self = Self {
        fail: 0.0,
        lost: 0.0,
        torn: 0.0,
        lag: 0.0,
        slow: 0.0,
    };

    pub(crate) const SLOW: Self = Self {
        slow: 0.5,
        ..Self::NONE
    };

    pub(crate) const LIGHT: Self = Self {
        fail: 0.03,
        lost: 0.03,
        torn: 0.03,
        lag: 0.2,
        slow: 0.3,
    };

    pub(crate) const HEAVY: Self = Self {
        fail: 0.2,
        lost: 0.2,
        torn: 0.15,
        lag: 0.5,
        slow: 0.6,
    };
}

/// How often each thing happened.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct StorageTally {
    pub(crate) failed: u64,
    pub(crate) lost: u64,
    pub(crate) torn: u64,
    pub(crate) lagged: u64,
    pub(crate) aborted: u64,
}

/// The store. A clone is another handle of it.
#[derive(Clone)]
pub(crate) struct FaultyStorage {
    inner: Arc<dyn ObjectStore>,
    renames_in_one_step: bool,
    state: Arc<Mutex<State>>,
}

type Watch = Arc<dyn Fn() + Send + Sync>;

struct State {
    random: fastrand::Rng,
    faults: StorageFaults,
    script: VecDeque<(Op, Fault)>,
    newest: VecDeque<Path>,
    tally: StorageTally,
    watch: Option<Watch>,
}

/// What will happen to one call.
struct Fate {
    before: u32,
    after: u32,
    fault: Option<Fault>,
}

impl FaultyStorage {
    /// One that renames as clouds do: it copies, then deletes.
    pub(crate) fn like_a_cloud(inner: Arc<dyn ObjectStore>, seed: u64) -> Self {
        Self::new(inner, seed, false)
    }

    /// One that renames as directories do: in one step.
    pub(crate) fn like_a_directory(inner: Arc<dyn ObjectStore>, seed: u64) -> Self {
        Self::new(inner, seed, true)
    }

    fn new(inner: Arc<dyn ObjectStore>, seed: u64, renames_in_one_step: bool) -> Self {
        let state = State {
            random: fastrand::Rng::with_seed(seed),
            faults: StorageFaults::NONE,
            script: VecDeque::new(),
            newest: VecDeque::new(),
            tally: StorageTally::default(),
            watch: None,
        };
        Self {
            inner,
            renames_in_one_step,
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// From now on faults happen by these chances.
    pub(crate) fn set_faults(&self, faults: StorageFaults) {
        self.state().faults = faults;
    }

    /// The next call of this kind has this fault, or the one behind those that were named
    /// before.
    pub(crate) fn next(&self, op: Op, fault: Fault) {
        self.state().script.push_back((op, fault));
    }

    /// Lets the next call of this kind wait until the gate is opened.
    pub(crate) fn stop_at(&self, op: Op) -> Arc<Gate> {
        let gate = Arc::new(Gate::new());
        self.next(op, Fault::Wait(gate.clone()));
        gate
    }

    /// Whether all that was named has happened.
    pub(crate) fn is_done(&self) -> bool {
        self.state().script.is_empty()
    }

    /// Has this called after each thing that was done.
    pub(crate) fn watch(&self, watch: impl Fn() + Send + Sync + 'static) {
        self.state().watch = Some(Arc::new(watch));
    }

    pub(crate) fn tally(&self) -> StorageTally {
        self.state().tally
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Does something as its fate will have it.
    async fn act<T>(
        &self,
        op: Op,
        path: &Path,
        inner: impl Future<Output = Result<T>> + Send,
    ) -> Result<T> {
        let fate = self.state().fate(op);
        self.act_out(fate, path, inner).await
    }

    async fn act_out<T>(
        &self,
        fate: Fate,
        path: &Path,
        inner: impl Future<Output = Result<T>> + Send,
    ) -> Result<T> {
        give_way(fate.before).await;
        match &fate.fault {
            Some(Fault::Wait(gate)) => gate.pass().await,
            Some(fault @ (Fault::Denied | Fault::Full | Fault::Unreachable)) => {
                return Err(fault.error(path));
            }
            _ => {}
        }
        let done = inner.await;
        let watch = self.state().watch.clone();
        if let Some(watch) = watch {
            watch();
        }
        give_way(fate.after).await;
        match &fate.fault {
            Some(fault @ Fault::Lost) => Err(fault.error(path)),
            Some(Fault::TornAndWait(gate)) => {
                gate.pass().await;
                done
            }
            _ => done,
        }
    }

    fn note(&self, path: &Path) {
        let newest = &mut self.state().newest;
        newest.push_back(path.clone());
        if newest.len() > 8 {
            newest.pop_front();
        }
    }
}

impl State {
    /// Draws the same number of times whatever the faults are.
    fn fate(&mut self, op: Op) -> Fate {
        let faults = self.faults;
        let mut happens = |chance| self.random.f64() < chance;
        let (slow_before, slow_after) = (happens(faults.slow), happens(faults.slow));
        let (failed, lost) = (happens(faults.fail), happens(faults.lost));
        let (torn, lag) = (happens(faults.torn), happens(faults.lag));
        let mut yields = |slow: bool| if slow { self.random.u32(1..=3) } else { 0 };
        let (before, after) = (yields(slow_before), yields(slow_after));
        let kind = self.random.usize(..3);
        let lags = self.random.usize(1..=3);
        let drawn = match op {
            _ if failed => Some([Fault::Denied, Fault::Full, Fault::Unreachable][kind].clone()),
            _ if lost => Some(Fault::Lost),
            Op::Put | Op::Part if torn => Some(Fault::Torn),
            Op::List if lag => Some(Fault::Lag(lags)),
            _ => None,
        };
        let named = self.script.iter().position(|(of, _)| *of == op);
        let named = named.and_then(|place| self.script.remove(place));
        let fault = named.map(|(_, fault)| fault).or(drawn);
        self.tally.note(fault.as_ref());
        Fate {
            before,
            after,
            fault,
        }
    }
}

impl StorageTally {
    fn note(&mut self, fault: Option<&Fault>) {
        match fault {
            Some(Fault::Denied | Fault::Full | Fault::Unreachable) => self.failed += 1,
            Some(Fault::Lost) => self.lost += 1,
            Some(Fault::Torn | Fault::TornAndWait(_)) => self.torn += 1,
            Some(Fault::Lag(_)) => self.lagged += 1,
            Some(Fault::Wait(_)) | None => {}
        }
    }
}

impl Fault {
    fn error(&self, path: &Path) -> Error {
        let said = match self {
            Self::Denied => {
                return Error::PermissionDenied {
                    path: path.to_string(),
                    source: "the key may only read".into(),
                };
            }
            Self::Full => "no space left on device",
            Self::Unreachable => "connection refused",
            _ => "the answer got lost",
        };
        Error::Generic {
            store: "faulty",
            source: said.into(),
        }
    }
}

impl Fate {
    /// What is kept of what is put.
    fn kept(&self, payload: PutPayload) -> PutPayload {
        match self.fault {
            Some(Fault::Torn | Fault::TornAndWait(_)) => {
                let whole = Bytes::from(payload);
                whole.slice(..whole.len() / 2).into()
            }
            _ => payload,
        }
    }
}

impl fmt::Debug for FaultyStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FaultyStorage(..)")
    }
}

impl fmt::Display for FaultyStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("faulty")
    }
}

#[async_trait]
impl ObjectStore for FaultyStorage {
    async fn put_opts(&self, to: &Path, bytes: PutPayload, o: PutOptions) -> Result<PutResult> {
        let fate = self.state().fate(Op::Put);
        let kept = fate.kept(bytes);
        let inner = async {
            let put = self.inner.put_opts(to, kept, o).await;
            self.note(to);
            put
        };
        self.act_out(fate, to, inner).await
    }

    async fn put_multipart_opts(
        &self,
        to: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let inner = self.inner.put_multipart_opts(to, options).await?;
        Ok(Box::new(FaultyUpload {
            storage: self.clone(),
            path: to.clone(),
            inner,
        }))
    }

    async fn get_opts(&self, from: &Path, options: GetOptions) -> Result<GetResult> {
        let inner = self.inner.get_opts(from, options);
        self.act(Op::Get, from, inner).await
    }

    async fn get_ranges(&self, from: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        let inner = self.inner.get_ranges(from, ranges);
        self.act(Op::Get, from, inner).await
    }

    fn delete_stream(
        &self,
        paths: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        let storage = self.clone();
        let deleted = paths.and_then(move |path| {
            let storage = storage.clone();
            async move {
                let inner = storage.inner.delete(&path);
                storage.act(Op::Delete, &path, inner).await?;
                Ok(path)
            }
        });
        deleted.boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let (storage, prefix) = (self.clone(), prefix.cloned());
        let listed = async move {
            let path = prefix.clone().unwrap_or_default();
            let fate = storage.state().fate(Op::List);
            let lags = match fate.fault {
                Some(Fault::Lag(lags)) => lags,
                _ => 0,
            };
            let inner = storage.inner.list(prefix.as_ref()).try_collect();
            let mut found: Vec<_> = storage.act_out(fate, &path, inner).await?;
            let newest: Vec<_> = storage.state().newest.iter().rev().cloned().collect();
            let unseen = newest.get(..lags.min(newest.len())).unwrap_or_default();
            found.retain(|object: &ObjectMeta| !unseen.contains(&object.location));
            Ok::<_, Error>(futures::stream::iter(found).map(Ok))
        };
        futures::stream::once(listed).try_flatten().boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        let inner = async {
            let copied = self.inner.copy_opts(from, to, options).await;
            self.note(to);
            copied
        };
        self.act(Op::Copy, to, inner).await
    }

    async fn rename_opts(&self, from: &Path, to: &Path, options: RenameOptions) -> Result<()> {
        let inner = async {
            if self.renames_in_one_step {
                let renamed = self.inner.rename_opts(from, to, options).await;
                self.note(to);
                return renamed;
            }
            self.copy(from, to).await?;
            self.delete(from).await
        };
        self.act(Op::Rename, to, inner).await
    }
}

struct FaultyUpload {
    storage: FaultyStorage,
    path: Path,
    inner: Box<dyn MultipartUpload>,
}

impl fmt::Debug for FaultyUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FaultyUpload(..)")
    }
}

#[async_trait]
impl MultipartUpload for FaultyUpload {
    fn put_part(&mut self, bytes: PutPayload) -> UploadPart {
        let (storage, path) = (self.storage.clone(), self.path.clone());
        let fate = storage.state().fate(Op::Part);
        let part = self.inner.put_part(fate.kept(bytes));
        Box::pin(async move { storage.act_out(fate, &path, part).await })
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let inner = self.inner.complete();
        self.storage.act(Op::Complete, &self.path, inner).await
    }

    async fn abort(&mut self) -> Result<()> {
        self.storage.state().tally.aborted += 1;
        self.inner.abort().await
    }
}
