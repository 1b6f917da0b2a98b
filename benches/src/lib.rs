//! Shared parts of the benches: a host on the store in memory, a storage that keeps nothing, and
//! how much memory and time of the processor are taken.

pub mod cpu;
pub mod discard;
pub mod memory;

use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use criterion::Criterion;
use dpp_core::gs1::{GtinError, ResolverBaseError};
use dpp_core::identity::MintBatchId;
use dpp_core::mint::{ActivationMode, MintRequest};
use dpp_core::passport::{Brand, CommercialStatus, Fields, Product, Schema};
use dpp_core::read::{BatchUnits, ReadFold, ReadsError};
use dpp_core::service::{self, Did, EntropyError, ExportService, MintService, ProcessError};
use dpp_core::service::{Resolver, ResolverSettings, Settings, SubmitError, Worker};
use dpp_core::store::log::{
    Actor, ActorError, Commit, CommitError, Expected, InvalidCommit, StreamId, StreamKind,
    WorkerName,
};
use dpp_core::store::{Codec, EventStore, ReadStoreError};
use dpp_core::unit::{UnitActivated, UnitEvent};
use dpp_core::{
    AccessError, BrandId, Caller, CommitId, CorrelationId, IdError, ProductId, Role, Timestamp,
    UserId,
};
use dpp_exports::ExporterError;
use dpp_store_memory::{MemoryCatalogue, MemoryStore};
use futures::executor::block_on;
use uuid::Uuid;

/// The largest batch that there is.
pub const MILLION: u32 = 1_000_000;

/// Few and short measurements, so that all benches together take a few minutes.
pub fn criterion() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args()
}

/// Why a bench could not be set up, or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BenchError {
    /// What was asked for on the command line is not known.
    #[error("the arguments cannot be read: see the first lines of the program")]
    Arguments,
    /// A job did not come to its end.
    #[error("the request was blocked")]
    Blocked,
    /// A fixed id is none.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A fixed GTIN is none.
    #[error(transparent)]
    Gtin(#[from] GtinError),
    /// A fixed address is none.
    #[error(transparent)]
    Resolver(#[from] ResolverBaseError),
    /// A fixed name is none.
    #[error(transparent)]
    Worker(#[from] ActorError),
    /// The caller has no role.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The request was refused.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// A cycle failed.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// What was measured did not do what it should.
    #[error("the fold does not have what was fed to it")]
    Missed,
    /// A unit is outside its batch.
    #[error("there is no such unit")]
    NoUnit,
    /// An event cannot be written down.
    #[error(transparent)]
    Encode(#[from] serde_json::Error),
    /// A commit cannot be made of its parts.
    #[error(transparent)]
    Commit(#[from] InvalidCommit),
    /// A commit was not made.
    #[error(transparent)]
    Store(#[from] CommitError),
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadStoreError),
    /// The units cannot be read.
    #[error(transparent)]
    Reads(#[from] ReadsError),
    /// An export was not made.
    #[error(transparent)]
    Export(Box<ExporterError>),
    /// There are no threads to be had.
    #[error(transparent)]
    Threads(#[from] io::Error),
}

impl From<ExporterError> for BenchError {
    fn from(error: ExporterError) -> Self {
        Self::Export(Box::new(error))
    }
}

/// A brand with one product on a store of its own.
#[derive(Debug, Clone)]
pub struct Host {
    /// The store.
    pub log: Arc<MemoryStore>,
    /// The brand.
    pub brand: BrandId,
    /// Its product.
    pub product: ProductId,
    service: MintService,
    catalogue: Arc<MemoryCatalogue>,
    caller: Caller,
    worker: WorkerName,
}

impl Host {
    /// A host whose log is empty.
    ///
    /// # Errors
    /// [`BenchError`] never, unless a fixed value is wrong.
    pub fn new() -> Result<Self, BenchError> {
        let brand = BrandId::parse("6513270e-269e-4d37-b2a7-4de452e6b438")?;
        let product = ProductId::parse("d23f0824-128b-4f33-8c5c-7fd0a6a3a450")?;
        let user = UserId::parse("8e81973e-0bec-47b0-b898-d190f9ebdacc")?;
        let catalogue = MemoryCatalogue::default()
            .with_brand(Brand {
                id: brand,
                name: "Nordlin".to_owned(),
                resolver: "https://id.nordlin.example".parse()?,
                schema: Schema::default(),
            })
            .with_product(Product {
                id: product,
                brand_id: brand,
                sku: "NL-TEE-1001".to_owned(),
                name: "Organic crew tee".to_owned(),
                gtin: Some("09506000134352".parse()?),
                commercial_status: CommercialStatus::Active,
                fields: Fields::default(),
            });
        let catalogue = Arc::new(catalogue);
        let entropy = |bytes: &mut [u8]| getrandom::fill(bytes).map_err(EntropyError::new);
        let host = service::Host {
            catalogue: catalogue.clone(),
            entropy: Arc::new(entropy),
        };
        let log = Arc::new(MemoryStore::default());
        let reads = Arc::new(ReadFold::new(log.clone()));
        Ok(Self {
            service: MintService::new(log.clone(), reads, host, Settings::default()),
            caller: Caller::user(user).with_role(brand, Role::Owner),
            worker: WorkerName::parse("bench")?,
            log,
            brand,
            product,
            catalogue,
        })
    }

    /// The exports of what this host mints.
    pub fn exports(&self) -> ExportService {
        self.service.exports()
    }

    /// A resolver of what this host mints.
    pub fn resolver(&self) -> Resolver {
        let settings = ResolverSettings::default();
        Resolver::new(self.service.clone(), self.catalogue.clone(), settings)
    }

    /// An owner of the brand.
    pub const fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Submits a request for so many units, and lets a worker make them all.
    ///
    /// # Errors
    /// [`BenchError`].
    pub fn mint(&self, units: u32) -> Result<MintBatchId, BenchError> {
        let now = Timestamp::from(SystemTime::now());
        let mode = ActivationMode::FirstScan;
        let request = MintRequest::of_serials(self.brand, self.product, units.into(), mode);
        block_on(async {
            let answer = self.service.submit(&self.caller, request, now).await?;
            let job = answer.job().ok_or(BenchError::Blocked)?;
            let mut worker = Worker::new(self.service.clone(), self.worker.clone());
            while worker.run_once(now).await?.did != Did::Nothing {}
            Ok(job.batch())
        })
    }

    /// The units of a batch.
    ///
    /// # Errors
    /// [`BenchError`].
    pub fn units(&self, batch: MintBatchId) -> Result<BatchUnits, BenchError> {
        let scope = self.caller.to_read(self.brand)?;
        Ok(block_on(self.service.reads().batch_units(&scope, batch))?)
    }

    /// Activates the units with these numbers in an order that goes all over the batch, a
    /// thousand in a commit.
    ///
    /// # Errors
    /// [`BenchError`].
    pub fn activate(&self, batch: MintBatchId, numbers: Range<u32>) -> Result<(), BenchError> {
        let units = self.units(batch)?;
        let mut next = numbers.start;
        while next < numbers.end {
            let end = numbers.end.min(next + 1_000);
            let indexes = (next..end).map(scattered);
            let commit = activations(self.brand, &units, u64::from(next), indexes)?;
            block_on(self.log.commit(&commit))?;
            next = end;
        }
        Ok(())
    }
}

/// The n-th index of an order in which each of a million comes once.
pub const fn scattered(number: u32) -> u32 {
    ((number as u64 * 619_033) % MILLION as u64) as u32
}

/// A commit that activates units of a batch, each in its own stream.
fn activations(
    brand: BrandId,
    units: &BatchUnits,
    number: u64,
    indexes: impl Iterator<Item = u32>,
) -> Result<Commit, BenchError> {
    let batch = units.facts().mint_batch_id;
    let (high, low) = batch.as_uuid().as_u64_pair();
    let id = Uuid::from_u64_pair(high, low ^ (number + 1));
    let request = CorrelationId::from_uuid(id);
    let at = Timestamp::from(SystemTime::now());
    let codec = Codec::new();
    let mut commit = Commit::builder(brand, CommitId::from_uuid(id), at, Actor::Scan, request);
    for index in indexes {
        let unit = units.identity().unit(index).ok_or(BenchError::NoUnit)?;
        let event = UnitEvent::Activated(UnitActivated {
            mint_batch_id: batch,
            index,
        });
        let stream = StreamId::new(StreamKind::MintUnit, *unit.id.as_uuid());
        commit = commit.write(stream, Expected::Any, [codec.encode(&event)?]);
    }
    Ok(commit.build()?)
}
