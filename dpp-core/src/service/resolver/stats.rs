//! What became of requests, counted.

use std::array;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::ResolverError;
use crate::resolver::{NotFound, Outcome};

/// What became of the requests so far. A stranger is never told why: it is counted here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ResolverStats {
    /// Led on to a page.
    pub redirected: u64,
    /// Bots that got a page.
    pub previewed: u64,
    /// Linksets, descriptions, and what may be asked.
    pub described: u64,
    /// What no valid link looks like.
    pub malformed: u64,
    /// Methods that a resolver does not have.
    pub methods: u64,
    /// What could not be told, because a store failed or too much was asked.
    pub unavailable: u64,
    /// Hosts that no brand has.
    pub unknown_brands: u64,
    /// GTINs that no product of the brand has or had.
    pub unknown_gtins: u64,
    /// Serials that were never handed out.
    pub unknown_serials: u64,
    /// Batches, and units and lots of such, that the brand does not have.
    pub unknown_batches: u64,
    /// Lots that the brand does not have.
    pub unknown_lots: u64,
    /// Ids and serials beyond their batch: made up.
    pub beyond_batch: u64,
    /// Ids and serials with a wrong tag: made up or altered.
    pub wrong_tags: u64,
    /// Serials under the GTIN of another product.
    pub other_gtins: u64,
    /// Units and lots that were not made.
    pub not_made: u64,
    /// Link types that there is no link of.
    pub unknown_link_types: u64,
    /// Units and lots that this resolver made active.
    pub activated: u64,
    /// Activations that failed; the next scan tries again.
    pub failed_activations: u64,
    /// Answers that an older one had to stand in for, because a store or the catalogue failed.
    pub stale: u64,
    /// The last failure that an older answer stood in for.
    pub last_stale: Option<String>,
}

/// Counts, without a lock where it has to be quick.
#[derive(Debug)]
pub(super) struct Counts {
    outcomes: [AtomicU64; 6],
    not_found: [AtomicU64; NotFound::ALL.len()],
    activated: AtomicU64,
    failed_activations: AtomicU64,
    stale: AtomicU64,
    last_stale: Mutex<Option<String>>,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            outcomes: array::from_fn(|_| AtomicU64::new(0)),
            not_found: array::from_fn(|_| AtomicU64::new(0)),
            activated: AtomicU64::new(0),
            failed_activations: AtomicU64::new(0),
            stale: AtomicU64::new(0),
            last_stale: Mutex::default(),
        }
    }
}

fn add(counter: Option<&AtomicU64>) {
    if let Some(counter) = counter {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

impl Counts {
    pub(super) fn note(&self, outcome: Outcome) {
        let number = match outcome {
            Outcome::Redirected => 0,
            Outcome::Previewed => 1,
            Outcome::Described => 2,
            Outcome::Malformed => 3,
            Outcome::Method => 4,
            Outcome::Unavailable => 5,
            Outcome::NotFound(reason) => {
                let place = NotFound::ALL.iter().position(|one| *one == reason);
                return add(place.and_then(|place| self.not_found.get(place)));
            }
        };
        add(self.outcomes.get(number));
    }

    pub(super) fn note_activated(&self) {
        add(Some(&self.activated));
    }

    pub(super) fn note_failed_activation(&self) {
        add(Some(&self.failed_activations));
    }

    pub(super) fn note_stale(&self, error: &ResolverError) {
        add(Some(&self.stale));
        *self.last_stale() = Some(error.to_string());
    }

    fn last_stale(&self) -> MutexGuard<'_, Option<String>> {
        self.last_stale
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> ResolverStats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let [
            redirected,
            previewed,
            described,
            malformed,
            methods,
            unavailable,
        ] = self.outcomes.each_ref().map(read);
        let not_found = |reason: NotFound| {
            let place = NotFound::ALL.iter().position(|one| *one == reason);
            place
                .and_then(|place| self.not_found.get(place))
                .map_or(0, read)
        };
        ResolverStats {
            redirected,
            previewed,
            described,
            malformed,
            methods,
            unavailable,
            unknown_brands: not_found(NotFound::Brand),
            unknown_gtins: not_found(NotFound::Gtin),
            unknown_serials: not_found(NotFound::Serial),
            unknown_batches: not_found(NotFound::Batch),
            unknown_lots: not_found(NotFound::Lot),
            beyond_batch: not_found(NotFound::Beyond),
            wrong_tags: not_found(NotFound::WrongTag),
            other_gtins: not_found(NotFound::OtherGtin),
            not_made: not_found(NotFound::NotMade),
            unknown_link_types: not_found(NotFound::LinkType),
            activated: read(&self.activated),
            failed_activations: read(&self.failed_activations),
            stale: read(&self.stale),
            last_stale: self.last_stale().clone(),
        }
    }
}
