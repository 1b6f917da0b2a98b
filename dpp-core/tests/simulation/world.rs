//! The simulated world: one store, a clock, and tasks that are polled by hand.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use dpp_core::Timestamp;
use dpp_core::identity::MintJobId;
use dpp_core::mint::MintRequest;
use dpp_core::service::{Again, ControlError, Did, MintService, SubmitAnswer, SubmitError};
use dpp_core::store::EventStore;
use dpp_core::store::log::PageLimit;
use dpp_core::testing::{Faults, FaultyStore};
use dpp_store_memory::MemoryStore;
use fastrand::Rng;
use futures::executor::block_on;

use crate::outcome::Outcome;
use crate::plan::{LEASE, Plan};
use crate::support::{NOON, brand, owner, service, worker};

pub type Task = Pin<Box<dyn Future<Output = ()>>>;

#[derive(Clone)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    pub fn at_noon() -> Self {
        Self(Arc::new(AtomicI64::new(NOON)))
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.load(Ordering::Relaxed))
    }

    pub fn advance(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}

/// What was accepted, as the callers were told.
#[derive(Default)]
pub struct Told {
    pub accepted: Vec<(usize, SubmitAnswer)>,
    pub refused: Vec<usize>,
}

pub struct World {
    pub plan: Plan,
    pub store: Arc<MemoryStore>,
    pub told: Arc<Mutex<Told>>,
    pub clock: Clock,
    faulty: Arc<FaultyStore>,
    services: Vec<MintService>,
    random: Rng,
    tallies: Arc<Tallies>,
}

#[derive(Default)]
struct Tallies {
    crashes: AtomicU64,
    jumps: AtomicU64,
    cycles: AtomicU64,
    lost_races: AtomicU64,
    failed_cycles: AtomicU64,
    errors: AtomicU64,
    cancelled: AtomicU64,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let plan = Plan::of(&mut random);
        let store = Arc::new(MemoryStore::default());
        let faulty = Arc::new(FaultyStore::new(store.clone(), seed, plan.faults));
        let mut world = Self {
            store,
            faulty,
            services: Vec::new(),
            told: Arc::default(),
            clock: Clock::at_noon(),
            tallies: Arc::default(),
            random,
            plan,
        };
        world.services = (0..world.plan.workers)
            .map(|_| world.new_service())
            .collect();
        world
    }

    /// A process: a service with its own caches.
    fn new_service(&mut self) -> MintService {
        service(
            self.faulty.clone(),
            self.random.u64(..),
            self.plan.settings(),
        )
    }

    fn service(&self, number: usize) -> MintService {
        match self.plan.one_process {
            true => self.services[0].clone(),
            false => self.services[number % self.services.len()].clone(),
        }
    }

    /// Submitters, workers and callers, in any order, with everything going wrong.
    pub fn disturb(&mut self) {
        let mut tasks: Vec<Option<Task>> = Vec::new();
        for number in 0..self.plan.requests.len() {
            tasks.push(Some(self.submitter(number)));
        }
        let first_worker = tasks.len();
        for number in 0..self.plan.workers {
            tasks.push(Some(self.worker(number)));
        }
        for _ in 0..self.random.usize(200..3_000) {
            self.maybe_jump();
            self.maybe_cancel(&mut tasks);
            let number = self.random.usize(..tasks.len());
            let Some(task) = tasks[number].as_mut() else {
                continue;
            };
            if self.random.f64() < self.plan.crash {
                self.tallies.crashes.fetch_add(1, Ordering::Relaxed);
                tasks[number] = self.restarted(number, first_worker);
                continue;
            }
            if poll(task).is_ready() {
                tasks[number] = None;
            }
        }
    }

    /// A crashed submitter asks again under its key; a crashed worker is started again, in a
    /// new process.
    fn restarted(&mut self, number: usize, first_worker: usize) -> Option<Task> {
        if number < self.plan.requests.len() {
            return Some(self.submitter(number));
        }
        let worker = number - first_worker;
        if worker >= self.plan.workers {
            return None;
        }
        if !self.plan.one_process {
            self.services[worker] = self.new_service();
        }
        Some(self.worker(worker))
    }

    fn maybe_jump(&mut self) {
        if self.random.f64() < self.plan.jump {
            self.tallies.jumps.fetch_add(1, Ordering::Relaxed);
            let lease = i64::try_from(LEASE.as_millis()).unwrap();
            self.clock.advance(self.random.i64(-lease / 2..2 * lease));
        }
        self.clock.advance(self.random.i64(0..50));
    }

    fn maybe_cancel(&mut self, tasks: &mut Vec<Option<Task>>) {
        if self.random.f64() >= self.plan.cancel {
            return;
        }
        let job = {
            let told = self.told.lock().unwrap();
            let jobs: Vec<_> = told
                .accepted
                .iter()
                .filter_map(|(_, answer)| answer.job())
                .collect();
            self.random.choice(jobs)
        };
        if let Some(job) = job {
            let direct = self.random.bool();
            tasks.push(Some(self.caller(job, direct)));
        }
    }

    fn submitter(&self, number: usize) -> Task {
        let service = self.service(number);
        let request = self.plan.requests[number].clone();
        let (told, clock, tallies) = (self.told.clone(), self.clock.clone(), self.tallies.clone());
        Box::pin(async move {
            loop {
                match submit(&service, request.clone(), clock.now()).await {
                    Ok(Some(answer)) => {
                        assert_readable(&service, &answer).await;
                        return told.lock().unwrap().accepted.push((number, answer));
                    }
                    Ok(None) => return told.lock().unwrap().refused.push(number),
                    Err(_) => tallies.errors.fetch_add(1, Ordering::Relaxed),
                };
                pause().await;
            }
        })
    }

    fn worker(&self, number: usize) -> Task {
        let mut worker = worker(&self.service(number), &format!("worker-{number}"));
        let (clock, tallies) = (self.clock.clone(), self.tallies.clone());
        Box::pin(async move {
            loop {
                match worker.run_once(clock.now()).await {
                    Ok(step) => {
                        tallies.note(&step.did);
                        if step.again != Again::Now {
                            pause().await;
                        }
                    }
                    Err(_) => {
                        tallies.errors.fetch_add(1, Ordering::Relaxed);
                    }
                }
                pause().await;
            }
        })
    }

    /// Somebody who makes a cycle at once, or stops the job.
    fn caller(&self, job: MintJobId, direct: bool) -> Task {
        let service = self.service(0);
        let (clock, tallies) = (self.clock.clone(), self.tallies.clone());
        Box::pin(async move {
            let caller = owner(brand(1));
            if direct {
                let made = service.process(&caller, brand(1), job, clock.now()).await;
                tallies
                    .cycles
                    .fetch_add(u64::from(made.is_ok()), Ordering::Relaxed);
                return;
            }
            match service
                .cancel(&caller, brand(1), job, None, clock.now())
                .await
            {
                Ok(_) => tallies.cancelled.fetch_add(1, Ordering::Relaxed),
                Err(ControlError::Rejected(_)) => 0,
                Err(_) => tallies.errors.fetch_add(1, Ordering::Relaxed),
            };
        })
    }

    /// Everything that was left over is done, without faults.
    pub fn settle(&mut self) {
        self.faulty.set_faults(Faults::NONE);
        for number in 0..self.plan.requests.len() {
            let answered = {
                let told = self.told.lock().unwrap();
                told.refused.contains(&number) || told.accepted.iter().any(|(of, _)| *of == number)
            };
            if !answered {
                block_on(self.submitter(number));
            }
        }
        let service = self.new_service();
        loop {
            self.clock
                .advance(2 * i64::try_from(LEASE.as_millis()).unwrap());
            let mut worker = worker(&service, "last");
            let mut idle = true;
            while block_on(worker.run_once(self.clock.now())).unwrap().did != Did::Nothing {
                idle = false;
            }
            if idle {
                return;
            }
        }
    }

    pub fn outcome(&self) -> Outcome {
        let of = |tally: &AtomicU64| tally.load(Ordering::Relaxed);
        let told = self.told.lock().unwrap();
        let injected = self.faulty.injected();
        Outcome {
            jobs: told.accepted.len() as u64,
            refused: told.refused.len() as u64,
            crashes: of(&self.tallies.crashes),
            jumps: of(&self.tallies.jumps),
            cycles: of(&self.tallies.cycles),
            lost_races: of(&self.tallies.lost_races),
            failed_cycles: of(&self.tallies.failed_cycles),
            errors: of(&self.tallies.errors),
            cancelled: of(&self.tallies.cancelled),
            not_committed: injected.not_committed,
            unknown_not_made: injected.unknown_not_made,
            unknown_after: injected.unknown_after,
            failed_reads: injected.failed_reads,
            short_reads: injected.short_reads,
            delays: injected.delays,
        }
    }

    pub fn story(&self) -> Vec<String> {
        story(&self.store)
    }
}

/// Everything in the log of brand 1, in order.
pub fn story(store: &MemoryStore) -> Vec<String> {
    let page = block_on(store.read_feed(brand(1), None, PageLimit::MAX)).unwrap();
    assert!(!page.more);
    page.events
        .iter()
        .map(|recorded| {
            let body = String::from_utf8_lossy(&recorded.event.payload);
            format!("{} {} {body}", recorded.stream, recorded.event.event_type)
        })
        .collect()
}

impl Tallies {
    fn note(&self, did: &Did) {
        let tally = match did {
            Did::Made(_) => &self.cycles,
            Did::LetGo(_) => &self.lost_races,
            Did::Failed { .. } => &self.failed_cycles,
            Did::Nothing | Did::Took(_) | Did::GaveUp(_) => return,
        };
        tally.fetch_add(1, Ordering::Relaxed);
    }
}

/// What was accepted can be read at once.
async fn assert_readable(service: &MintService, answer: &SubmitAnswer) {
    let scope = owner(brand(1)).to_read(brand(1)).unwrap();
    let reads = service.reads();
    for _ in 0..20 {
        if let Ok(progress) = reads.progress(&scope, answer.job().unwrap()).await {
            assert!(
                progress.is_some(),
                "{answer:?} was accepted, and is not there"
            );
            return;
        }
    }
}

/// Accepted, or refused for good; an error is to be tried again.
async fn submit(
    service: &MintService,
    request: MintRequest,
    now: Timestamp,
) -> Result<Option<SubmitAnswer>, SubmitError> {
    match service.submit(&owner(brand(1)), request, now).await {
        Ok(answer @ SubmitAnswer::Accepted { .. }) => Ok(Some(answer)),
        Ok(SubmitAnswer::Blocked { .. }) | Err(SubmitError::Invalid(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

pub fn poll(task: &mut Task) -> Poll<()> {
    task.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// Lets others go first, once.
pub async fn pause() {
    let mut paused = false;
    std::future::poll_fn(|_| match std::mem::replace(&mut paused, true) {
        true => Poll::Ready(()),
        false => Poll::Pending,
    })
    .await;
}
