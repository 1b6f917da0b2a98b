//! What an expiry finds by name, and what only by a listing.

use dpp_core::export::{ExportFormat, PackPath};
use object_store::{ObjectStoreExt, path::Path};

use crate::common::World;
use crate::support::{DAY, Fault, Op, faulty, make_all, named, paths};

/// A listing that lags misses recorded packs, which go all the same.
#[tokio::test]
async fn recorded_packs_go_though_a_listing_does_not_show_them() {
    let world = World::new();
    let batch = world.batch_of(20_001);
    let (faulty, storage) = faulty();
    let exporter = world.exporter(&storage);
    world.ask(&exporter, batch, ExportFormat::Manifest).await;
    make_all(&exporter, "w", world.now()).await;
    assert_eq!(paths(&faulty).await.len(), 3);
    world.wait(31 * DAY);
    faulty.next(Op::List, Fault::Lag(8));
    let name = named("end");
    let expired = exporter.expire(&name, world.now()).await.unwrap();
    assert_eq!(expired.exports.len(), 1);
    assert!(paths(&faulty).await.is_empty());
}

/// Files that nothing tells of: half written ones, and one that was named but not completed.
#[tokio::test]
async fn orphans_go_with_their_export() {
    let world = World::new();
    let batch = world.batch_of(10);
    let (faulty, storage) = faulty();
    let exporter = world.exporter(&storage);
    let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    let folder = format!("{}/{batch}/{export}", world.brand());
    for orphan in ["tmp/1", "001-0123456789abcdef/manifest_001.csv"] {
        let path = PackPath::parse(&format!("{folder}/{orphan}")).unwrap();
        faulty
            .put(&Path::from(path.as_str()), "x".into())
            .await
            .unwrap();
    }
    make_all(&exporter, "w", world.now()).await;
    // What others left half written goes when the export is complete.
    let left = paths(&faulty).await;
    assert_eq!(left.len(), 2);
    assert!(left.iter().all(|path| !path.contains("/tmp/")));
    world.wait(31 * DAY);
    let name = named("end");
    exporter.expire(&name, world.now()).await.unwrap();
    assert!(paths(&faulty).await.is_empty());
}

/// That the storage fails then is no reason to call the export failed.
#[tokio::test]
async fn an_export_is_completed_though_nothing_can_be_tidied_up() {
    for op in [Op::List, Op::Delete] {
        let world = World::new();
        let batch = world.batch_of(10);
        let (faulty, storage) = faulty();
        let exporter = world.exporter(&storage);
        let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
        let half = format!("{}/{batch}/{export}/tmp/1", world.brand());
        faulty
            .put(&Path::from(half.as_str()), "x".into())
            .await
            .unwrap();
        match op {
            // The first is that of the file's own temporary name.
            Op::Delete => {
                faulty.next(op, Fault::Wait(open()));
                faulty.next(op, Fault::Denied);
            }
            _ => faulty.next(op, Fault::Denied),
        }
        assert_eq!(make_all(&exporter, "w", world.now()).await.len(), 1);
        assert!(faulty.is_done());
        assert_eq!(paths(&faulty).await.len(), 2);
        // Whoever asks for it again tidies up.
        let (caller, brand, name) = (world.caller(), world.brand(), named("w"));
        let clock = || world.now();
        let files = exporter.generate(caller, brand, export, &name, clock, |_| {});
        assert_eq!(files.await.unwrap().len(), 1);
        assert_eq!(paths(&faulty).await.len(), 1);
    }
}

fn open() -> std::sync::Arc<crate::support::Gate> {
    let gate = crate::support::Gate::new();
    gate.open();
    std::sync::Arc::new(gate)
}
