//! The simulated town: one log, one storage, a clock, and tasks that are polled by hand.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use dpp_core::identity::MintBatchId;
use dpp_core::store::EventStore;
use dpp_core::store::log::PageLimit;
use dpp_core::testing::{Faults, FaultyStore};
use dpp_exports::storage::{LinkKey, LinkSigner, PackStorage};
use dpp_exports::{ExportDid, Exporter};
use fastrand::Rng;
use futures::FutureExt;
use object_store::memory::InMemory;

use super::ledger::Ledger;
use super::outcome::Outcome;
use super::plan::Plan;
use super::tasks::{self, Known};
use super::turn::{Task, alone, poll};
use crate::common::World;
use crate::support::{DAY, FaultyStorage, LOCK, StorageFaults, named};

pub(super) struct Town {
    pub(super) plan: Plan,
    pub(super) known: Known,
    pub(super) batches: Vec<MintBatchId>,
    pub(super) ledger: Arc<Ledger>,
    log: Arc<FaultyStore>,
    storage: FaultyStorage,
    random: Rng,
}

impl Town {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let plan = Plan::of(&mut random);
        let world = World::new();
        let batches = plan.batches.iter().map(|units| world.batch_of(*units));
        let batches = batches.collect();
        let lying = Arc::new(InMemory::new());
        let storage = match plan.renames_in_one_step {
            true => FaultyStorage::like_a_directory(lying.clone(), seed),
            false => FaultyStorage::like_a_cloud(lying.clone(), seed),
        };
        let ledger = Arc::new(Ledger::new(world.log().clone(), lying, world.brand()));
        let watching = ledger.clone();
        storage.watch(move || watching.check());
        let log = Arc::new(FaultyStore::new(world.log().clone(), seed, plan.log));
        storage.set_faults(plan.storage);
        let known = Known {
            world: Rc::new(world),
            exports: Rc::new(RefCell::default()),
            tally: Rc::new(Cell::default()),
        };
        Self {
            plan,
            known,
            batches,
            ledger,
            log,
            storage,
            random,
        }
    }

    /// A process, with caches of its own.
    pub(super) fn process(&self) -> Exporter {
        let storage = PackStorage::of(Arc::new(self.storage.clone()));
        let service = self.known.world.exports_on(self.log.clone());
        let signer = LinkSigner::new("https://files.example.com", LinkKey::new(&[7; 32]).unwrap());
        Exporter::new(service, storage).with_links(signer)
    }

    /// Everybody, in any order, with everything going wrong.
    pub(super) fn disturb(&mut self) {
        let mut tasks: Vec<_> = (0..self.kinds())
            .map(|kind| Some(self.task(kind)))
            .collect();
        for _ in 0..self.plan.steps {
            self.pass_time();
            self.maybe_revoke();
            let number = self.random.usize(..tasks.len());
            let Some(task) = tasks[number].as_mut() else {
                continue;
            };
            if self.random.f64() < self.plan.crash {
                self.count(|tally| tally.crashes += 1);
                tasks[number] = Some(self.task(number));
                continue;
            }
            if poll(task).is_ready() {
                tasks[number] = None;
            }
            self.ledger.check();
        }
    }

    fn kinds(&self) -> usize {
        self.plan.orders.len() + self.plan.workers + self.plan.generators + 2
    }

    /// Whoever has this number, in a process that was started just now.
    fn task(&mut self, number: usize) -> Task {
        let (known, exporter) = (self.known.clone(), self.process());
        if let Some((batch, format)) = self.plan.orders.get(number) {
            return tasks::customer(known, exporter, self.batches[*batch], *format);
        }
        let number = number - self.plan.orders.len();
        if number < self.plan.workers {
            return tasks::worker(known, exporter, format!("worker-{number}"));
        }
        let number = number - self.plan.workers;
        if number < self.plan.generators {
            let place = self.random.usize(..8);
            return tasks::generator(known, exporter, format!("waiter-{number}"), place);
        }
        match number - self.plan.generators {
            0 => tasks::reader(known, exporter),
            _ => tasks::sweeper(known, exporter),
        }
    }

    fn pass_time(&mut self) {
        self.known.world.wait_millis(self.random.u64(0..50));
        if self.random.f64() >= self.plan.jump {
            return;
        }
        self.count(|tally| tally.jumps += 1);
        let far = match self.random.u32(..4) {
            0 if self.plan.ends => 29 * DAY,
            1 if self.plan.ends => DAY,
            2 => 2 * 60 * 60,
            _ => LOCK,
        };
        self.known.world.wait(self.random.u64(far / 2..=far));
    }

    fn maybe_revoke(&mut self) {
        if self.random.f64() < self.plan.revoke {
            let place = self.random.usize(..self.batches.len());
            let world = &self.known.world;
            let units = world.units(self.batches[place]);
            let index = self.random.u32(..units.minted());
            world.revoke(&units, index);
        }
    }

    fn count(&self, count: impl FnOnce(&mut Outcome)) {
        let mut tally = self.known.tally.get();
        count(&mut tally);
        self.known.tally.set(tally);
    }

    /// Everything is mended, everybody is answered, and everything is made.
    pub(super) fn settle(&mut self) {
        self.log.set_faults(Faults::NONE);
        self.storage.set_faults(StorageFaults::NONE);
        for (batch, format) in &self.plan.orders {
            let known = self.known.clone();
            let asked = tasks::customer(known, self.process(), self.batches[*batch], *format);
            // Nobody stands in the way any more.
            self.known.world.wait(LOCK);
            alone(asked);
        }
        self.known.world.wait(2 * 60 * 60);
        self.make_all();
        let sweeper = self.process();
        let swept = alone(sweeper.expire(&named("last"), self.known.world.now()));
        assert!(swept.unwrap().failed.is_empty());
        self.ledger.check();
    }

    fn make_all(&self) {
        let mut worker = self.process().worker(named("last"));
        loop {
            let step = alone(worker.run_once(self.known.world.now())).unwrap();
            match step.did {
                ExportDid::Nothing => return,
                ExportDid::Took(_) | ExportDid::Made(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    pub(super) fn outcome(&self) -> Outcome {
        let (log, storage) = (self.log.injected(), self.storage.tally());
        let stories = self.known.exports.borrow();
        let expired = stories.iter().filter(|export| self.has_expired(**export));
        Outcome {
            exports: stories.len() as u64,
            expired: expired.count() as u64,
            packs: stories
                .iter()
                .map(|export| self.known.world.completed(*export).len() as u64)
                .sum(),
            log_faults: log.not_committed + log.unknown_after + log.failed_reads,
            failed: storage.failed,
            lost: storage.lost,
            torn: storage.torn,
            lagged: storage.lagged,
            looks: self.ledger.looks(),
            ..self.known.tally.get()
        }
    }

    pub(super) fn has_expired(&self, export: dpp_core::ExportId) -> bool {
        let story = self.known.world.story(export);
        let is_expiry = |event: &_| matches!(event, dpp_core::export::ExportEvent::Expired(_));
        story.iter().any(is_expiry)
    }

    /// Everything in the log, in order.
    pub(super) fn story(&self) -> Vec<String> {
        let world = &self.known.world;
        let read = world.log().read_feed(world.brand(), None, PageLimit::MAX);
        let page = read.now_or_never().unwrap().unwrap();
        assert!(!page.more);
        let told = page.events.iter().map(|recorded| {
            let body = String::from_utf8_lossy(&recorded.event.payload);
            format!("{} {} {body}", recorded.stream, recorded.event.event_type)
        });
        told.collect()
    }
}
