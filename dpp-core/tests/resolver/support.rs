//! A resolver in front of a service, and a store that counts and can go down.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use dpp_core::identity::MintBatchId;
use dpp_core::mint::{ActivationMode, MintRequest};
use dpp_core::read::UnitRow;
use dpp_core::resolver::{NotFound, Outcome, ScanRecord, ScanRequest};
use dpp_core::service::{MintService, Resolved, Resolver, ResolverSettings, ScanSink, Settings};
use dpp_core::store::EventStore;
use dpp_core::store::log::{
    ClaimSpace, ClaimValue, Commit, CommitError, FeedPage, HeadPage, PageLimit, Position,
    ReadError, Receipt, RecordedEvent, StoreFault, StreamId, StreamPage, Version,
};
use dpp_core::{BrandId, TextRows, Timestamp};
use dpp_store_memory::{MemoryCatalogue, MemoryStore};
use futures::TryStreamExt;
use futures::executor::block_on;

use crate::support_of_host::*;

pub const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 \
                         (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
pub const BOT: &str = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)";

/// A store that counts what is asked of it, and can go down.
#[derive(Debug)]
pub struct Counted {
    pub inner: Arc<dyn EventStore>,
    questions: AtomicU64,
    down: AtomicBool,
}

impl Counted {
    pub fn new(inner: Arc<dyn EventStore>) -> Self {
        Self {
            inner,
            questions: AtomicU64::new(0),
            down: AtomicBool::new(false),
        }
    }

    /// How often something was read.
    pub fn questions(&self) -> u64 {
        self.questions.load(Ordering::Relaxed)
    }

    pub fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::Relaxed);
    }

    fn ask(&self) -> Result<(), ReadError> {
        self.questions.fetch_add(1, Ordering::Relaxed);
        match self.down.load(Ordering::Relaxed) {
            true => Err(ReadError::Unavailable(StoreFault::new("the cable is cut"))),
            false => Ok(()),
        }
    }
}

#[async_trait]
impl EventStore for Counted {
    async fn commit(&self, commit: &Commit) -> Result<Receipt, CommitError> {
        match self.down.load(Ordering::Relaxed) {
            true => Err(CommitError::NotCommitted(StoreFault::new(
                "the cable is cut",
            ))),
            false => self.inner.commit(commit).await,
        }
    }

    async fn claimed(
        &self,
        brand: BrandId,
        space: ClaimSpace,
        keys: &TextRows,
    ) -> Result<Vec<Option<ClaimValue>>, ReadError> {
        self.ask()?;
        self.inner.claimed(brand, space, keys).await
    }

    async fn read_stream(
        &self,
        brand: BrandId,
        stream: StreamId,
        from: Version,
        limit: PageLimit,
    ) -> Result<StreamPage, ReadError> {
        self.ask()?;
        self.inner.read_stream(brand, stream, from, limit).await
    }

    async fn read_feed(
        &self,
        brand: BrandId,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<FeedPage, ReadError> {
        self.ask()?;
        self.inner.read_feed(brand, after, limit).await
    }

    async fn heads(&self, after: Option<BrandId>, limit: PageLimit) -> Result<HeadPage, ReadError> {
        self.ask()?;
        self.inner.heads(after, limit).await
    }
}

/// Keeps what it is given.
#[derive(Default)]
pub struct Kept(pub Mutex<Vec<ScanRecord>>);

impl ScanSink for Kept {
    fn push(&self, record: ScanRecord) {
        self.0.lock().unwrap().push(record);
    }
}

/// A brand's door: what is minted resolves here.
pub struct Door {
    pub store: Arc<Counted>,
    pub service: MintService,
    pub resolver: Resolver,
    pub scans: Arc<Kept>,
}

impl Door {
    pub fn new() -> Self {
        Self::of(catalogue())
    }

    pub fn of(catalogue: MemoryCatalogue) -> Self {
        Self::on(Arc::new(MemoryStore::default()), catalogue)
    }

    pub fn on(log: Arc<dyn EventStore>, catalogue: MemoryCatalogue) -> Self {
        let store = Arc::new(Counted::new(log));
        // Two that write to one log must not draw the same ids.
        static SEED: AtomicU64 = AtomicU64::new(1);
        let host = host_with(SEED.fetch_add(1, Ordering::Relaxed), catalogue.clone());
        let service = service_for(store.clone(), host, Settings::default());
        let scans = Arc::new(Kept::default());
        let settings = ResolverSettings::default();
        let resolver = Resolver::new(service.clone(), Arc::new(catalogue), settings);
        Self {
            resolver: resolver.with_scans(scans.clone()),
            store,
            service,
            scans,
        }
    }

    pub fn mint(&self, request: MintRequest) -> MintBatchId {
        let caller = owner(request.brand_id);
        let submitted = self.service.submit(&caller, request, noon());
        let job = block_on(submitted).unwrap().job().unwrap();
        block_on(work_off(&self.service, noon()));
        job.batch()
    }

    /// Mints for a first scan, and gives the units.
    pub fn units(&self, request: MintRequest) -> Vec<UnitRow> {
        let request = MintRequest {
            activation_mode: ActivationMode::FirstScan,
            ..request
        };
        let brand = request.brand_id;
        let batch = self.mint(request);
        self.rows(brand, batch)
    }

    pub fn rows(&self, brand: BrandId, batch: MintBatchId) -> Vec<UnitRow> {
        let scope = owner(brand).to_read(brand).unwrap();
        block_on(async {
            let units = self.service.reads().units(&scope, batch, 0).await.unwrap();
            units.try_collect().await.unwrap()
        })
    }

    /// Somebody with a phone scans a URL.
    pub fn scan(&self, url: &str) -> Resolved {
        self.scan_at(url, noon())
    }

    pub fn scan_at(&self, url: &str, now: Timestamp) -> Resolved {
        block_on(self.ask(url, "GET", PHONE, &[], now))
    }

    pub fn scan_with(&self, url: &str, headers: &[(&str, &str)]) -> Resolved {
        block_on(self.ask(url, "GET", PHONE, headers, noon()))
    }

    pub fn scan_by(&self, url: &str, method: &str, agent: &str) -> Resolved {
        block_on(self.ask(url, method, agent, &[], noon()))
    }

    pub async fn ask(
        &self,
        url: &str,
        method: &str,
        agent: &str,
        headers: &[(&str, &str)],
        now: Timestamp,
    ) -> Resolved {
        let (host, path, query) = parts(url);
        let header = |wanted: &str| {
            let mut named = headers.iter().filter(|(name, _)| *name == wanted);
            named.next().map(|(_, value)| value.as_bytes())
        };
        let request = ScanRequest {
            method,
            host: Some(host.as_bytes()),
            path: path.as_bytes(),
            query: query.map(str::as_bytes),
            user_agent: Some(agent.as_bytes()),
            accept: header("accept"),
            accept_language: header("accept-language"),
            client: Some(IpAddr::from([203, 0, 113, 77])),
        };
        self.resolver.resolve(&request, now).await
    }

    pub fn events_of(&self, brand: BrandId, event_type: &str) -> usize {
        let feed = block_on(self.store.inner.read_feed(brand, None, PageLimit::MAX)).unwrap();
        let of_type = |one: &&RecordedEvent| one.event.event_type.as_str() == event_type;
        feed.events.iter().filter(of_type).count()
    }
}

fn parts(url: &str) -> (&str, &str, Option<&str>) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let slash = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at(slash);
    match path.split_once('?') {
        Some((path, query)) => (host, path, Some(query)),
        None => (host, path, None),
    }
}

pub fn header(resolved: &Resolved, name: &str) -> Option<String> {
    let mut headers = resolved.headers().into_iter();
    headers.find(|(of, _)| *of == name).map(|(_, value)| value)
}

/// Status, location, cache, state.
pub fn told(resolved: &Resolved) -> (u16, String, String, String) {
    let header = |name| header(resolved, name).unwrap_or_default();
    (
        resolved.answer.status(),
        header("location"),
        header("cache-control"),
        header("dpp-state"),
    )
}

pub const NO_STORE: &str = "no-store, max-age=0";
pub const HOUR: &str = "public, max-age=3600";

#[track_caller]
pub fn assert_redirect(resolved: &Resolved, to: &str, cache: &str, state: &str) {
    let expected = (302, to.to_owned(), cache.to_owned(), state.to_owned());
    assert_eq!(told(resolved), expected, "{:?}", resolved.outcome);
}

#[track_caller]
pub fn assert_not_found(resolved: &Resolved, reason: NotFound) {
    assert_eq!(resolved.outcome, Outcome::NotFound(reason));
    assert_eq!(resolved.answer.status(), 404);
    assert_eq!(resolved.answer.body(), "not found\n");
    let names = resolved.headers();
    let names: Vec<_> = names.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["content-type", "cache-control"]);
    assert!(resolved.activated.is_empty());
}
