//! Where every unit of a batch stood at a moment.

use std::collections::HashSet;
use std::sync::Arc;

use super::moments::PastBatch;
use super::{AsOf, PAGE, is_of, revocations_of};
use crate::access::BrandScope;
use crate::identity::{Lots, MintBatchId};
use crate::read::reads::{Reads, ReadsError};
use crate::read::units::BatchUnits;
use crate::store::log::{Position, StreamId, StreamKind, Version};
use crate::store::{EntityKind, EventQuery, Order};
use crate::unit::{
    LotEvent, UnitCounts, UnitEvent, UnitExceptions, UnitSet, UnitStatus, UnitsEvent, UnitsOfBatch,
};

/// Where every unit of a batch stood at a moment. Cloning it is cheap.
#[derive(Debug, Clone)]
pub struct UnitStatuses {
    inner: Arc<Statuses>,
}

#[derive(Debug)]
struct Statuses {
    batch: MintBatchId,
    made: u32,
    born: UnitStatus,
    growing: bool,
    voided: bool,
    lots: Lots,
    exceptions: UnitExceptions,
}

impl UnitStatuses {
    /// Those of units to which nothing happened since they were made.
    pub fn at_mint(units: &BatchUnits) -> Self {
        let record = units.record();
        let batch = record.batch.facts.mint_batch_id;
        let of_units = UnitsOfBatch {
            voided: false,
            ..record.of_units()
        };
        Self::new(batch, of_units, UnitExceptions::default())
    }

    fn new(batch: MintBatchId, of_units: UnitsOfBatch<'_>, exceptions: UnitExceptions) -> Self {
        Self {
            inner: Arc::new(Statuses {
                batch,
                made: of_units.made,
                born: of_units.born,
                growing: of_units.growing,
                voided: of_units.voided,
                lots: of_units.lots.clone(),
                exceptions,
            }),
        }
    }

    fn of_units(&self) -> UnitsOfBatch<'_> {
        UnitsOfBatch {
            made: self.inner.made,
            born: self.inner.born,
            growing: self.inner.growing,
            voided: self.inner.voided,
            lots: &self.inner.lots,
        }
    }

    /// The batch.
    pub fn batch(&self) -> MintBatchId {
        self.inner.batch
    }

    /// How many units had been made.
    pub fn made(&self) -> u32 {
        self.inner.made
    }

    /// Where a unit stood, or would have stood if it had been made.
    pub fn status(&self, index: u32) -> UnitStatus {
        self.of_units().status(&self.inner.exceptions, index)
    }

    /// How many units stood where.
    pub fn counts(&self) -> UnitCounts {
        self.of_units().count(&self.inner.exceptions)
    }
}

impl Reads {
    /// Where every unit of a batch stood at a moment; none if the brand had no such batch.
    ///
    /// As of a position this takes what stands now, and goes through what happened to units of
    /// the brand since; as of a time, or if many units of the batch were revoked together since,
    /// it goes through all that happened to them.
    ///
    /// # Errors
    /// As [`batch_as_of`](Self::batch_as_of).
    pub async fn unit_statuses_as_of(
        &self,
        scope: &BrandScope,
        batch: MintBatchId,
        as_of: AsOf,
    ) -> Result<Option<UnitStatuses>, ReadsError> {
        let Some(past) = self.past_batch(scope, batch, as_of).await? else {
            return Ok(None);
        };
        let exceptions = self.past_exceptions(scope, &past, as_of).await?;
        let of_units = past.of_units();
        Ok(Some(UnitStatuses::new(batch, of_units, exceptions)))
    }

    pub(super) async fn past_exceptions(
        &self,
        scope: &BrandScope,
        past: &PastBatch,
        as_of: AsOf,
    ) -> Result<UnitExceptions, ReadsError> {
        let batch = past.batch.facts.mint_batch_id;
        // Before anything else, so that what happens meanwhile is seen below as of after it.
        let now = self.store.unit_exceptions(scope.brand(), batch).await?;
        let (together, ever) = self.revoked_together(scope, batch, as_of).await?;
        let lots = self.past_lots(scope, past, as_of).await?;
        let mut exceptions = UnitExceptions {
            lots,
            ..UnitExceptions::default()
        };
        match as_of {
            AsOf::Position(position) if together == ever => {
                let since = self.since(scope, batch, position).await?;
                exceptions.activated = now.activated.without(&since.activated);
                exceptions.revoked = now.revoked.without(&since.revoked.without(&together));
            }
            _ if now.activated.is_empty() && now.revoked.is_empty() => {}
            _ => {
                exceptions.revoked = together;
                self.past_units(scope, batch, as_of, &mut exceptions)
                    .await?;
            }
        }
        Ok(exceptions)
    }

    /// The units of a batch that were revoked with others up to a moment, and up to now.
    async fn revoked_together(
        &self,
        scope: &BrandScope,
        batch: MintBatchId,
        as_of: AsOf,
    ) -> Result<(UnitSet, UnitSet), ReadsError> {
        let (mut then, mut ever) = (UnitSet::default(), UnitSet::default());
        let stream = revocations_of(batch);
        for (_, event) in self.past(scope, stream, as_of).await? {
            let UnitsEvent::Revoked(event) = event;
            then.add(&event.units);
        }
        for (_, event) in self.past(scope, stream, AsOf::Now).await? {
            let UnitsEvent::Revoked(event) = event;
            ever.add(&event.units);
        }
        Ok((then, ever))
    }

    async fn past_lots(
        &self,
        scope: &BrandScope,
        past: &PastBatch,
        as_of: AsOf,
    ) -> Result<UnitSet, ReadsError> {
        let units = self.units_of(&past.record);
        let lots = units.as_ref().map_or(&[][..], BatchUnits::lot_ids);
        let mut active = UnitSet::default();
        for (lot, number) in lots.iter().zip(0_u32..) {
            let stream = StreamId::new(StreamKind::MintLot, *lot.as_uuid());
            let events = self.past::<LotEvent>(scope, stream, as_of).await?;
            if !events.is_empty() {
                active.insert(number);
            }
        }
        Ok(active)
    }

    /// What happened to units of a batch, one by one, behind a position.
    async fn since(
        &self,
        scope: &BrandScope,
        batch: MintBatchId,
        position: Position,
    ) -> Result<UnitExceptions, ReadsError> {
        let mut since = UnitExceptions::default();
        let query = of_units();
        let mut after = Some(position);
        while after.is_some() {
            let found = self
                .store
                .events(scope.brand(), &query, Order::OldestFirst, after, PAGE);
            let page = found.await?;
            for recorded in page.iter().filter(|recorded| is_of(batch, recorded)) {
                let event = self.decoded(recorded)?;
                if recorded.version > Version::FIRST {
                    let as_of = AsOf::Position(position);
                    let before = self
                        .past::<UnitEvent>(scope, recorded.stream, as_of)
                        .await?;
                    if before.iter().any(|(_, before)| is_alike(before, &event)) {
                        continue;
                    }
                }
                match event {
                    UnitEvent::Activated(event) => since.activated.insert(event.index),
                    UnitEvent::Revoked(event) => since.revoked.insert(event.index),
                };
            }
            let full = page.len() == PAGE.get();
            after = page.last().filter(|_| full).map(|last| last.position);
        }
        Ok(since)
    }

    /// Adds what happened to units of a batch, one by one, up to a moment.
    async fn past_units(
        &self,
        scope: &BrandScope,
        batch: MintBatchId,
        as_of: AsOf,
        exceptions: &mut UnitExceptions,
    ) -> Result<(), ReadsError> {
        let query = of_units();
        let mut after = None;
        let mut ended = HashSet::new();
        loop {
            let found = self
                .store
                .events(scope.brand(), &query, Order::OldestFirst, after, PAGE);
            let page = found.await?;
            for recorded in page.iter().filter(|recorded| is_of(batch, recorded)) {
                if !as_of.has(recorded) {
                    ended.insert(recorded.stream);
                }
                if ended.contains(&recorded.stream) {
                    continue;
                }
                match self.decoded(recorded)? {
                    UnitEvent::Activated(event) => exceptions.activated.insert(event.index),
                    UnitEvent::Revoked(event) => exceptions.revoked.insert(event.index),
                };
            }
            let last = page.last().filter(|last| !as_of.ends_at(last));
            after = last.map(|recorded| recorded.position);
            if page.len() < PAGE.get() || after.is_none() {
                return Ok(());
            }
        }
    }
}

/// Whether they are of one kind, so that the first of them is the one that changed something.
const fn is_alike(a: &UnitEvent, b: &UnitEvent) -> bool {
    matches!(
        (a, b),
        (UnitEvent::Activated(_), UnitEvent::Activated(_))
            | (UnitEvent::Revoked(_), UnitEvent::Revoked(_))
    )
}

fn of_units() -> EventQuery {
    EventQuery {
        kind: Some(EntityKind::MintUnit),
        ..EventQuery::default()
    }
}
