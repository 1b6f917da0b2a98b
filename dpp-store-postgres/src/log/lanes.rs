//! Who commits when: one transaction a brand at a time, with all small commits that wait for it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use dpp_core::BrandId;
use dpp_core::store::Codec;
use dpp_core::store::log::{Commit, CommitError, Receipt, StoreFault};
use futures::channel::oneshot;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::transaction::{Broken, make};
use crate::fault::Kind;
use crate::options::{Joining, Options};
use crate::pool::Pool;
use crate::wake::Bell;

/// The lanes of a store, one for each brand that has commits waiting.
#[derive(Debug)]
pub(crate) struct Lanes {
    shared: Arc<Shared>,
    runtime: Handle,
}

#[derive(Debug)]
struct Shared {
    pool: Pool,
    codec: Codec,
    bell: Bell,
    joining: Joining,
    commit_within: Duration,
    /// How many transactions may be open at once; a connection is left for reads.
    open: Semaphore,
    waiting: Mutex<HashMap<BrandId, VecDeque<Waiting>>>,
}

/// A commit that waits for its turn, and who is told.
#[derive(Debug)]
struct Waiting {
    commit: Arc<Commit>,
    weight: usize,
    told: oneshot::Sender<Result<Receipt, CommitError>>,
}

/// A commit up to this weight is small: it may share its transaction. An event and a claim weigh
/// one each, and every kilobyte of bodies as much.
const SMALL: usize = 64;

/// What one transaction takes on, if it is more than one commit.
const TOGETHER: usize = 512;

/// The longest pause before a transaction is made again.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A commit of more bytes is refused: PostgreSQL takes no message of over a gigabyte.
const MOST_BYTES: usize = 512 << 20;

impl Lanes {
    pub(crate) fn new(options: &Options, pool: Pool, codec: Codec, bell: Bell) -> Self {
        Self {
            shared: Arc::new(Shared {
                pool,
                codec,
                bell,
                joining: options.joining,
                commit_within: options.commit_within,
                open: Semaphore::new(options.connections.saturating_sub(1).max(1)),
                waiting: Mutex::default(),
            }),
            runtime: Handle::current(),
        }
    }

    /// Makes a commit. It is made to its end even if the caller stops waiting for it.
    pub(crate) async fn commit(&self, commit: &Commit) -> Result<Receipt, CommitError> {
        let bytes = bytes_of(commit);
        if bytes > MOST_BYTES {
            return Err(CommitError::TooLarge {
                reason: format!("its bodies and keys have {bytes} bytes, over {MOST_BYTES}"),
            });
        }
        let (told, answer) = oneshot::channel();
        let waiting = Waiting {
            commit: Arc::new(commit.clone()),
            weight: weight_of(commit, bytes),
            told,
        };
        match self.shared.joining {
            Joining::Joined => self.wait_in_lane(commit.brand(), waiting),
            Joining::Apart => {
                let shared = self.shared.clone();
                self.runtime
                    .spawn(async move { shared.one_alone(waiting).await });
            }
        }
        answer
            .await
            .unwrap_or_else(|_| Err(CommitError::Unknown(shut_down())))
    }

    fn wait_in_lane(&self, brand: BrandId, waiting: Waiting) {
        let mut lanes = self.shared.lanes();
        if let Some(lane) = lanes.get_mut(&brand) {
            lane.push_back(waiting);
            return;
        }
        lanes.insert(brand, VecDeque::from([waiting]));
        let shared = self.shared.clone();
        self.runtime
            .spawn(async move { shared.run_lane(brand).await });
    }
}

fn shut_down() -> StoreFault {
    StoreFault::new("the runtime that the store was opened on was shut down")
}

fn bytes_of(commit: &Commit) -> usize {
    let events = commit.writes().iter().flat_map(|write| &write.events);
    let bodies: usize = events.map(|event| event.payload.len()).sum();
    let keys: usize = commit.claims().map(|claim| claim.key.len()).sum();
    bodies + keys
}

fn weight_of(commit: &Commit, bytes: usize) -> usize {
    let events: usize = commit.writes().iter().map(|write| write.events.len()).sum();
    events + commit.checks().len() + commit.claim_count() + bytes / 1_024
}

impl Shared {
    // Whoever panicked with the lock held had not begun to change the lanes.
    fn lanes(&self) -> MutexGuard<'_, HashMap<BrandId, VecDeque<Waiting>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn one_alone(&self, waiting: Waiting) {
        let brand = waiting.commit.brand();
        let Ok(_open) = self.open.acquire().await else {
            return;
        };
        self.make_all(brand, vec![waiting]).await;
    }

    /// Makes what waits in a lane until nothing does.
    async fn run_lane(&self, brand: BrandId) {
        loop {
            let Ok(_open) = self.open.acquire().await else {
                return;
            };
            // Those who were just told commit again, if they are let to: then they share the
            // next transaction.
            tokio::task::yield_now().await;
            let next = self.next_of(brand);
            if next.is_empty() {
                return;
            }
            self.make_all(brand, next).await;
        }
    }

    /// The commits that the next transaction makes. A lane with none is closed, under the lock
    /// under which others would be added to it.
    fn next_of(&self, brand: BrandId) -> Vec<Waiting> {
        let mut lanes = self.lanes();
        let Some(lane) = lanes.get_mut(&brand) else {
            return Vec::new();
        };
        let mut next = Vec::new();
        let mut weight = 0;
        while let Some(first) = lane.front() {
            weight += first.weight;
            let joins = next.is_empty() || (first.weight <= SMALL && weight <= TOGETHER);
            if !joins {
                break;
            }
            let alone = first.weight > SMALL;
            next.extend(lane.pop_front());
            if alone {
                break;
            }
        }
        if next.is_empty() {
            lanes.remove(&brand);
        }
        next
    }

    /// Makes commits together, and tells each what became of it.
    async fn make_all(&self, brand: BrandId, waiting: Vec<Waiting>) {
        let commits: Vec<_> = waiting.iter().map(|one| one.commit.clone()).collect();
        let made = self.make_to_the_end(brand, &commits).await;
        match made {
            // One that the server refuses must not keep the others back.
            Err(broken) if broken.failed.kind == Kind::Refused && waiting.len() > 1 => {
                for one in waiting {
                    let alone = std::slice::from_ref(&one.commit);
                    let made = self.make_to_the_end(brand, alone).await;
                    let outcome = made.map_or_else(|broken| Err(told(&broken)), first);
                    // Who no longer waits need not be told.
                    let _gone = one.told.send(outcome);
                }
            }
            Err(broken) => {
                for one in waiting {
                    let _gone = one.told.send(Err(told(&broken)));
                }
            }
            Ok(outcomes) => {
                for (one, outcome) in waiting.into_iter().zip(outcomes) {
                    let _gone = one.told.send(outcome);
                }
            }
        }
        self.bell.ring(brand);
    }

    /// Makes a transaction, again and again until it is made or refused, or time is up. What may
    /// have been committed without an answer is settled so: its ids are known then.
    async fn make_to_the_end(
        &self,
        brand: BrandId,
        commits: &[Arc<Commit>],
    ) -> Result<super::transaction::Outcomes, Broken> {
        let until = Instant::now() + self.commit_within;
        let mut was_open = false;
        let mut pause = Duration::from_millis(1);
        loop {
            let mut broken = match make(&self.pool, &self.codec, brand, commits).await {
                Ok(outcomes) => return Ok(outcomes),
                Err(broken) => broken,
            };
            was_open |= broken.is_open;
            let may_pass = matches!(broken.failed.kind, Kind::Lost | Kind::Again);
            if !may_pass || Instant::now() + pause > until {
                broken.is_open = was_open;
                return Err(broken);
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

fn first(outcomes: super::transaction::Outcomes) -> Result<Receipt, CommitError> {
    let none = || Err(CommitError::NotCommitted(StoreFault::new("no outcome")));
    outcomes.into_iter().next().unwrap_or_else(none)
}

fn told(broken: &Broken) -> CommitError {
    let fault = broken.failed.fault.clone();
    match broken.is_open {
        true => CommitError::Unknown(fault),
        false => CommitError::NotCommitted(fault),
    }
}
