//! What had happened up to a moment, event by event.

use std::sync::Arc;

use crate::mint::{BatchStatus, MintBatch, MintEvent, evolve};
use crate::reason::Reason;
use crate::store::BatchRecord;
use crate::store::log::{Position, RecordedEvent};
use crate::time::Timestamp;
use crate::unit::{UnitStatus, UnitsOfBatch};

/// When something happened. What came first is told by the feed: the clocks of hosts differ.
#[derive(Debug, Clone, Copy)]
pub(in crate::read) struct Moment {
    pub(super) position: Position,
    pub(super) at: Timestamp,
}

impl Moment {
    pub(super) const fn of(recorded: &RecordedEvent) -> Self {
        Self {
            position: recorded.position,
            at: recorded.event.metadata.at,
        }
    }
}

/// What happened to a batch up to a moment.
pub(super) struct PastBatch {
    /// The batch as it stands now: its codes never change.
    pub(super) record: Arc<BatchRecord>,
    pub(super) batch: MintBatch,
    pub(super) changed_at: Timestamp,
    /// The index after the last unit of each cycle, and when it was.
    cycles: Vec<(u32, Moment)>,
    pub(super) voided: Option<(Moment, Option<Reason>)>,
}

impl PastBatch {
    /// What the first event of a batch makes; `record` is the batch as it stands now.
    pub(super) fn first(
        record: &Arc<BatchRecord>,
        moment: Moment,
        event: &MintEvent,
    ) -> Option<Self> {
        Some(Self {
            record: record.clone(),
            batch: evolve(None, event)?,
            changed_at: moment.at,
            cycles: Vec::new(),
            voided: None,
        })
    }

    pub(super) fn after(mut self, moment: Moment, event: &MintEvent) -> Self {
        self.changed_at = moment.at;
        let (minted, status) = (self.batch.minted, self.batch.status);
        if let Some(batch) = evolve(Some(self.batch.clone()), event) {
            self.batch = batch;
        }
        if self.batch.minted > minted {
            self.cycles.push((self.batch.minted, moment));
        }
        if self.batch.status == BatchStatus::Voided && status != BatchStatus::Voided {
            self.voided = Some((moment, reason_of(event)));
        }
        self
    }

    pub(super) fn of_units(&self) -> UnitsOfBatch<'_> {
        UnitsOfBatch::of(&self.batch)
    }

    pub(super) fn made_at(&self, index: u32) -> Option<Moment> {
        let cycle = self.cycles.iter().find(|(end, _)| index < *end);
        cycle.map(|(_, moment)| *moment)
    }
}

fn reason_of(event: &MintEvent) -> Option<Reason> {
    match event {
        MintEvent::StatusChanged(event) => event.reason.clone(),
        _ => None,
    }
}

/// What happened to a unit up to a moment.
pub(super) struct UnitPast {
    pub(super) born: Moment,
    pub(super) activated: Option<Moment>,
    pub(super) revoked: Option<(Moment, Option<Reason>)>,
}

impl UnitPast {
    /// A unit to which nothing has happened since it was made.
    pub(super) fn new(born: Moment, status: UnitStatus) -> Self {
        Self {
            born,
            activated: (status == UnitStatus::Active).then_some(born),
            revoked: None,
        }
    }

    pub(super) fn activate(&mut self, moment: Moment) {
        let moment = self.since_birth(moment);
        let known = self.activated.as_ref();
        if known.is_none_or(|known| moment.position < known.position) {
            self.activated = Some(moment);
        }
    }

    pub(super) fn revoke(&mut self, moment: Moment, reason: Option<Reason>) {
        let moment = self.since_birth(moment);
        let known = self.revoked.as_ref();
        if known.is_none_or(|(known, _)| moment.position < known.position) {
            self.revoked = Some((moment, reason));
        }
    }

    /// What happened before the unit was made, to its lot say, is true of it from its birth on.
    fn since_birth(&self, moment: Moment) -> Moment {
        match moment.position < self.born.position {
            true => self.born,
            false => moment,
        }
    }

    pub(super) const fn status(&self) -> UnitStatus {
        match self {
            Self {
                revoked: Some(_), ..
            } => UnitStatus::Revoked,
            Self {
                activated: Some(_), ..
            } => UnitStatus::Active,
            _ => UnitStatus::Minted,
        }
    }
}
