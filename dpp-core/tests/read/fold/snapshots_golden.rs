//! The bytes of a snapshot: whatever changes them has to raise the number of the format.

use std::sync::Arc;

use dpp_core::identity::MintBatchId;
use dpp_core::mint::{CycleMinted, MintEvent};
use dpp_core::read::{BatchUnits, ReadFold};
use dpp_core::store::ReadStore;
use dpp_core::store::log::{EventType, StreamId, StreamKind};
use dpp_core::unit::UnitSet;
use dpp_core::{BrandId, ExportId};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use uuid::Uuid;

use crate::exceptions::Writer;
use crate::fold::laid_over::LaidOver;
use crate::support::noon;

/// What the log has of the batch before units are made, as events of the first version.
const TOLD: [(&str, &str); 4] = [
    (
        "mint_job_queued",
        include_str!("../../golden/events/mint_job_queued.v1.lots.json"),
    ),
    (
        "mint_serials_provided",
        include_str!("../../golden/events/mint_serials_provided.v1.json"),
    ),
    (
        "mint_job_reserved",
        include_str!("../../golden/events/mint_job_reserved.v1.lots.json"),
    ),
    (
        "mint_job_started",
        include_str!("../../golden/events/mint_job_started.v1.json"),
    ),
];

/// One batch of two lots with something of everything, in the brand of the golden events.
async fn written() -> (Arc<MemoryStore>, BrandId) {
    let brand = BrandId::parse("b0000000-0000-4000-8000-000000000001").unwrap();
    let batch = MintBatchId::parse("01a3ae2d-2400-7707-8707-070707070706").unwrap();
    let stream = StreamId::new(StreamKind::MintBatch, *batch.as_uuid());
    let log = Arc::new(MemoryStore::default());
    let writer = Writer::new(log.clone(), 1);
    for (name, body) in TOLD {
        let event = (EventType::new(name), 1, body.as_bytes().to_vec());
        writer.commit(brand, stream, event, noon()).await;
    }
    let made = MintEvent::CycleMinted(CycleMinted {
        cycle: 1,
        from: 0,
        count: 60,
        digest: "ab".repeat(32).parse().unwrap(),
        lease_until: Some(noon()),
    });
    writer.write(brand, stream, &made, noon()).await;
    let record = ReadFold::new(log.clone()).batch(brand, batch).await;
    let units = BatchUnits::of(record.unwrap().unwrap()).unwrap();
    writer.activate(&units, 7, noon()).await;
    writer.activate_lot(&units, 1, noon()).await;
    writer
        .revoke_many(&units, UnitSet::of_range(3..9), noon())
        .await;
    let export = ExportId::from_uuid(Uuid::from_u128(1));
    writer.request_export(brand, export, batch, noon()).await;
    writer.complete_export(brand, export, noon()).await;
    (log, brand)
}

#[test]
fn the_same_history_has_the_same_snapshot_in_every_release_of_a_format() {
    block_on(async {
        let (log, brand) = written().await;
        let renumbered = LaidOver::new(log, u64::MAX);
        renumbered.renumber();
        let fold = ReadFold::new(Arc::new(renumbered));
        fold.catch_up_brand(brand).await.unwrap();
        let counters = fold.counters(brand).await.unwrap();
        assert_eq!((counters.units.made, counters.units.revoked), (60, 6));
        let snapshot = fold.snapshot().unwrap();
        let digest = blake3::hash(&snapshot).to_hex();
        assert_eq!(
            (&snapshot[..12], &digest[..16]),
            (&b"dpp fold\0\0\0\x02"[..], "371314b071354e01"),
        );
    });
}
