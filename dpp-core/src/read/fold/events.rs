//! Pages of events: the fold knows where they lie, the log has them.

use super::ReadFold;
use super::audit::{Seek, Stretch};
use crate::ids::BrandId;
use crate::store::log::{PageLimit, Position, RecordedEvent, StreamId, Version};
use crate::store::{Entity, EventQuery, Order, ReadStoreError};

const PAGE: PageLimit = PageLimit::new(1_000);

impl ReadFold {
    pub(super) async fn page_of_events(
        &self,
        brand: BrandId,
        query: &EventQuery,
        order: Order,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<Vec<RecordedEvent>, ReadStoreError> {
        let page = match query.entity {
            Some(entity) => {
                let events = self.events_of(brand, entity).await?;
                wanted(events, query, order, after).collect()
            }
            None => {
                self.events_of_feed(brand, query, order, after, limit)
                    .await?
            }
        };
        Ok(page.into_iter().take(limit.get()).collect())
    }

    /// Events out of the feed: so many, and the rest of the stretch in which the last lies.
    async fn events_of_feed(
        &self,
        brand: BrandId,
        query: &EventQuery,
        order: Order,
        mut after: Option<Position>,
        limit: PageLimit,
    ) -> Result<Vec<RecordedEvent>, ReadStoreError> {
        let mut found = Vec::new();
        let mut seek = Seek::Beyond(after);
        while found.len() < limit.get() {
            let next = self.read().next_stretch(brand, query, order, seek);
            let Some((place, stretch)) = next else { break };
            let events = self.stretch(brand, &stretch).await?;
            found.extend(wanted(events, query, order, after));
            seek = match order {
                Order::NewestFirst => Seek::Past(place),
                // The last stretch may have grown while it was read.
                Order::OldestFirst => {
                    after = Some(stretch.last);
                    Seek::Beyond(after)
                }
            };
        }
        Ok(found)
    }

    async fn stretch(
        &self,
        brand: BrandId,
        stretch: &Stretch,
    ) -> Result<Vec<RecordedEvent>, ReadStoreError> {
        let mut events = Vec::new();
        let mut after = stretch.after;
        loop {
            let missing = stretch.count.saturating_sub(events.len() as u32);
            let page = self
                .store
                .read_feed(brand, after, PageLimit::new(missing))
                .await?;
            after = page.upto;
            events.extend(page.events);
            if events.len() >= stretch.count as usize || !page.more {
                return Ok(events);
            }
        }
    }

    /// All that happened to one thing, in feed order.
    async fn events_of(
        &self,
        brand: BrandId,
        entity: Entity,
    ) -> Result<Vec<RecordedEvent>, ReadStoreError> {
        let mut events = Vec::new();
        for stream in entity.streams() {
            self.read_whole(brand, stream, &mut events).await?;
        }
        events.sort_by_key(|event| event.position);
        Ok(events)
    }

    async fn read_whole(
        &self,
        brand: BrandId,
        stream: StreamId,
        events: &mut Vec<RecordedEvent>,
    ) -> Result<(), ReadStoreError> {
        let mut from = Some(Version::FIRST);
        while let Some(version) = from {
            let page = self.store.read_stream(brand, stream, version, PAGE).await?;
            events.extend(page.events);
            from = page.next;
        }
        Ok(())
    }
}

/// Those events, given in feed order, that a query asks for and that lie beyond a position: in
/// the order of reading.
fn wanted(
    events: Vec<RecordedEvent>,
    query: &EventQuery,
    order: Order,
    after: Option<Position>,
) -> Box<dyn Iterator<Item = RecordedEvent> + Send + '_> {
    let wanted = events.into_iter().filter(move |event| {
        let beyond = match order {
            Order::NewestFirst => after.is_none_or(|after| event.position < after),
            Order::OldestFirst => Some(event.position) > after,
        };
        beyond && query.matches(event)
    });
    match order {
        Order::NewestFirst => Box::new(wanted.rev()),
        Order::OldestFirst => Box::new(wanted),
    }
}
