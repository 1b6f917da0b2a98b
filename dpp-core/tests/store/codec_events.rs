//! The events that the golden files hold, in the words of this release.

use dpp_core::Timestamp;
use dpp_core::gs1::{Gtin, ResolverBase};
use dpp_core::identity::serial::{
    NumberRanges, SequentialFormat, SerialAllocation, SerialScheme, TagLength,
};
use dpp_core::identity::{
    BatchSeed, IdentityFacts, Lot, LotId, Lots, MintBatchId, PoolSeed, SchemeVersion, UnitsDigest,
};
use dpp_core::mint::{
    ActivationMode, BatchFacts, BatchStatus, CycleFailed, CycleMinted, IdentityMode, JobCancelled,
    JobCompleted, JobFailed, JobQueued, JobReserved, JobStarted, JobTakenOver, LotConfirmed,
    LotsConfirmed, MintEvent, PoolEvent, PoolOpened, ProvidedSerialsClaimed, QuotaEvent,
    QuotaReturned, QuotaTaken, SerialsProvided, SerialsReserved, StatusChanged,
};
use dpp_core::store::log::WorkerName;

pub(crate) fn batch() -> MintBatchId {
    "01a3ae2d-2400-7707-8707-070707070706".parse().unwrap()
}

pub(crate) fn worker() -> WorkerName {
    WorkerName::parse("worker-1").unwrap()
}

pub(crate) fn at() -> Timestamp {
    "2027-02-18T09:30:00.123Z".parse().unwrap()
}

pub(crate) fn reason() -> String {
    "the \"disk\" is full".to_owned()
}

pub(crate) fn serial_facts() -> BatchFacts {
    BatchFacts {
        brand_id: "b0000000-0000-4000-8000-000000000001".parse().unwrap(),
        mint_job_id: batch().job(),
        mint_batch_id: batch(),
        product_id: "a0000000-0000-4000-8000-000000000001".parse().unwrap(),
        product_batch_id: Some("e0000000-0000-4000-8000-000000000001".parse().unwrap()),
        requested_quantity: 1_000_000,
        identity_mode: IdentityMode::Serial,
        activation_mode: ActivationMode::FirstScan,
        lots: Lots::default(),
        serial_scheme: Some(SerialScheme::default()),
        gtin: Some(Gtin::parse("9506000134352").unwrap()),
        resolver_base: ResolverBase::parse("https://id.example.com/dpp").unwrap(),
        idempotency_key: Some("order-4711".parse().unwrap()),
    }
}

pub(crate) fn lot_facts() -> BatchFacts {
    let lot = |code: &str, qty| Lot {
        lot_code: code.parse().unwrap(),
        qty,
    };
    BatchFacts {
        product_batch_id: None,
        requested_quantity: 100,
        identity_mode: IdentityMode::Batch,
        activation_mode: ActivationMode::ActiveAtMint,
        lots: Lots::new(vec![lot("LOT-1", 30), lot("L/2\"", 70)]).unwrap(),
        serial_scheme: None,
        gtin: None,
        idempotency_key: None,
        ..serial_facts()
    }
}

pub(crate) fn facts(facts: BatchFacts) -> JobQueued {
    JobQueued { facts }
}

pub(crate) fn with_scheme(scheme: SerialScheme) -> JobQueued {
    facts(BatchFacts {
        serial_scheme: Some(scheme),
        ..serial_facts()
    })
}

pub(crate) fn format() -> SequentialFormat {
    SequentialFormat::new("SN-", 8).unwrap()
}

pub(crate) fn ranges() -> NumberRanges {
    NumberRanges::stepping_over(1, 1_000_000, &[1_000].into())
}

pub(crate) fn randomised() -> SerialAllocation {
    SerialAllocation::Randomised {
        block: "K7M4".to_owned().try_into().unwrap(),
        tag_length: TagLength::default(),
    }
}

pub(crate) fn sequential() -> SerialAllocation {
    SerialAllocation::Sequential {
        format: format(),
        ranges: ranges(),
    }
}

pub(crate) fn numeric() -> SerialAllocation {
    SerialAllocation::Numeric38 {
        pool_seed: PoolSeed::from_bytes([0xab; 32]),
        ranges: ranges(),
    }
}

pub(crate) fn reserved(serials: SerialAllocation) -> MintEvent {
    MintEvent::Reserved(JobReserved {
        worker: worker(),
        lease_until: at(),
        identity: IdentityFacts {
            version: SchemeVersion::V1,
            seed: BatchSeed::from_bytes(std::array::from_fn(|i| i as u8)),
            serials,
        },
    })
}

pub(crate) fn cycle(lease_until: Option<Timestamp>) -> MintEvent {
    let digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    MintEvent::CycleMinted(CycleMinted {
        cycle: 2,
        from: 20_000,
        count: 20_000,
        digest: digest.parse::<UnitsDigest>().unwrap(),
        lease_until,
    })
}

pub(crate) fn lots_confirmed() -> MintEvent {
    let lot = |id: &str, code: &str, qty| LotConfirmed {
        lot_id: id.parse::<LotId>().unwrap(),
        lot_code: code.parse().unwrap(),
        qty,
    };
    let first = lot("01a3ae2d-2400-8707-aa26-cc007f51bf01", "LOT-1", 30);
    let second = lot("01a3ae2d-2400-8707-b87d-8bdc3ec4f44d", "L/2\"", 70);
    MintEvent::LotsConfirmed(LotsConfirmed {
        lots: vec![first, second],
    })
}

pub(crate) fn mint_events() -> Vec<(&'static str, MintEvent)> {
    let (worker, lease_until) = (worker(), at());
    let taken_over = JobTakenOver {
        worker: worker.clone(),
        lease_until,
    };
    let provided = SerialsProvided {
        from: 20_000,
        serials: "A-1 b/2? %c3".to_owned(),
    };
    let failed = CycleFailed {
        cycle: 3,
        failures: 2,
        reason: reason(),
    };
    let changed = |reason| StatusChanged {
        from: BatchStatus::Minted,
        to: BatchStatus::Exported,
        reason,
    };
    let cancelled = |reason| JobCancelled {
        minted: 40_000,
        reason,
    };
    let tag = TagLength::new(12).unwrap();
    let long_tag = SerialScheme::Randomised { tag_length: tag };
    vec![
        (
            "mint_job_preflighted.v1",
            MintEvent::Preflighted(facts(serial_facts())),
        ),
        (
            "mint_job_queued.v1",
            MintEvent::Queued(facts(serial_facts())),
        ),
        (
            "mint_job_queued.v1.lots",
            MintEvent::Queued(facts(lot_facts())),
        ),
        (
            "mint_job_queued.v1.long_tag",
            MintEvent::Queued(with_scheme(long_tag)),
        ),
        (
            "mint_job_queued.v1.sequential",
            MintEvent::Queued(with_scheme(SerialScheme::Sequential(format()))),
        ),
        (
            "mint_job_queued.v1.numeric38",
            MintEvent::Queued(with_scheme(SerialScheme::Numeric38)),
        ),
        (
            "mint_job_queued.v1.provided",
            MintEvent::Queued(with_scheme(SerialScheme::Provided)),
        ),
        (
            "mint_serials_provided.v1",
            MintEvent::SerialsProvided(provided),
        ),
        ("mint_job_reserved.v1", reserved(randomised())),
        (
            "mint_job_reserved.v1.lots",
            reserved(SerialAllocation::None),
        ),
        ("mint_job_reserved.v1.sequential", reserved(sequential())),
        ("mint_job_reserved.v1.numeric38", reserved(numeric())),
        (
            "mint_job_reserved.v1.provided",
            reserved(SerialAllocation::Provided),
        ),
        ("mint_job_taken_over.v1", MintEvent::TakenOver(taken_over)),
        (
            "mint_job_started.v1",
            MintEvent::Started(JobStarted { worker }),
        ),
        ("mint_units_created.v1", cycle(Some(lease_until))),
        ("mint_units_created.v1.let_go", cycle(None)),
        ("mint_lots_confirmed.v1", lots_confirmed()),
        (
            "mint_job_completed.v1",
            MintEvent::Completed(JobCompleted { minted: 1_000_000 }),
        ),
        ("mint_cycle_failed.v1", MintEvent::CycleFailed(failed)),
        (
            "mint_job_failed.v1",
            MintEvent::Failed(JobFailed {
                minted: 40_000,
                reason: reason(),
            }),
        ),
        (
            "mint_job_cancelled.v1",
            MintEvent::Cancelled(cancelled(Some(reason()))),
        ),
        (
            "mint_job_cancelled.v1.no_reason",
            MintEvent::Cancelled(cancelled(None)),
        ),
        (
            "mint_batch_status_changed.v1",
            MintEvent::StatusChanged(changed(Some(reason().parse().unwrap()))),
        ),
        (
            "mint_batch_status_changed.v1.no_reason",
            MintEvent::StatusChanged(changed(None)),
        ),
    ]
}

pub(crate) fn pool_events() -> Vec<(&'static str, PoolEvent)> {
    let mint_batch_id = batch();
    let reserved = |serials| {
        PoolEvent::Reserved(SerialsReserved {
            mint_batch_id,
            serials,
        })
    };
    let seed = PoolSeed::from_bytes([0xab; 32]);
    let claimed = ProvidedSerialsClaimed {
        mint_batch_id,
        quantity: 45_000,
        numbers: 12,
    };
    vec![
        (
            "serial_pool_opened.v1",
            PoolEvent::Opened(PoolOpened { seed }),
        ),
        ("serials_reserved.v1", reserved(randomised())),
        ("serials_reserved.v1.sequential", reserved(sequential())),
        ("serials_reserved.v1.numeric38", reserved(numeric())),
        ("provided_serials_claimed.v1", PoolEvent::Claimed(claimed)),
    ]
}

pub(crate) fn quota_events() -> Vec<(&'static str, QuotaEvent)> {
    let (mint_batch_id, quantity) = (batch(), 960_000);
    let taken = QuotaTaken {
        mint_batch_id,
        quantity,
    };
    let returned = QuotaReturned {
        mint_batch_id,
        quantity,
    };
    vec![
        ("product_batch_quota_taken.v1", QuotaEvent::Taken(taken)),
        (
            "product_batch_quota_returned.v1",
            QuotaEvent::Returned(returned),
        ),
    ]
}
