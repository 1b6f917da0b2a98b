//! A manifest shows where units stood when it was asked for.

use std::collections::BTreeMap;

use dpp_core::export::ExportFormat;
use dpp_core::{Caller, ExportId};
use dpp_exports::storage::PackStorage;
use dpp_exports::{ExportDid, ExportWorker};
use futures::executor::block_on;

use crate::common::World;
use crate::support::{DAY, LOCK, content, make_all, named};

async fn make_a_pack(worker: &mut ExportWorker, world: &World) {
    loop {
        match worker.run_once(world.now()).await.unwrap().did {
            ExportDid::Took(_) => {}
            ExportDid::Made(_) => return,
            other => panic!("{other:?}"),
        }
    }
}

/// The indexes of the units that are not as they were minted, with where they stand.
async fn changed(world: &World, storage: &PackStorage, export: ExportId) -> BTreeMap<u32, String> {
    let mut changed = BTreeMap::new();
    let mut index = 0;
    for file in world.completed(export) {
        let content = content(storage, &file).await;
        let mut table = csv::Reader::from_reader(content.as_slice());
        for row in table.records() {
            let status = row.unwrap()[4].to_owned();
            if status != "minted" {
                changed.insert(index, status);
            }
            index += 1;
        }
    }
    assert_eq!(index, 20_002);
    changed
}

fn of(statuses: &[(u32, &str)]) -> BTreeMap<u32, String> {
    let owned = |(index, status): &(u32, &str)| (*index, (*status).to_owned());
    statuses.iter().map(owned).collect()
}

impl World {
    fn activate(&self, batch: dpp_core::identity::MintBatchId, index: u32) {
        let unit = self.units(batch).identity().unit(index).unwrap().id;
        let scan = Caller::scan();
        let activated = self
            .service()
            .activate_unit(&scan, self.brand(), unit, self.now());
        block_on(activated).unwrap();
    }
}

#[tokio::test]
async fn all_packs_show_the_units_as_they_stood_at_the_request() {
    let world = World::new();
    let batch = world.batch_of(20_002);
    let units = world.units(batch);
    world.activate(batch, 5);
    world.revoke(&units, 20_000);
    let storage = PackStorage::memory();
    let exporter = world.exporter(&storage);
    let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    let mut worker = exporter.worker(named("first"));
    world.activate(batch, 6);
    make_a_pack(&mut worker, &world).await;
    world.activate(batch, 10_001);
    world.revoke(&units, 5);
    make_a_pack(&mut worker, &world).await;
    world.revoke(&units, 20_001);
    world.wait(LOCK);
    // Of another process, which reads it all anew.
    let other = world.exporter(&storage);
    make_a_pack(&mut other.worker(named("second")), &world).await;

    let as_asked = of(&[(5, "active"), (20_000, "revoked")]);
    assert_eq!(changed(&world, &storage, export).await, as_asked);

    world.wait(31 * DAY);
    let later = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    make_all(&exporter, "w", world.now()).await;
    let since = of(&[
        (5, "revoked"),
        (6, "active"),
        (10_001, "active"),
        (20_000, "revoked"),
        (20_001, "revoked"),
    ]);
    assert_eq!(changed(&world, &storage, later).await, since);
}
