//! A brand with a product and a production batch, and jobs in every state.

use dpp_core::gs1::{Gtin, ResolverBase};
use dpp_core::identity::serial::{NumberRanges, SerialAllocation, SerialScheme};
use dpp_core::identity::{
    BatchIdentity, BatchSeed, IdentityFacts, LotId, MintBatchId, PoolSeed, SchemeVersion, UnitUrls,
    UnitsDigest,
};
use dpp_core::mint::{
    Acceptance, ActivationMode, BatchFacts, Command, Context, JobStatus, LotRequest, MintBatch,
    MintEvent, MintOrder, MintRequest, PreflightFacts, Quota, Rejection, decide, evolve,
};
use dpp_core::passport::{
    Brand, CommercialStatus, Product, ProductBatch, ProductBatchStatus, Schema,
};
use dpp_core::store::log::WorkerName;
use dpp_core::testing::scenario::{Given, given};
use dpp_core::{BrandId, ProductBatchId, ProductId, Timestamp};

pub(crate) fn brand_id() -> BrandId {
    "b0000000-0000-4000-8000-000000000001".parse().unwrap()
}

pub(crate) fn product_id() -> ProductId {
    "a0000000-0000-4000-8000-000000000001".parse().unwrap()
}

pub(crate) fn production_id() -> ProductBatchId {
    "e0000000-0000-4000-8000-000000000001".parse().unwrap()
}

pub(crate) fn batch_id() -> MintBatchId {
    "01a3ae2d-2400-7707-8707-070707070706".parse().unwrap()
}

pub(crate) fn brand() -> Brand {
    Brand {
        id: brand_id(),
        name: "Brand".to_owned(),
        resolver: ResolverBase::parse("https://id.example.com").unwrap(),
        schema: Schema::default(),
    }
}

pub(crate) fn product() -> Product {
    Product {
        id: product_id(),
        brand_id: brand_id(),
        sku: "SKU-1".to_owned(),
        name: "Product".to_owned(),
        gtin: Some(Gtin::parse("9506000134352").unwrap()),
        commercial_status: CommercialStatus::Active,
        fields: Default::default(),
    }
}

pub(crate) fn production() -> ProductBatch {
    ProductBatch {
        id: production_id(),
        brand_id: brand_id(),
        product_id: product_id(),
        status: ProductBatchStatus::Ready,
        quantity: Some(1_000),
    }
}

pub(crate) fn request(quantity: u64) -> MintRequest {
    let mode = ActivationMode::FirstScan;
    MintRequest::of_serials(brand_id(), product_id(), quantity, mode)
}

pub(crate) fn lot_request(lots: &[(&str, u64)]) -> MintRequest {
    let lots = lots.iter().map(|(code, qty)| LotRequest {
        lot_code: (*code).to_owned(),
        qty: *qty,
    });
    let mode = ActivationMode::ActiveAtMint;
    MintRequest::of_lots(brand_id(), product_id(), lots.collect(), mode)
}

pub(crate) fn order(request: MintRequest) -> MintOrder {
    request.check().unwrap()
}

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_unix_millis(1_800_000_000_000 + 1_000 * second)
}

pub(crate) fn worker(name: &str) -> WorkerName {
    WorkerName::parse(name).unwrap()
}

/// What is decided at second 0.
pub(crate) fn decided(
    state: Option<&MintBatch>,
    command: Command<'_>,
) -> Result<Vec<MintEvent>, Rejection> {
    decide(state, command, &Context { now: at(0) })
}

pub(crate) fn accepting<T>(order: &MintOrder, then: impl FnOnce(Acceptance<'_>) -> T) -> T {
    let (brand, product, production) = (brand(), product(), production());
    then(Acceptance {
        mint_batch_id: batch_id(),
        order,
        facts: PreflightFacts {
            brand: &brand,
            product: Some(&product),
            product_batch: order.product_batch_id().map(|_| &production),
            quota: &Quota::default(),
        },
    })
}

pub(crate) fn queued(request: MintRequest) -> Vec<MintEvent> {
    accepting(&order(request), |acceptance| {
        decided(None, Command::Queue(acceptance)).unwrap()
    })
}

pub(crate) fn prepared(request: MintRequest) -> Vec<MintEvent> {
    accepting(&order(request), |acceptance| {
        decided(None, Command::Prepare(acceptance)).unwrap()
    })
}

pub(crate) fn facts_of(events: &[MintEvent]) -> BatchFacts {
    match &events[0] {
        MintEvent::Queued(event) | MintEvent::Preflighted(event) => event.facts.clone(),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn allocation(scheme: Option<&SerialScheme>, quantity: u32) -> SerialAllocation {
    let ranges = NumberRanges::stepping_over(1, quantity, &Default::default());
    match scheme {
        None => SerialAllocation::None,
        Some(SerialScheme::Provided) => SerialAllocation::Provided,
        Some(SerialScheme::Randomised { tag_length }) => SerialAllocation::Randomised {
            block: "K7M4".to_owned().try_into().unwrap(),
            tag_length: *tag_length,
        },
        Some(SerialScheme::Sequential(format)) => SerialAllocation::Sequential {
            format: format.clone(),
            ranges,
        },
        Some(SerialScheme::Numeric38) => SerialAllocation::Numeric38 {
            pool_seed: PoolSeed::from_bytes([1; 32]),
            ranges,
        },
    }
}

pub(crate) fn identity(serials: SerialAllocation) -> IdentityFacts {
    IdentityFacts {
        version: SchemeVersion::V1,
        seed: BatchSeed::from_bytes([2; 32]),
        serials,
    }
}

pub(crate) fn lot_ids(facts: &BatchFacts) -> Vec<LotId> {
    let allocation = identity(SerialAllocation::None);
    BatchIdentity::new(batch_id(), facts.requested_quantity, &allocation).lot_ids(&facts.lots)
}

pub(crate) fn digest() -> UnitsDigest {
    UnitsDigest::of(
        batch_id(),
        &UnitUrls::of_serials(&ResolverBase::gs1(), None),
        [],
    )
}

pub(crate) fn reserve(name: &str, facts: &BatchFacts) -> Command<'static> {
    let quantity = facts.requested_quantity;
    Command::Reserve {
        worker: worker(name),
        lease_until: at(60),
        identity: identity(allocation(facts.serial_scheme.as_ref(), quantity)),
    }
}

pub(crate) fn take_over(name: &str) -> Command<'static> {
    Command::TakeOver {
        worker: worker(name),
        lease_until: at(120),
    }
}

pub(crate) fn cycle(name: &str, count: u32) -> Command<'static> {
    Command::MintCycle {
        worker: worker(name),
        count,
        digest: digest(),
        lease_until: Some(at(60)),
        lot_ids: &[],
    }
}

pub(crate) fn fail_cycle(name: &str) -> Command<'static> {
    Command::FailCycle {
        worker: worker(name),
        reason: "the disk is full".to_owned(),
    }
}

pub(crate) fn cancel() -> Command<'static> {
    Command::Cancel { reason: None }
}

/// The events of a job that was told all this, each of which it accepted.
pub(crate) fn after(
    begin: Vec<MintEvent>,
    commands: impl IntoIterator<Item = Command<'static>>,
) -> Vec<MintEvent> {
    commands.into_iter().fold(begin, |mut events, command| {
        let state = events.iter().fold(None, evolve);
        events.extend(decided(state.as_ref(), command).unwrap());
        events
    })
}

pub(crate) const STATES: [JobStatus; 7] = [
    JobStatus::Preflighted,
    JobStatus::Queued,
    JobStatus::Reserved,
    JobStatus::Processing,
    JobStatus::Completed,
    JobStatus::Failed,
    JobStatus::Cancelled,
];

/// A job of 100 units that stands there; worker `a` holds it where somebody can. From
/// PROCESSING on it has made 40 units or all.
pub(crate) fn job_in(status: JobStatus) -> Vec<MintEvent> {
    let queued = queued(request(100));
    let reserve = reserve("a", &facts_of(&queued));
    let given_up = Command::Fail {
        reason: "no serials are left".to_owned(),
    };
    match status {
        JobStatus::Preflighted => prepared(request(100)),
        JobStatus::Queued => queued,
        JobStatus::Reserved => after(queued, [reserve]),
        JobStatus::Processing => after(queued, [reserve, cycle("a", 40)]),
        JobStatus::Completed => after(queued, [reserve, cycle("a", 40), cycle("a", 60)]),
        JobStatus::Failed => after(queued, [reserve, cycle("a", 40), given_up]),
        JobStatus::Cancelled => after(queued, [reserve, cycle("a", 40), cancel()]),
    }
}

pub(crate) fn job(events: impl IntoIterator<Item = MintEvent>) -> Given<Option<MintBatch>> {
    given(events, evolve)
}

pub(crate) fn state(events: &[MintEvent]) -> MintBatch {
    job(events.to_vec()).state.unwrap()
}
