//! The bytes of a manifest, fixed for ever: a pack that is made again after years has to be
//! the one that was made.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use std::sync::Arc;

use dpp_core::identity::serial::{SerialAllocation, SerialScheme, TagLength};
use dpp_core::identity::{
    BatchSeed, IdentityFacts, Lot, Lots, MintBatchId, ProvidedSerials, SchemeVersion,
};
use dpp_core::mint::{ActivationMode, BatchFacts, IdentityMode, JobStatus, MintBatch};
use dpp_core::mint::{JobQueued, MintEvent, evolve};
use dpp_core::read::BatchUnits;
use dpp_core::store::{BatchRecord, CycleRecord};
use dpp_core::{BrandId, ProductId, Timestamp};
use dpp_exports::manifest::Packs;

const UNITS: u32 = 12;

fn facts(serial_scheme: Option<SerialScheme>, lots: Lots) -> BatchFacts {
    let at = Timestamp::from_unix_millis(1_800_000_000_000);
    let batch = MintBatchId::new(at, [7; 10]);
    BatchFacts {
        brand_id: BrandId::parse("0b8f6a0e-5d5c-4f0e-8a55-0f2c7f0f9d11").unwrap(),
        mint_job_id: batch.job(),
        mint_batch_id: batch,
        product_id: ProductId::parse("4a6c3f7e-0d0b-4d53-9d43-7a3a0f0c1b22").unwrap(),
        product_batch_id: None,
        requested_quantity: UNITS,
        identity_mode: match serial_scheme {
            Some(_) => IdentityMode::Serial,
            None => IdentityMode::Batch,
        },
        activation_mode: ActivationMode::FirstScan,
        lots,
        serial_scheme,
        gtin: Some("09506000134352".parse().unwrap()),
        resolver_base: "https://id.example.com/dpp".parse().unwrap(),
        idempotency_key: None,
    }
}

fn units(facts: BatchFacts, serials: SerialAllocation) -> BatchUnits {
    let queued = evolve(None, &MintEvent::Queued(JobQueued { facts })).unwrap();
    let batch = MintBatch {
        job: JobStatus::Completed,
        identity: Some(Arc::new(IdentityFacts {
            version: SchemeVersion::V1,
            seed: BatchSeed::from_bytes([42; 32]),
            serials,
        })),
        minted: UNITS,
        cycles: 2,
        ..queued
    };
    let at = Timestamp::from_unix_millis(1_800_000_000_000);
    let later = Timestamp::from_unix_millis(1_800_000_001_500);
    let cycles = vec![
        CycleRecord { end: 8, at },
        CycleRecord {
            end: UNITS,
            at: later,
        },
    ];
    BatchUnits::of(Arc::new(BatchRecord {
        accepted_at: at,
        changed_at: later,
        batch,
        cycles,
        failure: None,
        units: dpp_core::unit::UnitCounts::default(),
    }))
    .unwrap()
}

fn assert_golden(name: &str, golden: &str, units: &BatchUnits, provided: Option<ProvidedSerials>) {
    let pack = Packs::of(units).unwrap().next().unwrap();
    let mut bytes = Vec::new();
    pack.write(units, provided, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    if std::env::var_os("BLESS").is_some() {
        let file = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::write(file, &text).unwrap();
        return;
    }
    assert_eq!(text, golden, "{name}");
}

macro_rules! assert_golden {
    ($name:literal, $($arguments:tt)*) => {
        assert_golden($name, include_str!(concat!("golden/", $name)), $($arguments)*)
    };
}

#[test]
fn randomised_serials_have_the_bytes_that_they_always_had() {
    let tag_length = TagLength::default();
    let facts = facts(
        Some(SerialScheme::Randomised { tag_length }),
        Lots::default(),
    );
    let block = "K7QX".to_owned().try_into().unwrap();
    let units = units(facts, SerialAllocation::Randomised { block, tag_length });
    assert_golden!("manifest_randomised.csv", &units, None);
}

#[test]
fn provided_serials_have_the_bytes_that_they_always_had() {
    let facts = facts(Some(SerialScheme::Provided), Lots::default());
    let units = units(facts, SerialAllocation::Provided);
    let serials = [
        "A-1",
        "a,b",
        "say\"hi\"",
        "\"",
        ",",
        "=1+1",
        "-2",
        "%41",
        "x/y?z",
        "'q'",
        "_",
        "*;:<>!&()",
    ];
    let batch = units.identity().batch();
    let serials = ProvidedSerials::new(batch, 0, serials.into_iter().collect()).unwrap();
    assert_golden!("manifest_provided.csv", &units, Some(serials));
}

#[test]
fn units_of_lots_have_the_bytes_that_they_always_had() {
    let lot = |code: &str, qty| Lot {
        lot_code: code.parse().unwrap(),
        qty,
    };
    let lots = Lots::new(vec![lot("L-2027/05", 5), lot("B,\"2\"", 7)]).unwrap();
    let units = units(facts(None, lots), SerialAllocation::None);
    assert_golden!("manifest_lots.csv", &units, None);
}
