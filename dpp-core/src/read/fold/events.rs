//! Pages of events: the fold knows where they lie, the log has them.

use super::ReadFold;
use super::audit::Stretch;
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
        let mut page = match query.entity {
            Some(entity) => {
                let mut events = self.events_of(brand, entity, order).await?;
                events.retain(|event| is_beyond(event, order, after) && query.matches(event));
                events
            }
            None => self.listed(brand, query, order, after, limit).await?,
        };
        page.truncate(limit.get());
        Ok(page)
    }

    /// What a query asks for beyond a position, a page of it or more.
    async fn listed(
        &self,
        brand: BrandId,
        query: &EventQuery,
        order: Order,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<Vec<RecordedEvent>, ReadStoreError> {
        let wanted =
            |event: &RecordedEvent, seen| is_beyond(event, order, seen) && query.matches(event);
        let mut page = Vec::new();
        let mut beyond = after;
        while page.len() < limit.get() {
            let next = self.read().next_stretch(brand, query, order, beyond);
            let Some(stretch) = next else { break };
            let events = self.stretch(brand, &stretch).await?.into_iter();
            match order {
                // It may have grown since, and is then read again for what it grew by.
                Order::OldestFirst => {
                    let seen = beyond.replace(stretch.last);
                    page.extend(events.filter(|event| wanted(event, seen)));
                }
                Order::NewestFirst => {
                    page.extend(events.rev().filter(|event| wanted(event, after)));
                    beyond = stretch.after;
                    if beyond.is_none() {
                        break;
                    }
                }
            }
        }
        Ok(page)
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

    /// All that happened to one thing, as far as the feed was read. Its streams are read one
    /// after the other: what was committed meanwhile may be in the second only, and a reader
    /// who goes on behind that would never see what is missing in the first.
    async fn events_of(
        &self,
        brand: BrandId,
        entity: Entity,
        order: Order,
    ) -> Result<Vec<RecordedEvent>, ReadStoreError> {
        let upto = self.position(brand);
        let mut events = Vec::new();
        for stream in entity.streams() {
            self.read_whole(brand, stream, &mut events).await?;
        }
        events.retain(|event| Some(event.position) <= upto);
        events.sort_by_key(|event| event.position);
        if order == Order::NewestFirst {
            events.reverse();
        }
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

fn is_beyond(event: &RecordedEvent, order: Order, after: Option<Position>) -> bool {
    match order {
        Order::NewestFirst => after.is_none_or(|after| event.position < after),
        Order::OldestFirst => Some(event.position) > after,
    }
}
