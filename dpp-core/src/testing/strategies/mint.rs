//! What happens to jobs, possible or not: a decider must stand any history.

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::{derived_scheme, identity_facts, lots, mint_batch_id, quantity, timestamp};
use crate::actor::WorkerName;
use crate::gs1::ResolverBase;
use crate::identity::{LotId, Lots, UnitUrls, UnitsDigest};
use crate::ids::{BrandId, ProductBatchId, ProductId};
use crate::mint::{
    ActivationMode, BatchFacts, BatchStatus, CycleFailed, CycleMinted, IdempotencyKey,
    IdentityMode, JobCancelled, JobCompleted, JobFailed, JobQueued, JobReserved, JobStarted,
    JobTakenOver, LotConfirmed, LotsConfirmed, MintEvent, SerialsProvided, StatusChanged,
};
use crate::testing::strategies::gs1::{gtin, resolver_base};

/// Any facts of a batch.
pub fn batch_facts() -> impl Strategy<Value = BatchFacts> {
    prop_oneof![serial_facts(), lot_facts()]
}

fn serial_facts() -> impl Strategy<Value = BatchFacts> {
    (any_facts(), derived_scheme(), quantity()).prop_map(|(facts, scheme, quantity)| BatchFacts {
        requested_quantity: quantity,
        serial_scheme: Some(scheme),
        ..facts
    })
}

fn lot_facts() -> impl Strategy<Value = BatchFacts> {
    (any_facts(), lots()).prop_map(|(facts, lots)| BatchFacts {
        requested_quantity: lots.total(),
        identity_mode: IdentityMode::Batch,
        lots,
        ..facts
    })
}

fn any_facts() -> impl Strategy<Value = BatchFacts> {
    let ids = (
        any::<u128>(),
        mint_batch_id(),
        any::<u128>(),
        option::of(any::<u128>()),
    );
    let rest = (
        select(vec![
            ActivationMode::ActiveAtMint,
            ActivationMode::FirstScan,
        ]),
        option::of(gtin()),
        resolver_base(),
        option::of("[!-~]{1,255}"),
    );
    (ids, rest).prop_map(
        |((brand, batch, product, production), (mode, gtin, base, key))| BatchFacts {
            brand_id: BrandId::from_uuid(uuid::Uuid::from_u128(brand)),
            mint_job_id: batch.job(),
            mint_batch_id: batch,
            product_id: ProductId::from_uuid(uuid::Uuid::from_u128(product)),
            product_batch_id: production
                .map(|id| ProductBatchId::from_uuid(uuid::Uuid::from_u128(id))),
            requested_quantity: 1,
            identity_mode: IdentityMode::Serial,
            activation_mode: mode,
            lots: Lots::default(),
            serial_scheme: None,
            gtin,
            resolver_base: base,
            idempotency_key: key.and_then(|key| key.parse::<IdempotencyKey>().ok()),
        },
    )
}

/// One of a few workers, so that they meet.
pub fn worker_name() -> impl Strategy<Value = WorkerName> {
    select(vec!["a", "b", "c"]).prop_filter_map("a name", |name| WorkerName::parse(name).ok())
}

/// Any status of a batch.
pub fn batch_status() -> impl Strategy<Value = BatchStatus> {
    select(vec![
        BatchStatus::Draft,
        BatchStatus::Queued,
        BatchStatus::Processing,
        BatchStatus::Failed,
        BatchStatus::Minted,
        BatchStatus::Exported,
        BatchStatus::Printed,
        BatchStatus::Applied,
        BatchStatus::Voided,
    ])
}

/// A number that a batch may well count to, or any.
fn count() -> impl Strategy<Value = u32> {
    prop_oneof![4 => 0..=3_u32, 2 => 0..=1_000_000_u32, 1 => any::<u32>()]
}

fn units_digest() -> impl Strategy<Value = UnitsDigest> {
    let urls = UnitUrls::of_serials(&ResolverBase::gs1(), None);
    mint_batch_id().prop_map(move |batch| UnitsDigest::of(batch, &urls, []))
}

fn cycle_minted() -> impl Strategy<Value = CycleMinted> {
    let lease = option::of(timestamp());
    (count(), count(), count(), units_digest(), lease).prop_map(
        |(cycle, from, count, digest, lease_until)| CycleMinted {
            cycle,
            from,
            count,
            digest,
            lease_until,
        },
    )
}

fn lots_confirmed() -> impl Strategy<Value = LotsConfirmed> {
    (lots(), any::<u128>()).prop_map(|(lots, bits)| {
        let uuid = uuid::Builder::from_custom_bytes(bits.to_be_bytes()).into_uuid();
        let confirmed = lots.as_slice().iter().filter_map(|lot| {
            Some(LotConfirmed {
                lot_id: LotId::try_from(uuid).ok()?,
                lot_code: lot.lot_code,
                qty: lot.qty,
            })
        });
        LotsConfirmed {
            lots: confirmed.collect(),
        }
    })
}

/// Any event of a job, whether it could happen or not.
pub fn mint_event() -> impl Strategy<Value = MintEvent> {
    let queued = batch_facts().prop_map(|facts| JobQueued { facts });
    let preflighted = batch_facts().prop_map(|facts| JobQueued { facts });
    let reserved = (worker_name(), timestamp(), identity_facts(100)).prop_map(
        |(worker, lease_until, identity)| JobReserved {
            worker,
            lease_until,
            identity,
        },
    );
    let taken_over = (worker_name(), timestamp()).prop_map(|(worker, lease_until)| JobTakenOver {
        worker,
        lease_until,
    });
    let changed = (batch_status(), batch_status()).prop_map(|(from, to)| StatusChanged {
        from,
        to,
        reason: None,
    });
    prop_oneof![
        1 => preflighted.prop_map(MintEvent::Preflighted),
        1 => queued.prop_map(MintEvent::Queued),
        4 => reserved.prop_map(MintEvent::Reserved),
        2 => taken_over.prop_map(MintEvent::TakenOver),
        6 => cycle_minted().prop_map(MintEvent::CycleMinted),
        1 => lots_confirmed().prop_map(MintEvent::LotsConfirmed),
        2 => changed.prop_map(MintEvent::StatusChanged),
        8 => ending_or_failing(),
    ]
}

fn ending_or_failing() -> impl Strategy<Value = MintEvent> {
    let reason = "any reason".to_owned();
    (0..6_u8, count(), count(), worker_name()).prop_map(move |(kind, minted, cycle, worker)| {
        let reason = reason.clone();
        match kind {
            0 => MintEvent::Started(JobStarted { worker }),
            1 => MintEvent::Completed(JobCompleted { minted }),
            2 => MintEvent::Failed(JobFailed { minted, reason }),
            3 => MintEvent::Cancelled(JobCancelled {
                minted,
                reason: None,
            }),
            4 => MintEvent::CycleFailed(CycleFailed {
                cycle,
                failures: minted,
                reason,
            }),
            _ => MintEvent::SerialsProvided(SerialsProvided {
                from: minted,
                serials: "A B C".to_owned(),
            }),
        }
    })
}
