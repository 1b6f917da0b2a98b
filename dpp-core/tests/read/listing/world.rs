//! Brands whose batches stand everywhere that a batch can stand, and readers of pages.

use std::sync::Arc;
use std::time::Duration;

use dpp_core::gs1::LotCode;
use dpp_core::identity::MintBatchId;
use dpp_core::mint::{ActivationMode, MintRequest};
use dpp_core::read::{BatchUnits, Page, PageRequest, ReadFold, Reads, ReadsError, UnitRow};
use dpp_core::service::{MintService, Settings};
use dpp_core::store::{BatchRecord, Catalogue, EventStore, Order};
use dpp_core::unit::UnitSet;
use dpp_core::{BrandScope, TextRows, Timestamp};
use dpp_store_memory::MemoryStore;
use futures::TryStreamExt;
use futures::executor::block_on;
use serde_json::json;

use crate::listing::happen::Happen;
use crate::support::*;

pub const BOTH: [Order; 2] = [Order::NewestFirst, Order::OldestFirst];

pub fn at(seconds: u64) -> Timestamp {
    noon().after(Duration::from_secs(seconds))
}

pub fn code(text: &str) -> LotCode {
    text.parse().unwrap()
}

pub fn scope(of: u128) -> BrandScope {
    owner(brand(of)).to_read(brand(of)).unwrap()
}

/// Answers over this log out of a fold of its own.
pub fn reads_of(log: Arc<dyn EventStore>, catalogue: Arc<dyn Catalogue>) -> Reads {
    Reads::new(log.clone(), Arc::new(ReadFold::new(log)), catalogue)
}

/// A log of which the second knows when each batch was accepted.
pub struct World {
    pub log: Arc<MemoryStore>,
    pub service: MintService,
    pub reads: Reads,
    /// The batches of brand 1, in the order in which their jobs were accepted.
    pub batches: Vec<MintBatchId>,
}

impl World {
    pub fn empty() -> Self {
        Self::with(Settings::default().units_per_cycle(10))
    }

    pub fn with(settings: Settings) -> Self {
        let log = Arc::new(MemoryStore::default());
        Self {
            service: service(log.clone(), 1, settings),
            reads: reads_of(log.clone(), Arc::new(catalogue())),
            batches: Vec::new(),
            log,
        }
    }

    pub fn now(&self) -> Timestamp {
        at(self.batches.len() as u64)
    }

    pub fn happen(&self) -> Happen<'_> {
        Happen {
            log: self.log.as_ref(),
            brand: brand(1),
            at: at(1_000),
        }
    }

    pub fn submit(&mut self, request: MintRequest) -> MintBatchId {
        let submitted = block_on(self.service.submit(&owner(brand(1)), request, self.now()));
        let batch = submitted.unwrap().job().unwrap().batch();
        self.batches.push(batch);
        batch
    }

    /// Submits, and makes all units half a second later.
    pub fn mint(&mut self, request: MintRequest) -> MintBatchId {
        let made = self.now().after(Duration::from_millis(500));
        let batch = self.submit(request);
        block_on(work_off(&self.service, made));
        batch
    }

    /// Submits, and makes one cycle.
    pub fn begin(&mut self, request: MintRequest) -> MintBatchId {
        let now = self.now();
        let batch = self.submit(request);
        let made = block_on(
            self.service
                .process(&owner(brand(1)), brand(1), batch.job(), now),
        );
        made.unwrap();
        batch
    }

    /// The older way: a draft that waits for its batch to be created.
    fn prepare(&mut self, request: MintRequest) -> MintBatchId {
        let caller = owner(brand(1));
        let prepared = self
            .service
            .create_preflighted_job(&caller, request, self.now());
        let batch = block_on(prepared).unwrap().job().unwrap().batch();
        self.batches.push(batch);
        batch
    }

    fn cancel(&self, batch: MintBatchId, at: Timestamp) {
        let (caller, job) = (owner(brand(1)), batch.job());
        let cancelled = self.service.cancel(&caller, brand(1), job, None, at);
        block_on(cancelled).unwrap();
    }

    pub fn record(&self, batch: MintBatchId) -> Arc<BatchRecord> {
        let record = block_on(self.reads.batch(&scope(1), batch));
        record.unwrap().unwrap()
    }

    pub fn units(&self, batch: MintBatchId) -> BatchUnits {
        block_on(self.reads.batch_units(&scope(1), batch)).unwrap()
    }

    /// All units of a batch as the stream has them.
    pub fn rows(&self, batch: MintBatchId) -> Vec<UnitRow> {
        all_units(&self.reads, batch)
    }
}

/// All units of a batch of brand 1 as the stream has them; none before its job was reserved.
pub fn all_units(reads: &Reads, batch: MintBatchId) -> Vec<UnitRow> {
    block_on(async {
        match reads.units(&scope(1), batch, 0).await {
            Ok(stream) => stream.try_collect().await.unwrap(),
            Err(ReadsError::NoUnits(_)) => Vec::new(),
            Err(error) => panic!("{error}"),
        }
    })
}

pub fn own_serials(of: u128, rows: impl IntoIterator<Item = String>) -> MintRequest {
    let rows: Vec<_> = rows.into_iter().collect();
    MintRequest {
        serials: Some(rows.iter().map(String::as_str).collect::<TextRows>()),
        ..serials(of, rows.len() as u64)
    }
}

pub fn numeric38(of: u128, quantity: u64) -> MintRequest {
    let scheme = json!({"scheme": "numeric38"});
    MintRequest {
        serial_scheme: Some(serde_json::from_value(scheme).unwrap()),
        ..serials(of, quantity)
    }
}

/// Batches of serials, of lots, of provided serials; completed, failed, cancelled, voided, in
/// work, queued and preflighted; with units that were activated and revoked in all ways.
pub fn many_batches() -> World {
    let mut world = World::empty();
    let serial = world.mint(serials(1, 25));
    world.mint(lots(1, &[("A", 7), ("B", 5), ("C", 3)]));
    let scanned = world.mint(MintRequest {
        activation_mode: ActivationMode::FirstScan,
        ..lots(2, &[("A", 4), ("Z", 6)])
    });
    let provided = world.mint(own_serials(2, (0..13).map(|row| format!("P/{row}"))));
    world.mint(numeric38(3, 12));
    let failed = world.begin(serials(1, 30));
    world.happen().failed(failed, 10, "the disk is full");
    let cancelled = world.begin(lots(3, &[("A", 12), ("Y", 12)]));
    world.cancel(cancelled, at(900));
    let unborn = world.submit(serials(2, 8));
    world.cancel(unborn, at(901));
    let voided = world.mint(serials(1, 6));
    let whole = world.mint(serials(3, 10));
    world.prepare(serials(1, 5));
    world.begin(lots(1, &[("A", 11), ("B", 11)]));
    world.submit(serials(2, 9));
    let foreign = MintRequest {
        brand_id: brand(2),
        ..serials(9, 7)
    };
    block_on(
        world
            .service
            .submit_and_kick(&owner(brand(2)), foreign, at(3)),
    )
    .unwrap();

    let happen = world.happen();
    let units = world.units(serial);
    for index in [3, 12, 24] {
        happen.activated(&units, index);
    }
    happen.revoked(&units, 12, "lost");
    happen.revoked(&units, 13, "lost");
    happen.revoked_together(serial, UnitSet::of_range(19..22), "stolen");
    happen.lot_activated(&world.units(scanned), 1);
    happen.revoked(&world.units(scanned), 5, "lost");
    happen.activated(&world.units(scanned), 0);
    happen.activated(&world.units(provided), 12);
    happen.revoked_together(provided, [0, 4, 11].into_iter().collect(), "stolen");
    happen.activated(&world.units(voided), 2);
    happen.voided(voided, "a recall");
    happen.revoked_together(whole, UnitSet::of_range(0..10), "stolen");
    world
}

/// All rows of a listing, read by pages; each page has what it should have.
pub fn walk<T: Clone>(
    first: PageRequest,
    mut list: impl FnMut(&PageRequest) -> Result<Page<T>, ReadsError>,
) -> Vec<T> {
    let limit = first.limit.get();
    let mut request = first;
    let mut all = Vec::new();
    loop {
        let page = list(&request).unwrap();
        assert_eq!(page.has_more(), page.next_cursor.is_some());
        assert!(page.rows.len() <= limit);
        all.extend(page.rows.iter().cloned());
        let Some(cursor) = page.next_cursor else {
            assert!(
                !page.rows.is_empty() || all.is_empty(),
                "a page said that more follows, and nothing did"
            );
            return all;
        };
        assert_eq!(page.rows.len(), limit, "more follows a page with room");
        assert_ne!(request.cursor.as_ref(), Some(&cursor), "it leads nowhere");
        request = request.after(cursor);
    }
}

pub fn pages_of(limit: u32, order: Order) -> PageRequest {
    PageRequest {
        order,
        ..PageRequest::default().of(limit.try_into().unwrap())
    }
}

/// These in an order, given the oldest first.
pub fn in_order<T>(oldest_first: impl IntoIterator<Item = T>, order: Order) -> Vec<T> {
    let mut all: Vec<_> = oldest_first.into_iter().collect();
    if order == Order::NewestFirst {
        all.reverse();
    }
    all
}
