//! The simulated world of exports: one store, a clock, and tasks that are polled by hand.

use std::sync::{Arc, Mutex};

use dpp_core::WorkerName;
use dpp_core::export::{EXPORT_LOCK, EXPORT_RETENTION};
use dpp_core::read::ReadFold;
use dpp_core::service::ExportService;
use dpp_core::store::log::PageLimit;
use dpp_core::store::{ExportQuery, ExportRecord, Order, ReadStore};
use dpp_core::testing::{Faults, FaultyStore};
use dpp_store_memory::MemoryStore;
use fastrand::Rng;
use futures::executor::block_on;

use super::outcome::{Happened, Outcome, Tally};
use super::plan::{Plan, with_batches};
use super::tasks::{Actor, Making, Told};
use crate::support::{brand, service};
use crate::world::{Clock, Task, poll};

pub struct ExportWorld {
    pub plan: Plan,
    pub store: Arc<MemoryStore>,
    pub told: Arc<Mutex<Told>>,
    pub clock: Clock,
    faulty: Arc<FaultyStore>,
    services: Vec<ExportService>,
    random: Rng,
    tally: Arc<Tally>,
}

impl ExportWorld {
    pub fn new(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let plan = Plan::of(&mut random);
        let store = with_batches();
        let faulty = Arc::new(FaultyStore::new(store.clone(), seed, plan.faults));
        let mut world = Self {
            plan,
            store,
            told: Arc::default(),
            clock: Clock::at_noon(),
            faulty,
            services: Vec::new(),
            random,
            tally: Arc::default(),
        };
        let workers = world.plan.workers;
        world.services = (0..workers).map(|_| world.new_service()).collect();
        world
    }

    /// A process: a service with its own caches.
    fn new_service(&mut self) -> ExportService {
        let seed = self.random.u64(..);
        service(self.faulty.clone(), seed, self.plan.settings()).exports()
    }

    fn actor(&mut self, number: usize) -> Actor {
        let number = match self.plan.one_process {
            true => 0,
            false => number % self.services.len(),
        };
        Actor {
            exports: self.services[number].clone(),
            clock: self.clock.clone(),
            told: self.told.clone(),
            tally: self.tally.clone(),
            random: Rng::with_seed(self.random.u64(..)),
        }
    }

    pub fn disturb(&mut self) {
        let all = self.plan.requesters + self.plan.workers + 2;
        let mut tasks: Vec<_> = (0..all).map(|number| Some(self.task(number))).collect();
        let mut stalled = vec![0; all];
        for turn in 0..self.random.usize(200..3_000) {
            self.maybe_jump();
            let number = self.random.usize(..all);
            if self.random.f64() < self.plan.stall {
                self.tally.note(Happened::Stall);
                stalled[number] = turn + self.random.usize(..1_000);
            }
            if turn < stalled[number] {
                continue;
            }
            let Some(task) = tasks[number].as_mut() else {
                // Whoever was answered asks for something else, now and then.
                if self.random.u8(..10) == 0 {
                    tasks[number] = Some(self.task(number));
                }
                continue;
            };
            if self.random.f64() < self.plan.crash {
                self.tally.note(Happened::Crash);
                self.maybe_new_process(number);
                tasks[number] = Some(self.task(number));
                continue;
            }
            if poll(task).is_ready() {
                tasks[number] = None;
            }
        }
    }

    /// Those who ask come first, then the workers, who keep their names when they are started
    /// again; then one who downloads, and one who ends exports.
    fn task(&mut self, number: usize) -> Task {
        let actor = self.actor(number);
        let workers = self.plan.workers;
        let Some(worker) = number.checked_sub(self.plan.requesters) else {
            return Box::pin(actor.request());
        };
        if worker < workers {
            let name = WorkerName::parse(&format!("worker-{worker}")).unwrap();
            let plan = Making {
                wanted: self.plan.wanted,
                fail: self.plan.fail,
                slow: self.plan.slow,
            };
            return Box::pin(actor.work(name, plan));
        }
        match worker == workers {
            true => Box::pin(actor.download()),
            false => Box::pin(actor.sweep()),
        }
    }

    fn maybe_new_process(&mut self, number: usize) {
        if !self.plan.one_process {
            let place = number % self.services.len();
            self.services[place] = self.new_service();
        }
    }

    fn maybe_jump(&mut self) {
        let millis = |time: std::time::Duration| i64::try_from(time.as_millis()).unwrap();
        if self.random.f64() < self.plan.jump {
            self.tally.note(Happened::Jump);
            self.clock
                .advance(self.random.i64(0..2 * millis(EXPORT_LOCK)));
        }
        if self.random.f64() < self.plan.long_jump {
            self.tally.note(Happened::LongJump);
            self.clock
                .advance(self.random.i64(0..2 * millis(EXPORT_RETENTION)));
        }
        self.clock.advance(self.random.i64(0..2_000));
    }

    /// Everything that was left over is done, without faults.
    pub fn settle(&mut self) {
        self.faulty.set_faults(Faults::NONE);
        self.services = vec![self.new_service()];
        self.clock.advance(3_600_000);
        block_on(self.actor(0).request());
        let last = WorkerName::parse("last").unwrap();
        let plan = Making::default();
        for _ in 0..10 {
            // The longest that an export rests after failures.
            self.clock.advance(3_600_000);
            let mut actor = self.actor(0);
            block_on(actor.sweep_once());
            let now = self.clock.now();
            while let Some(held) = block_on(actor.exports.take(&last, now)).unwrap() {
                block_on(actor.make(held, plan));
            }
        }
        if self.random.bool() {
            let all = i64::try_from(EXPORT_RETENTION.as_millis()).unwrap();
            self.clock.advance(all + 36_000_000);
            block_on(self.actor(0).sweep_once());
            assert!(self.records().iter().all(|record| record.expired));
        }
    }

    /// What fresh reads tell of all exports.
    pub fn records(&self) -> Vec<ExportRecord> {
        let fold = ReadFold::new(self.store.clone());
        let (all, order) = (ExportQuery::ALL, Order::OldestFirst);
        let found = fold.exports(brand(1), &all, order, None, PageLimit::MAX);
        block_on(found).unwrap()
    }

    pub fn outcome(&self) -> Outcome {
        let mut outcome = self.tally.outcome();
        let injected = self.faulty.injected();
        outcome.add(Happened::NotCommitted, injected.not_committed);
        outcome.add(Happened::UnknownNotMade, injected.unknown_not_made);
        outcome.add(Happened::UnknownAfter, injected.unknown_after);
        outcome.add(Happened::FailedRead, injected.failed_reads);
        outcome
    }
}
