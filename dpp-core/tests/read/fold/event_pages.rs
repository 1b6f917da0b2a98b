//! Pages of events: each once, in either direction, whatever is asked for.

use std::sync::Arc;
use std::time::Duration;

use dpp_core::export::{ExportEvent, ExportFacts, ExportFormat, ExportOptions, ExportRequested};
use dpp_core::identity::MintBatchId;
use dpp_core::mint::{JobFailed, MintEvent};
use dpp_core::read::ReadFold;
use dpp_core::store::log::{EventType, PageLimit, RecordedEvent, StreamId, StreamKind};
use dpp_core::store::{Entity, EntityKind, EventQuery, EventStore, Order, ReadStore, TypedEvents};
use dpp_core::unit::{UnitActivated, UnitEvent, UnitRevoked, UnitSet, UnitsEvent, UnitsRevoked};
use dpp_core::{ExportId, ProductId, Reason, Timestamp};
use dpp_store_memory::MemoryStore;
use fastrand::Rng;
use futures::executor::block_on;
use proptest::prelude::*;
use uuid::Uuid;

use crate::exceptions::Writer;
use crate::fold::answers::pages;
use crate::fold::laid_over::LaidOver;
use crate::support::*;

const UNITS: [u128; 3] = [0x11, 0x12, 0x13];

fn batch() -> MintBatchId {
    MintBatchId::new(noon(), [4; 10])
}

fn later(seconds: u64) -> Timestamp {
    noon().after(Duration::from_secs(seconds))
}

/// A log in which each kind has a stretch of time of its own, in bouts, with clocks that are
/// not quite right.
struct Feed {
    log: Arc<MemoryStore>,
    writer: Writer,
    random: Rng,
    written: u64,
    bout: (u32, u64),
}

impl Feed {
    fn new(seed: u64) -> Self {
        let log = Arc::new(MemoryStore::default());
        Self {
            writer: Writer::new(log.clone(), 1),
            random: Rng::with_seed(seed),
            written: 0,
            bout: (0, 0),
            log,
        }
    }

    async fn write(&mut self, events: u64) {
        for _ in 0..events {
            if self.bout.1 == 0 {
                self.bout = (self.random.u32(..3), self.random.u64(1..500));
            }
            self.bout.1 -= 1;
            self.written += 1;
            let at = later(100 + self.written - self.random.u64(..20).min(self.written));
            self.write_one(at).await;
        }
    }

    async fn write_one(&mut self, at: Timestamp) {
        let uuid = Uuid::from_u128(*self.random.choice(&UNITS).unwrap());
        let unit = StreamId::new(StreamKind::MintUnit, uuid);
        let (mint_batch_id, index) = (batch(), 0);
        match self.bout.0 {
            0 => {
                let activated = UnitActivated {
                    mint_batch_id,
                    index,
                };
                self.put(unit, &UnitEvent::Activated(activated), at).await;
            }
            1 => {
                let revoked = UnitRevoked {
                    mint_batch_id,
                    index,
                    reason: Reason::parse("lost").unwrap(),
                };
                self.put(unit, &UnitEvent::Revoked(revoked), at).await;
            }
            _ => {
                let facts = ExportFacts {
                    mint_batch_id,
                    format: ExportFormat::Manifest,
                    units: 1,
                    profile: None,
                    options: ExportOptions::default(),
                };
                let requested = ExportRequested {
                    facts,
                    expires_at: at,
                };
                let export = StreamId::new(StreamKind::Export, uuid);
                self.put(export, &ExportEvent::Requested(requested), at)
                    .await;
            }
        }
    }

    async fn put<E: TypedEvents>(&self, stream: StreamId, event: &E, at: Timestamp) {
        self.writer.write(brand(1), stream, event, at).await;
    }

    async fn all(&self) -> Vec<RecordedEvent> {
        let page = self.log.read_feed(brand(1), None, PageLimit::MAX).await;
        let page = page.unwrap();
        assert!(!page.more);
        page.events
    }
}

/// What a page has to say, without anything clever.
fn filtered(all: &[RecordedEvent], query: &EventQuery, order: Order) -> Vec<RecordedEvent> {
    let matching = all.iter().filter(|event| query.matches(event)).cloned();
    match order {
        Order::OldestFirst => matching.collect(),
        Order::NewestFirst => matching.rev().collect(),
    }
}

fn orders() -> impl Strategy<Value = Order> {
    prop_oneof![Just(Order::NewestFirst), Just(Order::OldestFirst)]
}

fn queries() -> impl Strategy<Value = EventQuery> {
    let kinds = prop::sample::select(EntityKind::ALL.to_vec());
    let types = [
        "mint_unit_activated",
        "mint_unit_revoked",
        "export_requested",
        "unheard_of",
    ];
    let types = prop::sample::select(types.map(EventType::new).to_vec());
    let exports = prop::sample::select(UNITS.to_vec())
        .prop_map(|uuid| Entity::Export(ExportId::from_uuid(Uuid::from_u128(uuid))));
    let entities = prop_oneof![
        exports,
        Just(Entity::MintBatch(batch())),
        Just(Entity::SerialPool(ProductId::from_uuid(Uuid::nil()))),
    ];
    let times = || prop::option::of((0_u64..1_500).prop_map(later));
    let rare = |entities| prop::option::weighted(0.2, entities);
    (
        prop::option::of(kinds),
        prop::option::of(types),
        rare(entities),
        times(),
        times(),
    )
        .prop_map(|(kind, event_type, entity, from, until)| EventQuery {
            kind,
            event_type,
            entity,
            from,
            until,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn pages_have_what_a_plain_filter_finds(
        seed: u64,
        events in 1_u64..1_400,
        asked in prop::collection::vec((queries(), orders(), 1_u32..400), 8),
    ) {
        block_on(async {
            let mut feed = Feed::new(seed);
            feed.write(events).await;
            let all = feed.all().await;
            let fold = ReadFold::new(feed.log.clone());
            for (query, order, limit) in asked {
                let found = pages(&fold, brand(1), &query, order, limit).await;
                let expected = filtered(&all, &query, order);
                prop_assert!(found == expected, "{query:?} {order:?} by {limit}");
            }
            Ok(())
        })?;
    }

    #[test]
    fn events_that_are_added_between_pages_neither_repeat_nor_hide_others(
        seed: u64,
        events in 1_u64..600,
        added in prop::collection::vec(0_u64..150, 1..12),
        query in queries(),
        order in orders(),
        limit in 1_u32..120,
    ) {
        block_on(async {
            let mut feed = Feed::new(seed);
            feed.write(events).await;
            let before = feed.all().await;
            let fold = ReadFold::new(feed.log.clone());
            let limit = PageLimit::new(limit);
            let (mut found, mut after) = (Vec::<RecordedEvent>::new(), None);
            let mut added = added.into_iter();
            loop {
                let page = fold.events(brand(1), &query, order, after, limit).await.unwrap();
                let is_last = page.len() < limit.get();
                found.extend(page);
                if is_last {
                    break;
                }
                after = found.last().map(|event| event.position);
                feed.write(added.next().unwrap_or(0)).await;
            }
            let expected = match order {
                Order::NewestFirst => filtered(&before, &query, order),
                Order::OldestFirst => filtered(&feed.all().await, &query, order),
            };
            prop_assert!(found == expected, "{query:?} {order:?} by {limit:?}");
            Ok(())
        })?;
    }
}

#[test]
fn events_that_are_added_while_a_page_is_read_hide_none_of_it() {
    block_on(async {
        let mut feed = Feed::new(1);
        feed.write(250).await;
        let store = Arc::new(LaidOver::new(feed.log.clone(), u64::MAX));
        let fold = Arc::new(ReadFold::new(store.clone()));
        fold.catch_up().await.unwrap();
        let (meanwhile, log) = (fold.clone(), feed.log.clone());
        store.meanwhile(async move {
            feed.write(300).await;
            meanwhile.catch_up().await.unwrap();
        });
        let (query, order) = (EventQuery::default(), Order::OldestFirst);
        let page = fold.events(brand(1), &query, order, None, PageLimit::new(500));
        let page = page.await.unwrap();
        let all = log.read_feed(brand(1), None, PageLimit::MAX).await.unwrap();
        assert_eq!(all.events.len(), 550);
        assert!(page == all.events[..500]);
    });
}

/// The streams of a batch are read one after the other: what is committed in between may be
/// seen in the second, and not in the first.
#[test]
fn events_of_a_batch_that_are_added_while_its_streams_are_read_are_not_left_out() {
    block_on(async {
        let feed = Feed::new(1);
        let stream = |kind| StreamId::new(kind, *batch().as_uuid());
        let failed = MintEvent::Failed(JobFailed {
            minted: 0,
            reason: "a test".to_owned(),
        });
        let revoked = UnitsEvent::Revoked(UnitsRevoked {
            units: UnitSet::of_range(0..1),
            count: 1,
            reason: Reason::parse("a test").unwrap(),
        });
        let (of_batch, together) = (
            stream(StreamKind::MintBatch),
            stream(StreamKind::UnitRevocations),
        );
        feed.put(of_batch, &failed, noon()).await;
        let log = feed.log.clone();
        let store = Arc::new(LaidOver::new(feed.log.clone(), u64::MAX));
        let fold = ReadFold::new(store.clone());
        store.before_stream(StreamKind::UnitRevocations, async move {
            feed.put(of_batch, &failed, noon()).await;
            feed.put(together, &revoked, noon()).await;
        });
        let query = EventQuery {
            entity: Some(Entity::MintBatch(batch())),
            ..EventQuery::default()
        };
        let (mut seen, mut after) = (Vec::new(), None);
        for _ in 0..4 {
            let (order, limit) = (Order::OldestFirst, PageLimit::new(2));
            let page = fold.events(brand(1), &query, order, after, limit).await;
            seen.extend(page.unwrap());
            after = seen.last().map(|event| event.position);
        }
        let all = log.read_feed(brand(1), None, PageLimit::MAX).await.unwrap();
        assert_eq!(seen, all.events);
    });
}
