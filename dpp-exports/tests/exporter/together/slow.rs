//! A generator that is so slow that its lock runs out, while others make the same pack.

use std::sync::Arc;

use dpp_core::export::{ExportFormat, ExportRejection};
use dpp_core::service::ExportError;
use dpp_core::{ExportId, Timestamp};
use dpp_exports::storage::PackStorage;
use dpp_exports::{ExportDid, Exporter, ExporterError};
use object_store::memory::InMemory;
use tokio::task::JoinHandle;

use crate::common::World;
use crate::support::{
    DAY, Fault, FaultyStorage, Gate, LOCK, Op, assert_whole, make_all, named, pack, paths,
    try_content,
};

/// A slow process and a fast one with one storage, of which the slow one has a faulty way in.
struct Race {
    world: World,
    export: ExportId,
    lying: Arc<InMemory>,
    faulty: FaultyStorage,
    slow: Exporter,
    fast: Exporter,
}

impl Race {
    async fn of(units: u64) -> Self {
        let world = World::new();
        let batch = world.batch_of(units);
        let lying = Arc::new(InMemory::new());
        let faulty = FaultyStorage::like_a_cloud(lying.clone(), 1);
        let slow = world.exporter(&PackStorage::of(Arc::new(faulty.clone())));
        let fast = world.exporter(&PackStorage::of(lying.clone()));
        let export = world.ask(&fast, batch, ExportFormat::Manifest).await;
        Self {
            world,
            export,
            lying,
            faulty,
            slow,
            fast,
        }
    }

    /// Makes one pack slowly. It reads no clock, as one that hangs reads none.
    fn step(&self) -> JoinHandle<ExportDid> {
        let (slow, now) = (self.slow.clone(), self.world.now());
        tokio::spawn(async move {
            let mut worker = slow.worker(named("slow"));
            worker.run_once(now).await.unwrap();
            worker.run_once(now).await.unwrap().did
        })
    }

    fn generate(
        &self,
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> JoinHandle<Result<usize, ExporterError>> {
        let (slow, export) = (self.slow.clone(), self.export);
        let (caller, brand) = (self.world.caller().clone(), self.world.brand());
        tokio::spawn(async move {
            let name = named("slow");
            let made = slow.generate(&caller, brand, export, &name, clock, |_| {});
            made.await.map(|files| files.len())
        })
    }

    /// Every pack is recorded once, and its bytes are those that were recorded.
    async fn assert_made(&self, packs: usize) {
        let files = self.world.completed(self.export);
        assert_eq!(files.len(), packs);
        assert_whole(self.fast.storage(), &files).await;
        let visible = paths(self.lying.as_ref()).await;
        let visible = visible.iter().filter(|path| !path.contains("/tmp/"));
        assert_eq!(visible.count(), packs);
    }
}

fn rejection(error: ExporterError) -> ExportRejection {
    match error {
        ExporterError::Export(ExportError::Rejected { rejection, .. }) => rejection,
        other => panic!("{other:?}"),
    }
}

/// The slow one writes, or names, or looks at its file, when the fast one is through with all.
#[tokio::test]
async fn both_end_well_when_the_other_has_made_everything() {
    for op in [Op::Put, Op::Get, Op::Rename, Op::Copy, Op::Delete] {
        let race = Race::of(10_001).await;
        let gate = race.faulty.stop_at(op);
        let slow = race.step();
        gate.reached().await;
        race.world.wait(LOCK);
        let made = make_all(&race.fast, "fast", race.world.now()).await;
        assert_eq!(made.len(), 2);
        gate.open();
        let did = slow.await.unwrap();
        assert!(
            matches!(did, ExportDid::LetGo(of) if of == race.export),
            "{op:?} {did:?}"
        );
        race.assert_made(2).await;
    }
}

/// The fast one has completed the first pack, and is at the second.
#[tokio::test]
async fn the_slow_one_does_not_disturb_the_one_that_took_over() {
    for op in [Op::Put, Op::Get, Op::Rename, Op::Copy, Op::Delete] {
        let race = Race::of(20_001).await;
        let gate = race.faulty.stop_at(op);
        let slow = race.step();
        gate.reached().await;
        race.world.wait(LOCK);
        let mut fast = race.fast.worker(named("fast"));
        fast.run_once(race.world.now()).await.unwrap();
        fast.run_once(race.world.now()).await.unwrap();
        gate.open();
        let did = slow.await.unwrap();
        assert!(
            matches!(did, ExportDid::LetGo(of) if of == race.export),
            "{op:?} {did:?}"
        );
        race.assert_made(1).await;
        for _ in 0..2 {
            let step = fast.run_once(race.world.now()).await.unwrap();
            assert!(matches!(step.did, ExportDid::Made(_)), "{step:?}");
        }
        race.assert_made(3).await;
    }
}

/// Nobody took over: its lock ran out, and it completes its pack all the same.
#[tokio::test]
async fn a_slow_one_alone_completes_its_pack() {
    let race = Race::of(10_001).await;
    let gate = race.faulty.stop_at(Op::Rename);
    let slow = race.step();
    gate.reached().await;
    race.world.wait(LOCK);
    gate.open();
    assert!(matches!(slow.await.unwrap(), ExportDid::Made(_)));
    race.assert_made(1).await;
    let made = make_all(&race.fast, "fast", race.world.now()).await;
    assert_eq!(made[0].pack, pack(2));
    race.assert_made(2).await;
}

#[tokio::test]
async fn who_waits_for_an_export_is_told_that_another_has_it() {
    let race = Race::of(10_001).await;
    let gate = race.faulty.stop_at(Op::Rename);
    let now = race.world.now();
    let slow = race.generate(move || now);
    gate.reached().await;
    race.world.wait(LOCK);
    make_all(&race.fast, "fast", race.world.now()).await;
    gate.open();
    let refused = rejection(slow.await.unwrap().unwrap_err());
    let told = matches!(
        refused,
        ExportRejection::NotHeld { .. } | ExportRejection::PackCompleted { .. }
    );
    assert!(told, "{refused:?}");
    race.assert_made(2).await;
    let again = race.generate(move || now);
    assert_eq!(again.await.unwrap().unwrap(), 2);
}

/// A half of a file must not take the place of the whole one, not even for a moment.
#[tokio::test]
async fn a_torn_file_of_the_slow_one_does_not_replace_the_whole_one() {
    let race = Race::of(10).await;
    let gate = Arc::new(Gate::new());
    race.faulty.next(Op::Put, Fault::TornAndWait(gate.clone()));
    let slow = race.step();
    gate.reached().await;
    race.world.wait(LOCK);
    make_all(&race.fast, "fast", race.world.now()).await;
    gate.open();
    assert!(matches!(slow.await.unwrap(), ExportDid::LetGo(_)));
    race.assert_made(1).await;
}

/// What the slow one knows of the export's time is as old as its lock: another has completed it
/// since, for 30 days more.
#[tokio::test]
async fn a_slow_one_whose_time_seems_over_does_not_remove_what_another_made() {
    let race = Race::of(10).await;
    race.world.wait(30 * DAY - 2 * LOCK);
    let (gate, waiting) = (race.faulty.stop_at(Op::Rename), race.world.now());
    let late = waiting.after(std::time::Duration::from_secs(2 * LOCK + 60));
    let looks = std::sync::atomic::AtomicU32::new(0);
    // The first look is to take the export, the second to begin, the third at the end.
    let clock = move || match looks.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
        0 | 1 => waiting,
        _ => late,
    };
    let slow = race.generate(clock);
    gate.reached().await;
    race.world.wait(LOCK);
    assert_eq!(
        make_all(&race.fast, "fast", race.world.now()).await.len(),
        1
    );
    gate.open();
    rejection(slow.await.unwrap().unwrap_err());
    race.assert_made(1).await;
}

/// The files of the export are gone when it gives its own a name.
#[tokio::test]
async fn what_a_slow_one_names_after_the_end_it_removes_itself() {
    let race = Race::of(10).await;
    let gate = race.faulty.stop_at(Op::Copy);
    let now = race.world.now();
    let after = now.after(std::time::Duration::from_secs(31 * DAY));
    let looks = std::sync::atomic::AtomicU32::new(0);
    let clock = move || match looks.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
        0 | 1 => now,
        _ => after,
    };
    let slow = race.generate(clock);
    gate.reached().await;
    race.world.wait(31 * DAY);
    let expired = race.fast.expire(&named("end"), race.world.now()).await;
    assert_eq!(expired.unwrap().exports, [race.export]);
    gate.open();
    let error = slow.await.unwrap().unwrap_err();
    assert!(matches!(rejection(error), ExportRejection::Expired { .. }));
    assert!(paths(race.lying.as_ref()).await.is_empty());
}

/// Two releases of this library could make other bytes of the same pack: the loser's file lies
/// elsewhere, and goes with the export.
#[tokio::test]
async fn other_bytes_of_the_same_pack_have_another_path() {
    let race = Race::of(10).await;
    make_all(&race.fast, "fast", race.world.now()).await;
    let files = race.world.completed(race.export);
    let recorded = files[0].path.as_str();
    let digest = files[0].sha256.to_string();
    assert!(recorded.contains(&format!("/001-{}/", &digest[..16])));
    let other = recorded.replace(&digest[..16], "0123456789abcdef");
    let location = object_store::path::Path::from(other.as_str());
    let put = object_store::ObjectStoreExt::put(race.lying.as_ref(), &location, "other".into());
    put.await.unwrap();
    assert_whole(race.fast.storage(), &files).await;
    race.world.wait(31 * DAY);
    let expired = race.fast.expire(&named("end"), race.world.now()).await;
    assert_eq!(expired.unwrap().exports, [race.export]);
    try_content(race.fast.storage(), &files[0])
        .await
        .unwrap_err();
    assert!(paths(race.lying.as_ref()).await.is_empty());
}
