//! Golden events: each version of each event, as it lies in logs.
//!
//! A file in `golden/events` must never change, and the folder only grows: a new version of
//! an event gets a file of its own, and the old one must still be read. The name is
//! `<type>.v<version>.json`, with a word before `.json` where a type has several forms.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use std::fmt::Debug;
use std::path::{Path, PathBuf};

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
use dpp_core::store::log::{Actor, EventType, Metadata, NewEvent, WorkerName};
use dpp_core::store::{Codec, TypedEvents};
use dpp_core::{CorrelationId, EventId, Timestamp};
use serde_json::Value;

fn batch() -> MintBatchId {
    "01a3ae2d-2400-7707-8707-070707070706".parse().unwrap()
}

fn worker() -> WorkerName {
    WorkerName::parse("worker-1").unwrap()
}

fn at() -> Timestamp {
    "2027-02-18T09:30:00.123Z".parse().unwrap()
}

fn reason() -> String {
    "the \"disk\" is full".to_owned()
}

fn serial_facts() -> BatchFacts {
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

fn lot_facts() -> BatchFacts {
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

fn facts(facts: BatchFacts) -> JobQueued {
    JobQueued { facts }
}

fn with_scheme(scheme: SerialScheme) -> JobQueued {
    facts(BatchFacts {
        serial_scheme: Some(scheme),
        ..serial_facts()
    })
}

fn format() -> SequentialFormat {
    SequentialFormat::new("SN-", 8).unwrap()
}

fn ranges() -> NumberRanges {
    NumberRanges::stepping_over(1, 1_000_000, &[1_000].into())
}

fn randomised() -> SerialAllocation {
    SerialAllocation::Randomised {
        block: "K7M4".to_owned().try_into().unwrap(),
        tag_length: TagLength::default(),
    }
}

fn sequential() -> SerialAllocation {
    SerialAllocation::Sequential {
        format: format(),
        ranges: ranges(),
    }
}

fn numeric() -> SerialAllocation {
    SerialAllocation::Numeric38 {
        pool_seed: PoolSeed::from_bytes([0xab; 32]),
        ranges: ranges(),
    }
}

fn reserved(serials: SerialAllocation) -> MintEvent {
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

fn cycle(lease_until: Option<Timestamp>) -> MintEvent {
    let digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    MintEvent::CycleMinted(CycleMinted {
        cycle: 2,
        from: 20_000,
        count: 20_000,
        digest: digest.parse::<UnitsDigest>().unwrap(),
        lease_until,
    })
}

fn lots_confirmed() -> MintEvent {
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

fn mint_events() -> Vec<(&'static str, MintEvent)> {
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
            MintEvent::StatusChanged(changed(Some(reason()))),
        ),
        (
            "mint_batch_status_changed.v1.no_reason",
            MintEvent::StatusChanged(changed(None)),
        ),
    ]
}

fn pool_events() -> Vec<(&'static str, PoolEvent)> {
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

fn quota_events() -> Vec<(&'static str, QuotaEvent)> {
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

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/events")
}

/// Type and version, as the name of a file has them.
fn type_and_version(name: &str) -> (&str, u16) {
    let mut parts = name.split('.');
    let event_type = parts.next().unwrap();
    let version = parts.next().and_then(|part| part.strip_prefix('v'));
    (event_type, version.unwrap().parse().unwrap())
}

fn stored(name: &str, payload: Vec<u8>) -> NewEvent {
    let (event_type, schema_version) = type_and_version(name);
    let id = "d0000000-0000-4000-8000-000000000001"
        .parse::<uuid::Uuid>()
        .unwrap();
    NewEvent {
        event_type: EventType::from_stored(event_type.to_owned()),
        schema_version,
        payload: payload.into(),
        metadata: Metadata {
            event_id: EventId::from_uuid(id),
            at: at(),
            actor: Actor::Worker(worker()),
            correlation: CorrelationId::from_uuid(id),
            causation: None,
        },
    }
}

fn assert_golden<E: TypedEvents + PartialEq + Debug>(events: Vec<(&'static str, E)>) {
    let codec = Codec::new();
    for (name, expected) in events {
        let json = std::fs::read(folder().join(format!("{name}.json")))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let event = codec.decode::<E>(&stored(name, json.clone()));
        assert_eq!(event.unwrap(), expected, "{name}");
        let (event_type, version, written) = codec.encode(&expected).unwrap();
        if (event_type.as_str(), version) == type_and_version(name) {
            let values = [written, json].map(|text| serde_json::from_slice::<Value>(&text));
            let [written, fixed] = values.map(Result::unwrap);
            assert_eq!(written, fixed, "{name}");
        }
    }
}

#[test]
fn events_of_jobs_are_read_and_written_as_they_were() {
    assert_golden(mint_events());
}

#[test]
fn events_of_pools_are_read_and_written_as_they_were() {
    assert_golden(pool_events());
}

#[test]
fn events_of_quotas_are_read_and_written_as_they_were() {
    assert_golden(quota_events());
}

fn tested() -> Vec<&'static str> {
    fn names<E>(events: Vec<(&'static str, E)>) -> impl Iterator<Item = &'static str> {
        events.into_iter().map(|(name, _)| name)
    }
    let all = names(mint_events())
        .chain(names(pool_events()))
        .chain(names(quota_events()));
    let mut all: Vec<_> = all.collect();
    all.sort_unstable();
    all
}

#[test]
fn every_version_of_every_event_has_a_golden_file() {
    let types = [MintEvent::TYPES, PoolEvent::TYPES, QuotaEvent::TYPES].concat();
    for (event_type, newest) in types {
        for version in 1..=newest {
            let name = format!("{event_type}.v{version}");
            assert!(tested().contains(&name.as_str()), "{name} is not tested");
        }
    }
}

#[test]
fn every_golden_file_is_tested() {
    let files = std::fs::read_dir(folder()).unwrap();
    let mut found: Vec<_> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .map(|name| name.strip_suffix(".json").unwrap().to_owned())
        .collect();
    found.sort();
    assert_eq!(found, tested());
}

#[test]
fn no_two_events_have_the_same_type() {
    let types = [MintEvent::TYPES, PoolEvent::TYPES, QuotaEvent::TYPES].concat();
    let distinct: std::collections::HashSet<_> = types.iter().map(|(name, _)| name).collect();
    assert_eq!(distinct.len(), types.len());
}

#[test]
fn an_event_with_a_field_that_this_release_does_not_know_is_still_read() {
    for (name, expected) in mint_events() {
        let json = std::fs::read(folder().join(format!("{name}.json"))).unwrap();
        let mut json: Value = serde_json::from_slice(&json).unwrap();
        json["added_by_a_later_release"] = true.into();
        let payload = serde_json::to_vec(&json).unwrap();
        let event = Codec::new().decode::<MintEvent>(&stored(name, payload));
        assert_eq!(event.unwrap(), expected, "{name}");
    }
}
