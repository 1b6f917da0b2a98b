//! Units and batches as they stood at a time or at a position of the feed.

mod moments;
mod statuses;

use serde::Serialize;

use crate::access::BrandScope;
use crate::identity::{MintBatchId, MintUnitId};
use crate::mint::{BatchStatus, JobStatus, MintEvent};
use crate::read::locate::Located;
use crate::read::reads::{Reads, ReadsError};
use crate::reason::Reason;
use crate::store::TypedEvents;
use crate::store::log::{PageLimit, Position, RecordedEvent, StreamId, StreamKind, Version};
use crate::time::Timestamp;
use crate::unit::{LotEvent, UnitEvent, UnitStatus, UnitsEvent};
use moments::{Moment, PastBatch, UnitPast};
pub use statuses::UnitStatuses;

/// A moment of a brand's past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// With all that had happened up to this time, itself included, by the hosts' clocks.
    Time(Timestamp),
    /// With all events up to this position of the brand's feed, itself included.
    Position(Position),
    /// With all that has happened.
    Now,
}

impl AsOf {
    fn has(self, recorded: &RecordedEvent) -> bool {
        match self {
            Self::Time(time) => recorded.event.metadata.at <= time,
            Self::Position(position) => recorded.position <= position,
            Self::Now => true,
        }
    }

    /// Whether nothing behind this event in the feed can be of that moment.
    fn ends_at(self, recorded: &RecordedEvent) -> bool {
        matches!(self, Self::Position(position) if position < recorded.position)
    }
}

/// A batch as it stood at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BatchAsOf {
    /// The batch.
    pub mint_batch_id: MintBatchId,
    /// Where it stood.
    pub status: BatchStatus,
    /// Where its job stood.
    pub job_status: JobStatus,
    /// How many units had been made.
    pub minted: u32,
    /// How many of these were active.
    pub active: u64,
    /// How many of these were revoked.
    pub revoked: u64,
    /// When something had last happened to it, or to its job.
    pub changed_at: Timestamp,
}

/// A unit as it stood at a moment, and how it came there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnitAsOf {
    /// The unit.
    pub mint_unit_id: MintUnitId,
    /// Its batch.
    pub mint_batch_id: MintBatchId,
    /// Its place in its batch, from 0.
    pub index: u32,
    /// Where it stood.
    pub status: UnitStatus,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it became active first, by itself, with its lot, or at its birth.
    pub activated_at: Option<Timestamp>,
    /// When it was revoked first, by itself, with others, or with its batch.
    pub revoked_at: Option<Timestamp>,
    /// Why it was.
    pub revoked_because: Option<Reason>,
}

const PAGE: PageLimit = PageLimit::new(1_000);

impl Reads {
    /// A batch as it stood at a moment; none if the brand had no such.
    ///
    /// Its counts of units take as long as
    /// [`unit_statuses_as_of`](Self::unit_statuses_as_of).
    ///
    /// # Errors
    /// [`ReadsError::Store`] when the log fails; [`ReadsError::Decode`] when it has what this
    /// release cannot read.
    pub async fn batch_as_of(
        &self,
        scope: &BrandScope,
        batch: MintBatchId,
        as_of: AsOf,
    ) -> Result<Option<BatchAsOf>, ReadsError> {
        let Some(past) = self.past_batch(scope, batch, as_of).await? else {
            return Ok(None);
        };
        let exceptions = self.past_exceptions(scope, &past, as_of).await?;
        let counts = past.of_units().count(&exceptions);
        Ok(Some(BatchAsOf {
            mint_batch_id: batch,
            status: past.batch.status,
            job_status: past.batch.job,
            minted: past.batch.minted,
            active: counts.active,
            revoked: counts.revoked,
            changed_at: past.changed_at,
        }))
    }

    /// A unit as it stood at a moment; none if the brand had no such, or had not made it yet.
    ///
    /// # Errors
    /// As [`batch_as_of`](Self::batch_as_of).
    pub async fn unit_as_of(
        &self,
        scope: &BrandScope,
        unit: MintUnitId,
        as_of: AsOf,
    ) -> Result<Option<UnitAsOf>, ReadsError> {
        let Located::Unit { batch, index } = self.locate_unit(scope, unit).await? else {
            return Ok(None);
        };
        let Some(past) = self.past_batch(scope, batch, as_of).await? else {
            return Ok(None);
        };
        let Some(born) = past.made_at(index) else {
            return Ok(None);
        };
        let mut life = UnitPast::new(born, past.of_units().born);
        self.follow_unit(scope, unit, as_of, &mut life).await?;
        self.follow_lot(scope, &past, index, as_of, &mut life)
            .await?;
        self.follow_revocations(scope, batch, index, as_of, &mut life)
            .await?;
        if let Some((moment, reason)) = past.voided {
            life.revoke(moment, reason);
        }
        let status = life.status();
        let (revoked, revoked_because) = life.revoked.unzip();
        Ok(Some(UnitAsOf {
            mint_unit_id: unit,
            mint_batch_id: batch,
            index,
            status,
            created_at: born.at,
            activated_at: life.activated.map(|moment| moment.at),
            revoked_at: revoked.map(|moment| moment.at),
            revoked_because: revoked_because.flatten(),
        }))
    }

    async fn follow_unit(
        &self,
        scope: &BrandScope,
        unit: MintUnitId,
        as_of: AsOf,
        life: &mut UnitPast,
    ) -> Result<(), ReadsError> {
        let stream = StreamId::new(StreamKind::MintUnit, *unit.as_uuid());
        for (moment, event) in self.past::<UnitEvent>(scope, stream, as_of).await? {
            match event {
                UnitEvent::Activated(_) => life.activate(moment),
                UnitEvent::Revoked(event) => life.revoke(moment, Some(event.reason)),
            }
        }
        Ok(())
    }

    async fn follow_lot(
        &self,
        scope: &BrandScope,
        past: &PastBatch,
        index: u32,
        as_of: AsOf,
        life: &mut UnitPast,
    ) -> Result<(), ReadsError> {
        let number = past.batch.facts.lots.number_of(index);
        let units = self.units_of(&past.record);
        let lot = units
            .zip(number)
            .and_then(|(units, number)| units.lot_ids().get(number).copied());
        let Some(lot) = lot else { return Ok(()) };
        let stream = StreamId::new(StreamKind::MintLot, *lot.as_uuid());
        for (moment, event) in self.past(scope, stream, as_of).await? {
            match event {
                LotEvent::Activated(_) => life.activate(moment),
            }
        }
        Ok(())
    }

    async fn follow_revocations(
        &self,
        scope: &BrandScope,
        batch: MintBatchId,
        index: u32,
        as_of: AsOf,
        life: &mut UnitPast,
    ) -> Result<(), ReadsError> {
        let stream = revocations_of(batch);
        for (moment, event) in self.past(scope, stream, as_of).await? {
            let UnitsEvent::Revoked(event) = event;
            if event.units.contains(index) {
                life.revoke(moment, Some(event.reason));
            }
        }
        Ok(())
    }

    /// What happened to a batch up to a moment; none if it was not there yet.
    async fn past_batch(
        &self,
        scope: &BrandScope,
        batch: MintBatchId,
        as_of: AsOf,
    ) -> Result<Option<PastBatch>, ReadsError> {
        let Some(record) = self.store.batch(scope.brand(), batch).await? else {
            return Ok(None);
        };
        let stream = StreamId::new(StreamKind::MintBatch, *batch.as_uuid());
        let mut past: Option<PastBatch> = None;
        for (moment, event) in self.past::<MintEvent>(scope, stream, as_of).await? {
            past = match past {
                Some(past) => Some(past.after(moment, &event)),
                None => PastBatch::first(&record, moment, &event),
            };
        }
        Ok(past)
    }

    /// The events of a stream up to a moment. The first that lies behind it ends them, so that
    /// they are a beginning of the stream whatever the clocks said.
    pub(in crate::read) async fn past<E: TypedEvents>(
        &self,
        scope: &BrandScope,
        stream: StreamId,
        as_of: AsOf,
    ) -> Result<Vec<(Moment, E)>, ReadsError> {
        let mut past = Vec::new();
        let mut from = Some(Version::FIRST);
        while let Some(version) = from {
            let page = self
                .log
                .read_stream(scope.brand(), stream, version, PAGE)
                .await?;
            for recorded in &page.events {
                if !as_of.has(recorded) {
                    return Ok(past);
                }
                past.push((Moment::of(recorded), self.decoded(recorded)?));
            }
            from = page.next;
        }
        Ok(past)
    }

    fn decoded<E: TypedEvents>(&self, recorded: &RecordedEvent) -> Result<E, ReadsError> {
        let decoded = self.codec.decode(&recorded.event);
        decoded.map_err(|source| ReadsError::Decode {
            event: recorded.event.metadata.event_id,
            source,
        })
    }
}

fn revocations_of(batch: MintBatchId) -> StreamId {
    StreamId::new(StreamKind::UnitRevocations, *batch.as_uuid())
}

/// Whether an event of a unit is of one of this batch, which its id begins with.
fn is_of(batch: MintBatchId, recorded: &RecordedEvent) -> bool {
    let unit = MintUnitId::try_from(*recorded.stream.id());
    unit.is_ok_and(|unit| unit.batch_prefix() == batch.prefix())
}
