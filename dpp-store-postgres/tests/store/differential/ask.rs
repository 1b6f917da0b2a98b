//! Every question to each read side.

use std::fmt::Debug;
use std::sync::Arc;

use dpp_core::gs1::Serial;
use dpp_core::identity::{LotId, MintBatchId, MintUnitId};
use dpp_core::mint::{BatchStatus, JobStatus, MintEvent};
use dpp_core::read::ReadFold;
use dpp_core::store::log::{EventType, NewEvent, RecordedEvent, StreamId, Version};
use dpp_core::store::{
    BatchQuery, BatchRecord, Entity, EntityKind, EventQuery, ExportQuery, JobKey, Order,
    ProvidedSerial, ReadStore, TypedEvents,
};
use dpp_core::unit::{UnitExceptions, UnitStatus};
use dpp_core::{BrandId, PageLimit, ProductId, Timestamp};
use fastrand::Rng;

use super::tee::Tee;
use super::world::{ALL, HOUR, World, export};
use crate::hosting::{brand, product, production};

/// The tables, a fold of their log, and a fold of the log in memory.
pub(super) struct Sides([Arc<dyn ReadStore>; 3]);

const ORDERS: [Order; 2] = [Order::NewestFirst, Order::OldestFirst];
const PREFIXES: [&str; 12] = [
    "",
    "o",
    "own/",
    "own/1",
    "own/30000",
    "own/~",
    "~",
    "!",
    "é",
    "\0",
    "own/ ",
    "z",
];

fn same<T: PartialEq + Debug>(what: &dyn Debug, answers: [T; 3]) {
    let [tables, postgres, memory] = answers;
    assert!(
        tables == postgres,
        "{what:?}: tables {tables:#?}, fold {postgres:#?}"
    );
    assert!(
        tables == memory,
        "{what:?}: tables {tables:#?}, memory {memory:#?}"
    );
}

/// The answers of the three sides to one question.
macro_rules! each {
    ($sides:expr, $what:expr, $reads:ident => $answer:expr) => {{
        let mut answers = Vec::new();
        for $reads in &$sides.0 {
            answers.push($answer);
        }
        let Ok(answers) = <[_; 3]>::try_from(answers) else {
            panic!("there are three sides")
        };
        same(&$what, answers)
    }};
}

impl Sides {
    pub(super) fn of(log: &Tee) -> Self {
        Self([
            log.postgres.clone(),
            Arc::new(ReadFold::new(log.postgres.clone())),
            Arc::new(ReadFold::new(log.memory.clone())),
        ])
    }

    /// Asks everything that there is, and much that there may be.
    pub(super) async fn agree(&self, world: &World, seed: u64) {
        let mut random = Rng::with_seed(seed);
        for of in [brand(1), brand(2), brand(77)] {
            self.of_each_batch(world, of, &mut random).await;
            self.of_products(world, of).await;
            for _ in 0..12 {
                self.pages_of_batches(of, &mut random).await;
                self.pages_of_events(world, of, &mut random).await;
                self.pages_of_serials(of, &mut random).await;
                self.pages_of_exports(world, of, &mut random).await;
            }
            each!(self, "counters", reads => reads.counters(of).await.unwrap());
        }
        self.runnable(world).await;
        self.due_exports(world).await;
    }

    async fn of_each_batch(&self, world: &World, of: BrandId, random: &mut Rng) {
        let unknown = MintBatchId::new(world.now(), [7; 10]);
        let known = world.batches.iter().map(|(_, batch)| *batch);
        for batch in known.chain([unknown]) {
            each!(self, batch, reads => reads.batch(of, batch).await.unwrap());
            let prefix = batch.prefix();
            each!(self, batch, reads => reads.batch_by_prefix(of, prefix).await.unwrap());
            each!(self, batch, reads => reads.unit_exceptions(of, batch).await.unwrap());
            let start = random.u32(0..4_200);
            let units = start..start + random.u32(0..200);
            each!(self, (batch, &units), reads => {
                let found = reads.exceptions_within(of, batch, units.clone()).await.unwrap();
                UnitExceptions {
                    activated: found.activated.within(&units),
                    revoked: found.revoked.within(&units),
                    lots: found.lots.clone(),
                }
            });
        }
    }

    async fn of_products(&self, world: &World, of: BrandId) {
        for gtin in [
            "09506000134352",
            "04012345987652",
            "00614141123452",
            "96385074",
        ] {
            let gtin = gtin.parse().unwrap();
            each!(self, gtin, reads => reads.products_with_gtin(of, gtin).await.unwrap());
        }
        let serials = world.serials().await;
        for number in [1, 2, 3, 4, 9] {
            let product: ProductId = product(number);
            each!(self, product, reads => {
                let directory = reads.serial_directory(of, product).await.unwrap();
                directory.map(|directory| {
                    let owners = serials.iter().map(|serial| directory.batch_of(serial));
                    owners.collect::<Vec<_>>()
                })
            });
        }
    }

    async fn runnable(&self, world: &World) {
        let now = world.now();
        for (now, limit) in [
            (now, ALL),
            (now.after(HOUR), ALL),
            (now.after(HOUR), PageLimit::new(2)),
        ] {
            each!(self, now, reads => {
                let runnable = reads.runnable_jobs(now, limit).await.unwrap();
                assert!(runnable.unreadable.is_empty());
                runnable.jobs
            });
        }
    }

    async fn keys(&self, of: BrandId) -> Vec<Arc<BatchRecord>> {
        let [.., memory] = &self.0;
        let query = BatchQuery::default();
        let all = memory.batches(of, &query, Order::OldestFirst, None, ALL);
        all.await.unwrap()
    }

    async fn pages_of_batches(&self, of: BrandId, random: &mut Rng) {
        let records = self.keys(of).await;
        let query = batch_query(&records, random);
        let limit = PageLimit::new(random.u32(1..5));
        for order in ORDERS {
            each!(self, (&query, order), reads => {
                let (mut rows, mut after): (Vec<_>, Option<JobKey>) = (Vec::new(), None);
                loop {
                    let page = reads.batches(of, &query, order, after, limit).await.unwrap();
                    let is_last = page.len() < limit.get();
                    rows.extend(page);
                    after = rows.last().map(|record: &Arc<BatchRecord>| record.key());
                    if is_last {
                        break rows;
                    }
                    assert!(rows.len() < MOST_ROWS, "{query:?} in {order:?} does not end");
                }
            });
        }
    }

    async fn pages_of_events(&self, world: &World, of: BrandId, random: &mut Rng) {
        let query = event_query(world, random);
        let limit = PageLimit::new(random.u32(1..30));
        for order in ORDERS {
            each!(self, (&query, order), reads => {
                let (mut rows, mut after) = (Vec::new(), None);
                loop {
                    let page = reads.events(of, &query, order, after, limit).await.unwrap();
                    let is_last = page.len() < limit.get();
                    after = page.last().map(|event| event.position);
                    rows.extend(page.into_iter().map(without_position));
                    if is_last {
                        break rows;
                    }
                    assert!(rows.len() < MOST_ROWS, "{query:?} in {order:?} does not end");
                }
            });
        }
    }

    async fn pages_of_serials(&self, of: BrandId, random: &mut Rng) {
        let prefix = *random.choice(&PREFIXES).unwrap();
        let limit = PageLimit::new(random.u32(1..4_000));
        let after = random.bool().then(|| ProvidedSerial {
            serial: Serial::parse("own/20003").unwrap(),
            batch: MintBatchId::new(
                Timestamp::from_unix_millis(random.i64(0..4_000_000_000_000)),
                [0; 10],
            ),
            index: random.u32(0..9),
        });
        each!(self, (prefix, after), reads => {
            let first = reads.provided_serials(of, prefix, after, limit).await.unwrap();
            let last = first.last().copied();
            let second = reads.provided_serials(of, prefix, last, limit).await.unwrap();
            (first, second)
        });
    }

    async fn pages_of_exports(&self, world: &World, of: BrandId, random: &mut Rng) {
        let some = [random.u8(0..8), random.u8(0..8)].map(|number| export(number.into()));
        let [first, last] = some;
        let batch = random.choice(&world.batches).map(|(_, batch)| *batch);
        let query = ExportQuery {
            ids: match random.bool() {
                true => ExportQuery::ALL.ids,
                false => first..=last,
            },
            batch: batch.filter(|_| random.u8(0..3) == 0),
        };
        let after = random.bool().then(|| export(random.u8(0..8).into()));
        let limit = PageLimit::new(random.u32(1..9));
        for order in ORDERS {
            each!(self, (&query, order, after), reads => {
                reads.exports(of, &query, order, after, limit).await.unwrap()
            });
        }
    }

    async fn due_exports(&self, world: &World) {
        let mut named = vec![world.now()];
        for of in [brand(1), brand(2)] {
            let [.., memory] = &self.0;
            let (all, order) = (ExportQuery::ALL, Order::OldestFirst);
            let records = memory.exports(of, &all, order, None, ALL).await.unwrap();
            named.extend(records.iter().map(|record| record.expires_at));
            named.extend(records.iter().filter_map(|record| record.runnable_at));
        }
        for now in named {
            for limit in [ALL, PageLimit::new(2)] {
                each!(self, (now, "runnable"), reads => {
                    let due = reads.runnable_exports(now, limit).await.unwrap();
                    assert!(due.unreadable.is_empty());
                    due.exports
                });
                each!(self, (now, "expiring"), reads => {
                    let due = reads.expiring_exports(now, limit).await.unwrap();
                    assert!(due.unreadable.is_empty());
                    due.exports
                });
            }
        }
    }
}

/// A listing that gives more rows than this has no end.
const MOST_ROWS: usize = 10_000;

/// Positions are a store's own.
fn without_position(event: RecordedEvent) -> (StreamId, Version, NewEvent) {
    (event.stream, event.version, event.event)
}

/// Each part of a query is there one time in three.
fn maybe<T>(random: &mut Rng, make: impl FnOnce(&mut Rng) -> T) -> Option<T> {
    (random.u8(0..3) == 0).then(|| make(random))
}

fn batch_query(records: &[Arc<BatchRecord>], random: &mut Rng) -> BatchQuery {
    let statuses = [
        BatchStatus::Queued,
        BatchStatus::Processing,
        BatchStatus::Minted,
        BatchStatus::Voided,
    ];
    let jobs = [
        JobStatus::Queued,
        JobStatus::Processing,
        JobStatus::Completed,
    ];
    let one = random.choice(records).cloned();
    let other = random.choice(records).cloned();
    let prefix_of = |record: &Arc<BatchRecord>| record.batch.facts.mint_batch_id.prefix();
    let ids = one.as_ref().zip(other.as_ref());
    let ids = ids.map(|(one, other)| prefix_of(one)..=prefix_of(other));
    let span = one.as_ref().and_then(|one| {
        let fixed = one.batch.identity.as_ref()?;
        fixed.serials.span()
    });
    let text = match span {
        Some(span) => {
            let text = if random.bool() {
                span.first()
            } else {
                span.last()
            };
            let length = random.usize(0..=text.len());
            format!(
                "{}{}",
                &text[..length],
                random.choice(["", "", "0", "Z", "é", "\0"]).unwrap()
            )
        }
        None => (*random.choice(&PREFIXES).unwrap()).to_owned(),
    };
    BatchQuery {
        status: maybe(random, |random| *random.choice(&statuses).unwrap()),
        job_status: maybe(random, |random| *random.choice(&jobs).unwrap()),
        product: maybe(random, |random| product(random.u8(1..4).into())),
        lot: maybe(random, |random| {
            format!("L{}", random.u8(0..4)).parse().unwrap()
        }),
        holding: maybe(random, |random| *random.choice(&UnitStatus::ALL).unwrap()),
        ids: ids.filter(|_| random.u8(0..3) == 0),
        serials: maybe(random, |_| text),
    }
}

fn event_query(world: &World, random: &mut Rng) -> EventQuery {
    let mut names: Vec<&'static str> = MintEvent::TYPES.iter().map(|(name, _)| *name).collect();
    names.extend([
        "mint_unit_activated",
        "export_requested",
        "mint_units_revoked",
        "no_such",
        "\0",
    ]);
    let at = |random: &mut Rng| {
        let back = random.i64(0..20_000);
        Timestamp::from_unix_millis(world.now().unix_millis() - back)
    };
    let batch = random.choice(&world.batches).map(|(_, batch)| *batch);
    EventQuery {
        kind: maybe(random, |random| *random.choice(&EntityKind::ALL).unwrap()),
        event_type: maybe(random, |random| {
            EventType::new(random.choice(&names).copied().unwrap())
        }),
        entity: batch
            .filter(|_| random.u8(0..3) == 0)
            .map(|batch| entity(batch, random)),
        from: maybe(random, at),
        until: maybe(random, at),
    }
}

fn entity(batch: MintBatchId, random: &mut Rng) -> Entity {
    let coded = *batch.coded_ids().start();
    match random.u8(0..8) {
        0 | 1 => Entity::MintBatch(batch),
        2 => Entity::MintJob(batch.job()),
        3 => Entity::SerialPool(product(random.u8(1..4).into())),
        4 => Entity::ProductBatch(production(random.u8(1..3).into())),
        5 => Entity::Export(export(random.u8(0..8).into())),
        6 => Entity::MintUnit(MintUnitId::try_from(coded).unwrap()),
        _ => Entity::MintLot(LotId::try_from(coded).unwrap()),
    }
}
