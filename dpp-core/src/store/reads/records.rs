//! What the read port tells of.

use crate::gs1::Serial;
use crate::identity::{MintBatchId, MintJobId};
use crate::ids::BrandId;
use crate::mint::{JobStatus, MintBatch, MintEvent, evolve};
use crate::time::Timestamp;
use crate::unit::{UnitCounts, UnitsOfBatch};

use super::error::ReadStoreError;

/// The place of a job, and of its batch, among those of a brand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobKey {
    /// When the job was accepted.
    pub accepted_at: Timestamp,
    /// The batch.
    pub batch: MintBatchId,
}

/// A job that a worker may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunnableJob {
    /// The brand.
    pub brand: BrandId,
    /// The job.
    pub job: MintJobId,
    /// When it was accepted.
    pub accepted_at: Timestamp,
}

/// The jobs that a worker may take.
#[derive(Debug, Clone, Default)]
pub struct RunnableJobs {
    /// The jobs, the one that was accepted first in front.
    pub jobs: Vec<RunnableJob>,
    /// Why brands were left out: an error of each.
    pub unreadable: Vec<ReadStoreError>,
}

/// A job and its batch, as reads tell of them.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchRecord {
    /// When the job was accepted, be it as a draft: the time of its stream's first event.
    pub accepted_at: Timestamp,
    /// When something last happened to it: the time of its stream's last event. What happens
    /// to its units by themselves, or together, has streams of its own.
    pub changed_at: Timestamp,
    /// Where it stands.
    pub batch: MintBatch,
    /// The runs of units that were made at the same moment, in unit order: a cycle that has the
    /// time of the one before it is of the same run.
    pub cycles: Vec<CycleRecord>,
    /// Why the job failed, or its last cycle; none once a cycle made units again.
    pub failure: Option<String>,
    /// How many of its units stand where.
    pub units: UnitCounts,
}

/// Units that were made at the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CycleRecord {
    /// The index after the last of them.
    pub end: u32,
    /// When they were made.
    pub at: Timestamp,
}

impl BatchRecord {
    /// The record of a batch after the first event of its stream.
    pub fn accepted(batch: MintBatch, at: Timestamp) -> Self {
        Self {
            accepted_at: at,
            changed_at: at,
            batch,
            cycles: Vec::new(),
            failure: None,
            units: UnitCounts::default(),
        }
    }

    /// Takes in the next event of the batch's stream. The counts of its units do not follow
    /// from that alone: set them with [`UnitsOfBatch::count`].
    pub fn evolve(&mut self, event: &MintEvent, at: Timestamp) {
        let before = self.batch.minted;
        if let Some(batch) = evolve(Some(self.batch.clone()), event) {
            self.batch = batch;
        }
        self.changed_at = at;
        match event {
            MintEvent::CycleMinted(_) if self.batch.minted > before => {
                self.note_cycle(at);
                self.failure = None;
            }
            MintEvent::CycleFailed(failed) => self.failure = Some(failed.reason.clone()),
            MintEvent::Failed(failed) => self.failure = Some(failed.reason.clone()),
            _ => {}
        }
    }

    fn note_cycle(&mut self, at: Timestamp) {
        let end = self.batch.minted;
        match self.cycles.last_mut().filter(|last| last.at == at) {
            Some(last) => last.end = end,
            None => self.cycles.push(CycleRecord { end, at }),
        }
    }

    /// Its place among those of its brand.
    pub fn key(&self) -> JobKey {
        JobKey {
            accepted_at: self.accepted_at,
            batch: self.batch.facts.mint_batch_id,
        }
    }

    /// Where its job stands.
    pub fn job(&self) -> JobStatus {
        self.batch.job
    }

    /// What it says of all of its units.
    pub fn of_units(&self) -> UnitsOfBatch<'_> {
        UnitsOfBatch::of(&self.batch)
    }

    /// When the unit with this index was made; none if it was not yet.
    pub fn made_at(&self, index: u32) -> Option<Timestamp> {
        let number = self.cycles.partition_point(|cycle| cycle.end <= index);
        self.cycles.get(number).map(|cycle| cycle.at)
    }
}

/// A serial that a brand brought itself, and whose it is. Serials come before ids: that is
/// their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProvidedSerial {
    /// The serial.
    pub serial: Serial,
    /// The batch that it was brought for.
    pub batch: MintBatchId,
    /// The index of its unit, which may not be made yet.
    pub index: u32,
}

impl ProvidedSerial {
    /// What no serial that begins with this text comes before; none if no serial can begin
    /// with it.
    pub(crate) fn before_all(prefix: &str) -> Option<Self> {
        let least = match prefix {
            "" => "!",
            _ => prefix,
        };
        Some(Self {
            serial: Serial::parse(least).ok()?,
            batch: MintBatchId::LEAST,
            index: 0,
        })
    }
}

/// What is counted of a brand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BrandCounters {
    /// Its units, and how many stand where.
    pub units: UnitCounts,
    /// How many batches there are, drafts and failed ones included.
    pub batches: u64,
    /// How many exports were completed.
    pub completed_exports: u64,
}
