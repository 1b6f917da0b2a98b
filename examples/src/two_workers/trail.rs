//! What the log tells of the job: who took it, and who made which units.

use std::ops::Range;
use std::sync::Arc;

use dpp_core::identity::MintBatchId;
use dpp_core::mint::MintEvent;
use dpp_core::store::log::{
    Actor, PageLimit, RecordedEvent, StreamId, StreamKind, Version, WorkerName,
};
use dpp_core::store::{Codec, EventStore};
use dpp_core::{BrandId, Timestamp};

use super::TwoWorkersError;

/// Somebody took the job.
#[derive(Debug, Clone)]
pub(super) struct Hold {
    pub(super) worker: WorkerName,
    pub(super) at: Timestamp,
    /// How many units had been made before.
    pub(super) before: u32,
}

/// Somebody made units.
#[derive(Debug, Clone)]
pub(super) struct Cycle {
    pub(super) worker: WorkerName,
    pub(super) units: Range<u32>,
}

impl Cycle {
    const fn made(&self) -> u32 {
        self.units.end - self.units.start
    }
}

/// The stream of the batch, as far as it was read.
pub(super) struct Trail {
    log: Arc<dyn EventStore>,
    brand: BrandId,
    stream: StreamId,
    next: Version,
    holds: Vec<Hold>,
    cycles: Vec<Cycle>,
    is_over: bool,
}

impl Trail {
    pub(super) fn of(log: Arc<dyn EventStore>, brand: BrandId, batch: MintBatchId) -> Self {
        Self {
            log,
            brand,
            stream: StreamId::new(StreamKind::MintBatch, *batch.as_uuid()),
            next: Version::FIRST,
            holds: Vec::new(),
            cycles: Vec::new(),
            is_over: false,
        }
    }

    /// Reads what was written since. Tells whether there was anything.
    pub(super) async fn read_on(&mut self) -> Result<bool, TwoWorkersError> {
        let (brand, stream) = (self.brand, self.stream);
        let from = self.next;
        loop {
            let page = self
                .log
                .read_stream(brand, stream, self.next, PageLimit::MAX);
            let page = page.await?;
            for event in &page.events {
                self.tell(event)?;
                self.next = event.version.next();
            }
            if page.next.is_none() {
                return Ok(self.next != from);
            }
        }
    }

    fn tell(&mut self, recorded: &RecordedEvent) -> Result<(), TwoWorkersError> {
        let event = Codec::new().decode(&recorded.event)?;
        let metadata = &recorded.event.metadata;
        match (event, &metadata.actor) {
            (MintEvent::Reserved(_) | MintEvent::TakenOver(_), Actor::Worker(worker)) => {
                self.holds.push(Hold {
                    worker: worker.clone(),
                    at: metadata.at,
                    before: self.made(),
                });
            }
            (MintEvent::CycleMinted(cycle), Actor::Worker(worker)) => self.cycles.push(Cycle {
                worker: worker.clone(),
                units: cycle.from..cycle.from.saturating_add(cycle.count),
            }),
            (MintEvent::Completed(_) | MintEvent::Failed(_) | MintEvent::Cancelled(_), _) => {
                self.is_over = true;
            }
            _ => {}
        }
        Ok(())
    }

    /// Who took the job, in order.
    pub(super) fn holds(&self) -> &[Hold] {
        &self.holds
    }

    /// What was made, in order.
    pub(super) fn cycles(&self) -> &[Cycle] {
        &self.cycles
    }

    /// Whether nothing more will happen to the job.
    pub(super) const fn is_over(&self) -> bool {
        self.is_over
    }

    /// How many units were made.
    pub(super) fn made(&self) -> u32 {
        self.cycles.iter().map(Cycle::made).sum()
    }

    /// How many of them this worker made, and in how many cycles.
    pub(super) fn made_by(&self, worker: &WorkerName) -> (u32, u32) {
        let own = self.cycles.iter().filter(|cycle| cycle.worker == *worker);
        own.fold((0, 0), |(units, cycles), cycle| {
            (units + cycle.made(), cycles + 1)
        })
    }
}
