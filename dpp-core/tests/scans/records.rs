//! The golden form of records, and what they cannot hold.

use dpp_core::identity::MintBatchId;
use dpp_core::resolver::{AgentClass, CutAddress, ScanRecord, ScanText, Scanned};
use dpp_core::unit::UnitStatus;
use dpp_core::{BrandId, ProductId, Timestamp};
use uuid::Uuid;

fn record(scanned: Scanned) -> ScanRecord {
    let of_one = matches!(scanned, Scanned::Unit { .. } | Scanned::Lot { .. });
    ScanRecord {
        at: "2027-02-18T09:30:00.125Z".parse().unwrap(),
        brand: BrandId::parse("b0000000-0000-0000-0000-000000000001").unwrap(),
        scanned,
        status: of_one.then_some(UnitStatus::Minted),
        path: ScanText::of("/01/04012345987652/21/0A1B2C3D4E5F"),
        query: of_one.then(|| ScanText::of("linkType=all")),
        agent: AgentClass::AndroidPhone,
        location: of_one.then(|| "DE-BY".parse().unwrap()),
        network: of_one.then(|| CutAddress::of("203.0.113.77".parse().unwrap())),
    }
}

fn all() -> [(ScanRecord, &'static str); 4] {
    let product = ProductId::from_uuid(Uuid::from_u128(7));
    let batch = MintBatchId::new(Timestamp::from_unix_millis(1_800_000_000_000), [9; 10]);
    let (lot, index) = (3, 1_048_575);
    [
        (
            record(Scanned::Product { product }),
            include_str!("../golden/scans/product.json"),
        ),
        (
            record(Scanned::Batch { product, batch }),
            include_str!("../golden/scans/batch.json"),
        ),
        (
            record(Scanned::Lot {
                product,
                batch,
                lot,
            }),
            include_str!("../golden/scans/lot.json"),
        ),
        (
            record(Scanned::Unit {
                product,
                batch,
                index,
            }),
            include_str!("../golden/scans/unit.json"),
        ),
    ]
}

#[test]
fn a_record_is_written_and_read_as_in_its_golden_file() {
    for (record, golden) in all() {
        let json = serde_json::to_string_pretty(&record).unwrap();
        assert_eq!(json, golden.trim_end());
        assert_eq!(serde_json::from_str::<ScanRecord>(golden).unwrap(), record);
    }
}

#[test]
fn a_record_with_a_whole_address_or_a_whole_user_agent_is_refused() {
    let golden = include_str!("../golden/scans/unit.json");
    for (kept, finer) in [
        ("203.0.113.0/24", "203.0.113.77"),
        ("203.0.113.0/24", "203.0.113.77/32"),
        ("203.0.113.0/24", "2001:db8:1:2::/64"),
        ("android_phone", "Mozilla/5.0 (Linux; Android 16; Pixel 10)"),
        ("DE-BY", "48.13743,11.57549"),
    ] {
        let json = golden.replace(kept, finer);
        assert_ne!(json, golden);
        assert!(serde_json::from_str::<ScanRecord>(&json).is_err(), "{json}");
    }
}
