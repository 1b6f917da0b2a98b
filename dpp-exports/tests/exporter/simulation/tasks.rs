//! Who does what in the simulated town. Each is a process of its own.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use dpp_core::ExportId;
use dpp_core::export::ExportFormat;
use dpp_core::identity::MintBatchId;
use dpp_core::service::Again;
use dpp_exports::{ExportDid, Exporter};

use super::outcome::Outcome;
use super::turn::Task;
use crate::common::World;
use crate::support::{give_way, named, pack};

/// What all of them know.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) world: Rc<World>,
    /// The exports that were answered to.
    pub(super) exports: Rc<RefCell<BTreeSet<ExportId>>>,
    pub(super) tally: Rc<Cell<Outcome>>,
}

impl Known {
    fn count(&self, count: impl FnOnce(&mut Outcome)) {
        let mut tally = self.tally.get();
        count(&mut tally);
        self.tally.set(tally);
    }

    fn any_export(&self, place: usize) -> Option<ExportId> {
        let exports = self.exports.borrow();
        let place = place.checked_rem(exports.len())?;
        exports.iter().nth(place).copied()
    }
}

/// Asks until it is answered.
pub(super) fn customer(
    known: Known,
    exporter: Exporter,
    batch: MintBatchId,
    format: ExportFormat,
) -> Task {
    Box::pin(async move {
        let order = known.world.order(batch, format);
        loop {
            let caller = known.world.caller();
            match exporter.request(caller, &order, known.world.now()).await {
                Ok(answer) => {
                    known.exports.borrow_mut().insert(answer.export_id);
                    return;
                }
                Err(_) => known.count(|tally| tally.errors += 1),
            }
            give_way(1).await;
        }
    })
}

/// Makes packs, for ever.
pub(super) fn worker(known: Known, exporter: Exporter, name: String) -> Task {
    Box::pin(async move {
        let mut worker = exporter.worker(named(&name));
        loop {
            match worker.run_once(known.world.now()).await {
                Ok(step) => {
                    known.count(|tally| note(tally, &step.did));
                    give_way(u32::from(step.again != Again::Now)).await;
                }
                Err(_) => known.count(|tally| tally.errors += 1),
            }
            give_way(1).await;
        }
    })
}

fn note(tally: &mut Outcome, did: &ExportDid) {
    match did {
        ExportDid::Failed { .. } => tally.failed_packs += 1,
        ExportDid::LetGo(_) => tally.let_go += 1,
        ExportDid::Nothing | ExportDid::Took(_) | ExportDid::Made(_) => {}
    }
}

/// Waits for one export after the other.
pub(super) fn generator(known: Known, exporter: Exporter, name: String, place: usize) -> Task {
    Box::pin(async move {
        let name = named(&name);
        for place in place.. {
            give_way(2).await;
            let Some(export) = known.any_export(place) else {
                continue;
            };
            let (caller, brand) = (known.world.caller(), known.world.brand());
            let clock = || known.world.now();
            let made = exporter.generate(caller, brand, export, &name, clock, |_| {});
            match made.await {
                Ok(files) => assert_eq!(files, known.world.completed(export)),
                Err(_) => known.count(|tally| tally.errors += 1),
            }
        }
    })
}

/// Downloads one pack after the other.
pub(super) fn reader(known: Known, exporter: Exporter) -> Task {
    Box::pin(async move {
        for place in 0.. {
            give_way(3).await;
            let Some(export) = known.any_export(place) else {
                continue;
            };
            let (caller, brand, now) =
                (known.world.caller(), known.world.brand(), known.world.now());
            let link = exporter.download_link(caller, brand, export, pack(1), now);
            match link.await {
                Ok(link) => {
                    known.count(|tally| tally.links += 1);
                    assert!(known.world.completed(export).contains(&link.file));
                }
                Err(_) => known.count(|tally| tally.errors += 1),
            }
        }
    })
}

/// Removes what is past its time, for ever.
pub(super) fn sweeper(known: Known, exporter: Exporter) -> Task {
    Box::pin(async move {
        let name = named("sweeper");
        loop {
            if exporter.expire(&name, known.world.now()).await.is_err() {
                known.count(|tally| tally.errors += 1);
            }
            give_way(5).await;
        }
    })
}
