//! Packs whose every byte is fixed, and the files that they have to become.

use std::sync::Arc;

use dpp_core::export::Slices;
use dpp_core::identity::serial::{NumberRanges, SerialAllocation, SerialScheme, TagLength};
use dpp_core::identity::{
    BatchSeed, IdentityFacts, Lot, Lots, MintBatchId, PoolSeed, ProvidedSerials, SchemeVersion,
};
use dpp_core::mint::{ActivationMode, BatchFacts, IdentityMode, JobStatus, MintBatch};
use dpp_core::mint::{JobQueued, MintEvent, evolve};
use dpp_core::read::{BatchUnits, UnitStatuses};
use dpp_core::store::{BatchRecord, CycleRecord};
use dpp_core::{BrandId, ProductId, Timestamp};
use dpp_exports::PackUnits;

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

fn pack(units: &BatchUnits, provided: Option<ProvidedSerials>) -> PackUnits {
    let slice = Slices::of(UNITS).next().unwrap();
    let statuses = UnitStatuses::at_mint(units);
    PackUnits::new(units.clone(), slice, provided, statuses).unwrap()
}

fn of_scheme(scheme: SerialScheme) -> BatchFacts {
    facts(Some(scheme), Lots::default())
}

pub(crate) fn randomised() -> PackUnits {
    let tag_length = TagLength::default();
    let block = "K7QX".to_owned().try_into().unwrap();
    let serials = SerialAllocation::Randomised { block, tag_length };
    let facts = of_scheme(SerialScheme::Randomised { tag_length });
    pack(&units(facts, serials), None)
}

pub(crate) fn numeric() -> PackUnits {
    let serials = SerialAllocation::Numeric38 {
        pool_seed: PoolSeed::from_bytes([9; 32]),
        ranges: NumberRanges::stepping_over(0, UNITS, &Default::default()),
    };
    pack(&units(of_scheme(SerialScheme::Numeric38), serials), None)
}

fn of_serials(facts: BatchFacts, serials: [&str; UNITS as usize]) -> PackUnits {
    let units = units(facts, SerialAllocation::Provided);
    let batch = units.identity().batch();
    let serials = ProvidedSerials::new(batch, 0, serials.into_iter().collect()).unwrap();
    pack(&units, Some(serials))
}

/// Serials with all that a CSV or a URL has to treat with care.
pub(crate) fn provided() -> PackUnits {
    of_serials(of_scheme(SerialScheme::Provided), AWKWARD)
}

/// The same of a trade item that is a case, without a shop's GTIN.
pub(crate) fn of_cases() -> PackUnits {
    let facts = BatchFacts {
        gtin: Some("80614141123458".parse().unwrap()),
        ..of_scheme(SerialScheme::Provided)
    };
    of_serials(facts, AWKWARD)
}

/// The same of a product without a GTIN.
pub(crate) fn without_gtin() -> PackUnits {
    let facts = BatchFacts {
        gtin: None,
        ..of_scheme(SerialScheme::Provided)
    };
    of_serials(facts, AWKWARD)
}

const AWKWARD: [&str; UNITS as usize] = [
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

pub(crate) fn lots() -> PackUnits {
    let lot = |code: &str, qty| Lot {
        lot_code: code.parse().unwrap(),
        qty,
    };
    let lots = Lots::new(vec![lot("L-2027/05", 5), lot("B,\"2\"", 7)]).unwrap();
    pack(&units(facts(None, lots), SerialAllocation::None), None)
}

/// That a text is what stands in this file of the folder `golden`; with `BLESS` set, the file
/// becomes the text.
pub(crate) fn assert_golden(name: &str, text: &str) {
    let file = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(file, text).unwrap();
        return;
    }
    let golden = std::fs::read_to_string(file).unwrap();
    assert_eq!(text, golden, "{name}");
}
