//! Who commits when: one transaction a brand at a time, with all small commits that wait for it.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dpp_core::BrandId;
use dpp_core::store::Codec;
use dpp_core::store::log::{Commit, CommitError, Receipt, StoreFault};
use futures::channel::oneshot;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::time::{Instant, Timeout, timeout_at};

use super::transaction::{Broken, Outcomes, make};
use crate::fault::{Failed, Kind};
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
    tickets: AtomicU64,
    /// How many transactions may be open at once; a connection is left for reads.
    open: Semaphore,
    waiting: Mutex<HashMap<BrandId, VecDeque<Waiting>>>,
}

/// A commit that waits for its turn, and who is told.
#[derive(Debug)]
struct Waiting {
    ticket: u64,
    commit: Arc<Commit>,
    weight: usize,
    until: Instant,
    /// Whether an attempt may have made it, though nobody has heard so.
    is_open: bool,
    told: oneshot::Sender<Result<Receipt, CommitError>>,
}

/// A commit up to this weight is small: it may share its transaction. An event and a claim weigh
/// one each, and every kilobyte of bodies as much.
const SMALL: usize = 64;

/// What one transaction takes on, if it is more than one commit.
const TOGETHER: usize = 512;

/// The longest pause before a transaction is made again.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How much longer than its limit somebody waits to hear what became of a commit that was begun:
/// whoever makes it has the same limit, and knows better.
const GRACE: Duration = Duration::from_secs(2);

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
                tickets: AtomicU64::new(0),
                open: Semaphore::new(options.connections.saturating_sub(1).max(1)),
                waiting: Mutex::default(),
            }),
            runtime: Handle::current(),
        }
    }

    /// Makes a commit, or tells within its limit why not. It is made to its end even if the
    /// caller stops waiting for it.
    pub(crate) async fn commit(&self, commit: &Commit) -> Result<Receipt, CommitError> {
        let bytes = bytes_of(commit);
        check_size(bytes)?;
        let until = Instant::now() + self.shared.commit_within;
        let ticket = self.shared.tickets.fetch_add(1, Ordering::Relaxed);
        let (told, mut answer) = oneshot::channel();
        let waiting = Waiting {
            ticket,
            commit: Arc::new(commit.clone()),
            weight: weight_of(commit, bytes),
            until,
            is_open: false,
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
        if let Ok(told) = self.by(until, &mut answer).await {
            return told.unwrap_or_else(|_| Err(CommitError::Unknown(shut_down())));
        }
        if self.shared.withdraw(commit.brand(), ticket) {
            return Err(CommitError::NotCommitted(self.shared.late().fault));
        }
        match self.by(until + GRACE, answer).await {
            Ok(told) => told.unwrap_or_else(|_| Err(CommitError::Unknown(shut_down()))),
            Err(_) => Err(CommitError::Unknown(self.shared.late().fault)),
        }
    }

    /// Whoever waits for it need not be on the runtime of the store.
    fn by<F: Future>(&self, until: Instant, what: F) -> Timeout<F> {
        let _inside = self.runtime.enter();
        timeout_at(until, what)
    }

    fn wait_in_lane(&self, brand: BrandId, waiting: Waiting) {
        let mut lanes = self.shared.lanes();
        if let Some(lane) = lanes.get_mut(&brand) {
            lane.push_back(waiting);
            return;
        }
        lanes.insert(brand, VecDeque::from([waiting]));
        drop(lanes);
        let lane = Lane::open(self.shared.clone(), brand);
        self.runtime.spawn(lane.run());
    }
}

fn shut_down() -> StoreFault {
    StoreFault::new("the runtime that the store was opened on was shut down")
}

fn check_size(bytes: usize) -> Result<(), CommitError> {
    match bytes > MOST_BYTES {
        false => Ok(()),
        true => Err(CommitError::TooLarge {
            reason: format!("its bodies and keys have {bytes} bytes, over {MOST_BYTES}"),
        }),
    }
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

    fn late(&self) -> Failed {
        Failed::late(self.commit_within)
    }

    /// Takes a commit out of its lane; whether it was still there.
    fn withdraw(&self, brand: BrandId, ticket: u64) -> bool {
        let mut lanes = self.lanes();
        let Some(lane) = lanes.get_mut(&brand) else {
            return false;
        };
        let before = lane.len();
        lane.retain(|one| one.ticket != ticket);
        lane.len() < before
    }

    async fn one_alone(&self, waiting: Waiting) {
        let brand = waiting.commit.brand();
        match timeout_at(waiting.until, self.open.acquire()).await {
            Ok(Ok(_open)) => self.make_all(brand, vec![waiting]).await,
            Ok(Err(_)) => {}
            Err(_) => waiting.hear_failed(&self.late()),
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

    /// Makes commits together, again and again until they are made or refused or their time is
    /// up, and tells each what became of it. What may have been committed without an answer is
    /// settled so: its id is known then.
    async fn make_all(&self, brand: BrandId, mut group: Vec<Waiting>) {
        let mut pause = Duration::from_millis(1);
        while let Some(until) = group.iter().map(|one| one.until).min() {
            let commits: Vec<_> = group.iter().map(|one| one.commit.clone()).collect();
            let made = match Instant::now() < until {
                true => make(&self.pool, &self.codec, brand, &commits, until).await,
                false => Err(Broken::before(self.late())),
            };
            let broken = match made {
                Ok(outcomes) => return self.tell(brand, group, outcomes),
                Err(broken) => broken,
            };
            group
                .iter_mut()
                .for_each(|one| one.is_open |= broken.is_open);
            match broken.failed.kind {
                Kind::Lost | Kind::Again => {}
                // One that the server refuses must not keep the others back.
                Kind::Refused if group.len() > 1 => return self.each_alone(brand, group).await,
                Kind::Refused | Kind::Mend => {
                    return group
                        .into_iter()
                        .for_each(|one| one.hear_failed(&broken.failed));
                }
            }
            let next = Instant::now() + pause;
            for late in group.extract_if(.., |one| one.until <= next) {
                late.hear_failed(&broken.failed);
            }
            if group.is_empty() {
                return;
            }
            tokio::time::sleep_until(next).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn each_alone(&self, brand: BrandId, group: Vec<Waiting>) {
        for one in group {
            Box::pin(self.make_all(brand, vec![one])).await;
        }
    }

    fn tell(&self, brand: BrandId, group: Vec<Waiting>, outcomes: Outcomes) {
        if outcomes.iter().any(Result::is_ok) {
            self.bell.ring(brand);
        }
        for (one, outcome) in group.into_iter().zip(outcomes) {
            one.hear(outcome);
        }
    }
}

/// A lane that is being run. Should that stop before the lane is empty (a runtime that is shut
/// down, a fault of this library), those who wait in it are told so, and the brand gets a lane
/// anew.
struct Lane {
    shared: Arc<Shared>,
    brand: BrandId,
    is_closed: bool,
}

impl Lane {
    const fn open(shared: Arc<Shared>, brand: BrandId) -> Self {
        Self {
            shared,
            brand,
            is_closed: false,
        }
    }

    /// Makes what waits in the lane until nothing does.
    async fn run(mut self) {
        loop {
            let Ok(_open) = self.shared.open.acquire().await else {
                return;
            };
            // Those who were just told commit again, if they are let to: then they share the
            // next transaction.
            tokio::task::yield_now().await;
            let next = self.shared.next_of(self.brand);
            if next.is_empty() {
                self.is_closed = true;
                return;
            }
            self.shared.make_all(self.brand, next).await;
        }
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        if !self.is_closed {
            self.shared.lanes().remove(&self.brand);
        }
    }
}

impl Waiting {
    fn hear(self, outcome: Result<Receipt, CommitError>) {
        // Who no longer waits need not be told.
        let _gone = self.told.send(outcome);
    }

    fn hear_failed(self, failed: &Failed) {
        let fault = failed.fault.clone();
        let error = match self.is_open {
            true => CommitError::Unknown(fault),
            false => CommitError::NotCommitted(fault),
        };
        self.hear(Err(error));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_over_the_limit_is_too_large_and_says_by_how_much() {
        assert!(check_size(MOST_BYTES).is_ok());
        let refused = check_size(MOST_BYTES + 1);
        let Err(CommitError::TooLarge { reason }) = refused else {
            panic!("{refused:?}");
        };
        assert!(
            reason.contains("536870913 bytes, over 536870912"),
            "{reason}"
        );
    }
}
