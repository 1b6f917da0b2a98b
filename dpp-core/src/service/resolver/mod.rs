//! Resolving scans: the decision of [`resolver`](crate::resolver) with the facts that it asks for.
//!
//! Facts are kept for some seconds in bounded caches. What strangers can make up (hosts, GTINs,
//! ids and serials that there are not) makes the stores be asked a bounded number of times,
//! however much of it there is. A wrong tag costs no question at all once its batch is known.

mod bring;
mod budget;
mod cache;
mod index;
mod settings;
mod stats;

use std::fmt::Debug;
use std::net::IpAddr;
use std::sync::Arc;

use super::errors::UnitError;
use super::{ActivateAnswer, MintService};
use crate::access::Caller;
use crate::ids::BrandId;
use crate::resolver::{
    Activation, Answer, CONFORMANT_HEADERS, CoarseLocation, Decision, Facts, Outcome, Scan,
    ScanRecord, ScanRequest, Step, Visitor, decide,
};
use crate::store::log::ReadError;
use crate::store::{CatalogueError, EventStore, ReadStore, ReadStoreError, Sites};
use crate::time::Timestamp;
use crate::unit::UnitStatus;
use bring::Brought;
use stats::Counts;

pub use settings::ResolverSettings;
pub use stats::ResolverStats;

/// Tells roughly where an address is. A closure is one. It is asked for each scan, so it must be
/// quick: a table in memory.
pub trait Locator: Send + Sync {
    /// Roughly where it is; none if that is not known.
    fn locate(&self, address: IpAddr) -> Option<CoarseLocation>;
}

impl<F: Fn(IpAddr) -> Option<CoarseLocation> + Send + Sync> Locator for F {
    fn locate(&self, address: IpAddr) -> Option<CoarseLocation> {
        self(address)
    }
}

/// Takes the records of scans. It must not wait: who scans waits for it.
pub trait ScanSink: Send + Sync {
    /// Takes one, or drops it.
    fn push(&self, record: ScanRecord);
}

/// Answers whoever scans a code.
///
/// Cloning it is cheap, and the clones are one.
#[derive(Clone)]
pub struct Resolver {
    inner: Arc<Inner>,
    locator: Option<Arc<dyn Locator>>,
    scans: Option<Arc<dyn ScanSink>>,
}

struct Inner {
    service: MintService,
    sites: Arc<dyn Sites>,
    settings: ResolverSettings,
    brought: Brought,
    counts: Counts,
}

/// Why a fact could not be brought.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResolverError {
    /// Too much is asked for that there is not. Whoever asks gets 503, and may ask again.
    #[error("too many unknown links are asked for")]
    Busy,
    /// The log failed.
    #[error(transparent)]
    Log(#[from] ReadError),
    /// The reads beside the log failed.
    #[error(transparent)]
    Reads(#[from] ReadStoreError),
    /// The host's catalogue failed.
    #[error(transparent)]
    Sites(#[from] CatalogueError),
}

/// What a request is answered, and what the host should know of it.
#[derive(Debug)]
pub struct Resolved {
    /// What it is answered.
    pub answer: Answer,
    /// Why.
    pub outcome: Outcome,
    /// What became of what it was to make active.
    pub activated: Vec<Result<ActivateAnswer, UnitError>>,
    /// Why it could not be told, if a store or the catalogue failed. Write it to the host's own
    /// log: whoever asked only got a 503.
    pub failure: Option<ResolverError>,
    conformant: bool,
}

impl Resolved {
    /// All headers of the answer, with names in lower case.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = self.answer.headers();
        let own = CONFORMANT_HEADERS.iter().filter(|_| self.conformant);
        headers.extend(own.map(|(name, value)| (*name, (*value).to_owned())));
        headers
    }

    fn of(decision: Decision) -> Self {
        Self {
            answer: decision.answer,
            outcome: decision.outcome,
            activated: Vec::new(),
            failure: None,
            conformant: decision.conformant,
        }
    }
}

/// A decision asks for a handful of facts; one that asked for ever more would be a bug, and must
/// not hang a request.
const MOST_FACTS: usize = 4_096;

impl Resolver {
    /// A resolver of what this service mints, with these sites.
    pub fn new(service: MintService, sites: Arc<dyn Sites>, settings: ResolverSettings) -> Self {
        let brought = Brought::new(&settings);
        // The first look at a user agent takes some milliseconds; no scan shall wait for it.
        Visitor::of(None);
        Self {
            inner: Arc::new(Inner {
                service,
                sites,
                settings,
                brought,
                counts: Counts::default(),
            }),
            locator: None,
            scans: None,
        }
    }

    /// The same, with somebody who takes the records of scans. Without that none is kept.
    #[must_use]
    pub fn with_scans(self, scans: Arc<dyn ScanSink>) -> Self {
        Self {
            scans: Some(scans),
            ..self
        }
    }

    /// The same, with somebody who tells roughly where scans come from.
    #[must_use]
    pub fn with_locator(self, locator: Arc<dyn Locator>) -> Self {
        Self {
            locator: Some(locator),
            ..self
        }
    }

    /// Answers a request. It never fails: what cannot be told is answered with 503, and its cause
    /// is in [`Resolved::failure`].
    ///
    /// What a first scan makes active is active when this returns, unless
    /// [`Resolved::activated`] has an error; the scan is led on all the same, and the next one
    /// tries again. Telemetry is never waited for.
    pub async fn resolve(&self, request: &ScanRequest<'_>, now: Timestamp) -> Resolved {
        let resolved = self.resolved(request, now).await;
        self.counts().note(resolved.outcome);
        resolved
    }

    async fn resolved(&self, request: &ScanRequest<'_>, now: Timestamp) -> Resolved {
        let visitor = |agent: Option<&[u8]>| self.brought().visitor(agent, now);
        let scan = match Scan::read_by(request, now, visitor) {
            Ok(scan) => scan,
            Err(reason) => return Resolved::of(Decision::refused(&reason)),
        };
        let mut facts = Facts::default();
        for _ in 0..MOST_FACTS {
            match decide(&scan, &facts) {
                Step::Decided(decision) => {
                    let client = request.client;
                    return self.carry_out(*decision, &facts, client, now).await;
                }
                Step::Needs(need) if self.recall(&scan, &mut facts, need) => {}
                Step::Needs(need) => {
                    // Boxed, since a scan that needs no more than is at hand should not carry it.
                    let brought = Box::pin(self.bring(&scan, &mut facts, need));
                    if let Err(error) = brought.await {
                        let failure =
                            Some(error).filter(|error| !matches!(error, ResolverError::Busy));
                        return Resolved {
                            failure,
                            ..Resolved::of(Decision::unavailable())
                        };
                    }
                }
            }
        }
        Resolved::of(Decision::unavailable())
    }

    async fn carry_out(
        &self,
        mut decision: Decision,
        facts: &Facts,
        client: Option<IpAddr>,
        now: Timestamp,
    ) -> Resolved {
        let mut activated = Vec::new();
        if let Some(brand) = facts.site().map(|site| site.brand) {
            for one in &decision.activate {
                activated.push(Box::pin(self.activate(brand, one, now)).await);
            }
        }
        if let (Some(scans), Some(mut record)) = (&self.scans, decision.record.take()) {
            let locator = self.locator.as_ref();
            record.location = locator
                .zip(client)
                .and_then(|(locator, client)| locator.locate(client));
            scans.push(record);
        }
        Resolved {
            activated,
            ..Resolved::of(decision)
        }
    }

    async fn activate(
        &self,
        brand: BrandId,
        what: &Activation,
        now: Timestamp,
    ) -> Result<ActivateAnswer, UnitError> {
        let (service, caller) = (self.service(), Caller::scan());
        let answer = match what {
            Activation::Unit { id, .. } => service.activate_unit(&caller, brand, *id, now).await,
            Activation::Lot { id, .. } => service.activate_lot(&caller, brand, *id, now).await,
        };
        let counts = self.counts();
        match &answer {
            Ok(ActivateAnswer::Activated(_)) => counts.note_activated(),
            Ok(ActivateAnswer::AlreadyActive | ActivateAnswer::Revoked) => {}
            Err(_) => counts.note_failed_activation(),
        }
        let status = answer.as_ref().ok().map(|answer| match answer {
            ActivateAnswer::Activated(_) | ActivateAnswer::AlreadyActive => UnitStatus::Active,
            ActivateAnswer::Revoked => UnitStatus::Revoked,
        });
        if let Some(status) = status {
            self.brought().note_status(brand, what.place(), status, now);
        }
        answer
    }

    /// What became of all requests so far.
    pub fn stats(&self) -> ResolverStats {
        self.counts().now()
    }

    fn counts(&self) -> &Counts {
        &self.inner.counts
    }

    fn service(&self) -> &MintService {
        &self.inner.service
    }

    fn sites(&self) -> &dyn Sites {
        self.inner.sites.as_ref()
    }

    fn settings(&self) -> &ResolverSettings {
        &self.inner.settings
    }

    fn brought(&self) -> &Brought {
        &self.inner.brought
    }

    fn reads(&self) -> &dyn ReadStore {
        self.service().read_store()
    }

    fn log(&self) -> &dyn EventStore {
        self.service().journal().store()
    }
}

impl Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resolver")
            .field("sites", &self.inner.sites)
            .field("settings", &self.inner.settings)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}
