//! The answers as each flaw makes them: what happened to units, events, counters.

use dpp_core::export::ExportEvent;
use dpp_core::identity::MintBatchId;
use dpp_core::mint::BatchStatus;
use dpp_core::store::log::{Position, RecordedEvent, StreamKind};
use dpp_core::store::{BrandCounters, Codec, Entity, EventQuery, Order, ReadStore};
use dpp_core::unit::{UnitEvent, UnitExceptions, UnitSet, UnitsEvent};
use dpp_core::{BrandId, PageLimit};

use super::flaw::Flaw;
use super::reads::{Answer, BrokenReads, refused};

impl BrokenReads {
    async fn all_events(&self, brand: BrandId) -> Answer<Vec<RecordedEvent>> {
        let (query, order) = (EventQuery::default(), Order::OldestFirst);
        self.sound
            .events(brand, &query, order, None, PageLimit::MAX)
            .await
    }

    pub(super) async fn wrong_exceptions(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        mut found: UnitExceptions,
    ) -> Answer<UnitExceptions> {
        match self.flaw {
            Flaw::A03Exceptions if self.sound.batch(brand, batch).await?.is_none() => {
                return Err(refused());
            }
            Flaw::U01Activated => found.activated = UnitSet::default(),
            Flaw::U02Bitmap if found.revoked.runs().count() > 1_000 => {
                found.revoked = UnitSet::default();
            }
            Flaw::U02Together => {
                let together = self.revoked_together(brand, batch).await?;
                found.revoked = found.revoked.without(&together);
            }
            Flaw::A02Exceptions => {
                for other in self.brands().await? {
                    let other = self.sound.unit_exceptions(other, batch).await?;
                    found.activated.add(&other.activated);
                }
            }
            Flaw::U03Lots => found.lots = UnitSet::default(),
            Flaw::U01Another | Flaw::U03Another => {
                for record in self.all_batches(brand).await? {
                    let other = record.batch.facts.mint_batch_id;
                    let other = self.sound.unit_exceptions(brand, other).await?;
                    match self.flaw {
                        Flaw::U01Another => found.activated.add(&other.activated),
                        _ => found.lots.add(&other.lots),
                    }
                }
            }
            Flaw::U04Revoked | Flaw::U04Activated => {
                self.last_word(brand, batch, &mut found).await?;
            }
            _ => (),
        }
        Ok(found)
    }

    async fn revoked_together(&self, brand: BrandId, batch: MintBatchId) -> Answer<UnitSet> {
        let mut together = UnitSet::default();
        for event in self.all_events(brand).await? {
            let stream = event.stream;
            if stream.kind() == StreamKind::UnitRevocations && stream.id() == batch.as_uuid() {
                let UnitsEvent::Revoked(revoked) = Codec::new().decode(&event.event).unwrap();
                together.add(&revoked.units);
            }
        }
        Ok(together)
    }

    /// Of what happened to one unit by itself, only the last counts.
    async fn last_word(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        found: &mut UnitExceptions,
    ) -> Answer<()> {
        for event in self.all_events(brand).await? {
            if event.stream.kind() != StreamKind::MintUnit {
                continue;
            }
            let without = |set: &UnitSet, index| set.without(&UnitSet::from_iter([index]));
            match (self.flaw, Codec::new().decode(&event.event).unwrap()) {
                (Flaw::U04Revoked, UnitEvent::Activated(e)) if e.mint_batch_id == batch => {
                    found.revoked = without(&found.revoked, e.index);
                }
                (Flaw::U04Revoked, UnitEvent::Revoked(e)) if e.mint_batch_id == batch => {
                    found.revoked.insert(e.index);
                }
                (Flaw::U04Activated, UnitEvent::Activated(e)) if e.mint_batch_id == batch => {
                    found.activated.insert(e.index);
                }
                (Flaw::U04Activated, UnitEvent::Revoked(e)) if e.mint_batch_id == batch => {
                    found.activated = without(&found.activated, e.index);
                }
                _ => (),
            }
        }
        Ok(())
    }

    fn ignoring_of(&self, query: &EventQuery) -> EventQuery {
        let mut query = query.clone();
        match self.flaw {
            Flaw::E02Kind => query.kind = None,
            Flaw::E02Type => query.event_type = None,
            Flaw::E02Entity => query.entity = None,
            Flaw::E02From => query.from = None,
            Flaw::E02Until | Flaw::E02Inclusive => query.until = None,
            _ => (),
        }
        query
    }

    pub(super) async fn wrong_events(
        &self,
        brand: BrandId,
        query: &EventQuery,
        order: Order,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Answer<Vec<RecordedEvent>> {
        let asked = self.ignoring_of(query);
        let mut page = self
            .sound
            .events(brand, &asked, order, None, PageLimit::MAX)
            .await?;
        let beyond = |event: &RecordedEvent| match (order, after) {
            (_, None) => true,
            (_, Some(after)) if self.is(Flaw::E01Repeats) && event.position == after => true,
            (Order::NewestFirst, Some(after)) => event.position < after,
            (Order::OldestFirst, Some(after)) => event.position > after,
        };
        page.retain(beyond);
        match self.flaw {
            Flaw::E01Newest if order == Order::NewestFirst => {
                let rest = page.len().saturating_sub(limit.get());
                page.drain(..rest);
            }
            Flaw::E01Clock => {
                page.sort_by_key(|event| event.event.metadata.at);
                if order == Order::NewestFirst {
                    page.reverse();
                }
            }
            Flaw::E01Payload => page.iter_mut().for_each(tidy_up),
            Flaw::E02Inclusive => page.retain(|event| {
                query
                    .until
                    .is_none_or(|until| event.event.metadata.at <= until)
            }),
            Flaw::E02Together if matches!(query.entity, Some(Entity::MintBatch(_))) => {
                page.retain(|event| event.stream.kind() == StreamKind::MintBatch);
            }
            _ => (),
        }
        page.truncate(limit.get() + usize::from(self.is(Flaw::A04Events)));
        Ok(page)
    }

    pub(super) async fn wrong_counters(&self, brand: BrandId) -> Answer<BrandCounters> {
        let mut counters = self.fold(Flaw::A01Counters).counters(brand).await?;
        match self.flaw {
            Flaw::A03Counters if counters == BrandCounters::default() => return Err(refused()),
            Flaw::K01Uncounted => counters.completed_exports = 0,
            Flaw::K01Revoked => counters.units.active += counters.units.revoked,
            Flaw::K01Drafts => {
                let records = self.all_batches(brand).await?;
                let drafts = records
                    .iter()
                    .filter(|r| r.batch.status == BatchStatus::Draft);
                counters.batches -= drafts.count() as u64;
            }
            Flaw::K01Exports => {
                let events = self.all_events(brand).await?;
                let events = events
                    .iter()
                    .filter(|e| e.stream.kind() == StreamKind::Export);
                let asked = events.filter(|event| {
                    let decoded = Codec::new().decode(&event.event).unwrap();
                    matches!(decoded, ExportEvent::Requested(_))
                });
                counters.completed_exports = asked.count() as u64;
            }
            _ => (),
        }
        Ok(counters)
    }
}

fn tidy_up(event: &mut RecordedEvent) {
    let value: serde_json::Value = serde_json::from_slice(&event.event.payload).unwrap();
    event.event.payload = serde_json::to_vec(&value).unwrap().into();
}
