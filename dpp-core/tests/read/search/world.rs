//! A brand with things of every kind, and a plain loop over all of them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dpp_core::export::{
    ExportCompleted, ExportEvent, ExportFacts, ExportFormat, ExportOptions, ExportRequested,
};
use dpp_core::gs1::{Gtin, LotCode};
use dpp_core::identity::serial::{SequentialFormat, SerialScheme, TagLength};
use dpp_core::identity::{LotId, MintBatchId, MintJobId};
use dpp_core::mint::MintRequest;
use dpp_core::passport::Product;
use dpp_core::read::{
    BatchFilter, Cursor, Page, PageRequest, Reads, ReadsError, SearchHit, UnitRow,
};
use dpp_core::service::{MintService, Settings};
use dpp_core::store::log::{Commit, Expected, StreamId, StreamKind};
use dpp_core::store::{Codec, EventStore, TypedEvents};
use dpp_core::unit::{UnitActivated, UnitEvent, UnitRevoked};
use dpp_core::{Actor, CommitId, CorrelationId, ExportId, Timestamp};
use dpp_store_memory::{MemoryCatalogue, MemoryStore};
use futures::TryStreamExt;
use futures::executor::block_on;
use uuid::Uuid;

use crate::support::*;

pub const GTIN: &str = "09506000134352";

pub struct World {
    pub log: Arc<MemoryStore>,
    pub service: MintService,
    pub products: Vec<Product>,
    pub jobs: Vec<MintJobId>,
    pub exports: Vec<ExportId>,
    reads: Reads,
    written: AtomicU64,
}

/// Everything of brand 1 that has a name.
pub struct Things {
    pub units: Vec<UnitRow>,
    pub batches: Vec<MintBatchId>,
    pub lots: Vec<(LotId, LotCode, String)>,
}

/// Products 1 and 2 share a GTIN, 3 has none, 5 has a GTIN-12 that begins with 0.
fn products() -> Vec<Product> {
    let named = |number, sku: &str, gtin: Option<&str>| Product {
        sku: sku.to_owned(),
        ..a_product(1, number, gtin)
    };
    vec![
        named(1, "NL-TEE-1001", Some(GTIN)),
        named(2, "nl-tee-1002", Some(GTIN)),
        named(3, "%_*", None),
        named(4, "01A3-42", Some("04012345987652")),
        named(5, "Ürün-5", Some("012345678905")),
    ]
}

impl World {
    pub fn empty() -> Self {
        Self::of(products())
    }

    pub fn of(products: Vec<Product>) -> Self {
        let catalogue = MemoryCatalogue::default()
            .with_brand(a_brand(1))
            .with_brand(a_brand(2))
            .with_product(a_product(2, 9, Some(GTIN)));
        let catalogue = products
            .iter()
            .cloned()
            .fold(catalogue, MemoryCatalogue::with_product);
        let log = Arc::new(MemoryStore::default());
        let settings = Settings::default().units_per_cycle(5_000);
        let service = service_for(log.clone(), host_with(1, catalogue), settings);
        Self {
            log,
            reads: service.reads(),
            service,
            products,
            jobs: Vec::new(),
            exports: Vec::new(),
            written: AtomicU64::new(1),
        }
    }

    /// Batches of every scheme, some made in part or not at all; exports; units that were
    /// activated and revoked.
    pub fn full() -> Self {
        let mut world = Self::empty();
        world.mint(1, 25, SerialScheme::default());
        world.mint(1, 30, tagged(12));
        world.mint(2, 45, sequential("SN-", 8));
        world.mint(1, 45, sequential("SN-", 8));
        world.mint(3, 45, sequential("01", 8));
        world.mint(3, 7, SerialScheme::Numeric38);
        world.mint(3, 7_000, SerialScheme::Numeric38);
        world.mint(3, 40, SerialScheme::Numeric38);
        world.mint(3, 6_000, SerialScheme::Numeric38);
        world.mint(4, 12, SerialScheme::default());
        world.bring(2, &PROVIDED);
        world.bring(1, &many_provided());
        world.submit(lots(1, &[("L%1", 30), ("01A3", 12)]));
        world.submit(lots(2, &[("L%1", 5)]));
        world.submit(lots(3, &[("L-3", 5)]));
        world.work_off();
        world.mint(1, 9, SerialScheme::default());
        world.mint(3, 5_000, SerialScheme::Numeric38);
        world.bring(1, &["01-unmade", "SN-unmade"]);
        for number in 0..45_u128 {
            let uuid = 0x01a3_a000 << 96 | number << 90 | 7 << 76 | 2 << 62 | number << 3;
            world.export(Uuid::from_u128(uuid | number & 1));
        }
        let units = world.things().units;
        for unit in units.iter().step_by(9) {
            world.activate(unit);
        }
        for unit in units.iter().step_by(14) {
            world.revoke(unit);
        }
        world
    }

    pub fn reads(&self) -> &Reads {
        &self.reads
    }

    pub fn now(&self) -> Timestamp {
        let days = [0, 0, 1, 1_000, 86_400_000, 90 * 86_400_000];
        let step = days[self.jobs.len() % days.len()];
        Timestamp::from_unix_millis(NOON + step + self.jobs.len() as i64)
    }

    pub fn submit(&mut self, request: MintRequest) -> MintJobId {
        let now = self.now();
        let answer = block_on(self.service.submit(&owner(request.brand_id), request, now));
        let answer = answer.unwrap();
        let job = answer.job().unwrap_or_else(|| panic!("{answer:?}"));
        self.jobs.push(job);
        job
    }

    pub fn mint(&mut self, of: u128, quantity: u64, scheme: SerialScheme) -> MintJobId {
        self.submit(MintRequest {
            serial_scheme: Some(scheme),
            ..serials(of, quantity)
        })
    }

    pub fn bring<S: ToString>(&mut self, of: u128, texts: &[S]) -> MintJobId {
        let texts: Vec<_> = texts.iter().map(S::to_string).collect();
        self.submit(MintRequest {
            serials: Some(texts.iter().map(String::as_str).collect()),
            ..serials(of, texts.len() as u64)
        })
    }

    pub fn work_off(&self) {
        block_on(work_off(
            &self.service,
            Timestamp::from_unix_millis(NOON * 2),
        ));
    }

    pub fn write<E: TypedEvents>(&self, kind: StreamKind, id: Uuid, events: &[E]) {
        let codec = Codec::new();
        let events: Vec<_> = events
            .iter()
            .map(|event| codec.encode(event).unwrap())
            .collect();
        let commit = Commit::builder(
            brand(1),
            CommitId::from_uuid(Uuid::from_u128(u128::from(
                self.written.fetch_add(1, Ordering::Relaxed),
            ))),
            noon(),
            Actor::Scan,
            CorrelationId::from_uuid(Uuid::from_u128(1)),
        );
        let commit = commit.write(StreamId::new(kind, id), Expected::Any, events);
        block_on(self.log.commit(&commit.build().unwrap())).unwrap();
    }

    pub fn export(&mut self, id: Uuid) -> ExportId {
        let expires_at = noon();
        let facts = ExportFacts {
            mint_batch_id: self.jobs[0].batch(),
            format: ExportFormat::QrManifest,
            units: 1,
            profile: None,
            options: ExportOptions::default(),
        };
        let requested = ExportEvent::Requested(ExportRequested { facts, expires_at });
        let packs = 1;
        let completed = ExportEvent::Completed(ExportCompleted { packs, expires_at });
        self.write(StreamKind::Export, id, &[requested, completed]);
        self.exports.push(ExportId::from_uuid(id));
        ExportId::from_uuid(id)
    }

    fn activate(&self, unit: &UnitRow) {
        let event = UnitEvent::Activated(UnitActivated {
            mint_batch_id: unit.mint_batch_id,
            index: unit.index,
        });
        self.write(StreamKind::MintUnit, *unit.mint_unit_id.as_uuid(), &[event]);
    }

    fn revoke(&self, unit: &UnitRow) {
        let event = UnitEvent::Revoked(UnitRevoked {
            mint_batch_id: unit.mint_batch_id,
            index: unit.index,
            reason: "lost".parse().unwrap(),
        });
        let id = Uuid::from_u128(unit.mint_unit_id.as_uuid().as_u128() ^ 1);
        self.write(StreamKind::MintUnit, id, &[event]);
    }

    pub fn search(
        &self,
        text: &str,
        cursor: Option<&Cursor>,
    ) -> Result<Page<SearchHit>, ReadsError> {
        let scope = owner(brand(1)).to_read(brand(1)).unwrap();
        block_on(self.reads().search(&scope, text, cursor))
    }

    pub fn things(&self) -> Things {
        let scope = owner(brand(1)).to_read(brand(1)).unwrap();
        let reads = self.reads();
        let (mut units, mut batches, mut lots) = (Vec::new(), Vec::new(), Vec::new());
        let mut request = PageRequest::default();
        loop {
            let filter = BatchFilter::default();
            let page = block_on(reads.list_mint_batches(&scope, &filter, &request)).unwrap();
            batches.extend(page.rows.iter().map(|row| row.mint_batch_id));
            let Some(next) = page.next_cursor else { break };
            request = request.after(next);
        }
        for batch in &batches {
            let batch = *batch;
            let detail = block_on(reads.get_mint_batch_by_id(&scope, batch))
                .unwrap()
                .unwrap();
            lots.extend(
                detail
                    .lots
                    .into_iter()
                    .filter_map(|lot| Some((lot.lot_id?, lot.lot_code, lot.resolver_url?))),
            );
            let made = block_on(async {
                match reads.units(&scope, batch, 0).await {
                    Ok(units) => units.try_collect::<Vec<_>>().await.unwrap(),
                    Err(ReadsError::NoUnits(_)) => Vec::new(),
                    Err(error) => panic!("{error}"),
                }
            });
            units.extend(made);
        }
        Things {
            units,
            batches,
            lots,
        }
    }

    /// What a plain loop over all things finds.
    pub fn looped(&self, things: &Things, text: &str) -> BTreeSet<String> {
        let text = text.trim();
        if text.chars().count() < 2 {
            return BTreeSet::new();
        }
        let lower = text.to_ascii_lowercase();
        let by_id = |id: String| id.starts_with(&lower);
        let units = things.units.iter().filter(|unit| {
            let serial = unit.serial.as_ref();
            by_id(unit.mint_unit_id.to_string())
                || serial.is_some_and(|serial| serial.as_str().starts_with(text))
        });
        let products = self.products.iter().filter(|product| {
            let gtin = product
                .gtin
                .map(|gtin| gtin.to_string())
                .unwrap_or_default();
            let zeros = gtin.len() - gtin.trim_start_matches('0').len();
            product.sku.to_ascii_lowercase().starts_with(&lower)
                || (0..=zeros).any(|zeros| gtin[zeros..].starts_with(text))
        });
        let batches = things.batches.iter().filter(|id| by_id(id.to_string()));
        let exports = self.exports.iter().filter(|id| by_id(id.to_string()));
        let units = units.map(|unit| format!("token {}", unit.mint_unit_id));
        units
            .chain(products.map(|product| format!("product {}", product.id)))
            .chain(batches.map(|id| format!("batch {id}")))
            .chain(exports.map(|id| format!("export {id}")))
            .collect()
    }
}

pub fn name(hit: &SearchHit) -> String {
    match hit {
        SearchHit::Product(hit) => format!("product {}", hit.product_id),
        SearchHit::Token(hit) => format!("token {}", hit.mint_unit_id),
        SearchHit::Lot(hit) => format!("lot {}", hit.lot_id),
        SearchHit::Batch(hit) => format!("batch {}", hit.mint_batch_id),
        SearchHit::Export(hit) => format!("export {}", hit.export_id),
        other => panic!("{other:?}"),
    }
}

pub fn tagged(characters: u8) -> SerialScheme {
    let tag_length = TagLength::new(characters).unwrap();
    SerialScheme::Randomised { tag_length }
}

pub fn sequential(prefix: &str, digits: u8) -> SerialScheme {
    SerialScheme::Sequential(SequentialFormat::new(prefix, digits).unwrap())
}

/// Serials that mean something elsewhere.
pub const PROVIDED: [&str; 18] = [
    "%",
    "%_",
    "%_%",
    "_",
    "*?",
    "*?*",
    "'--",
    "\"x\"",
    "A://B",
    "A://BC",
    "/mu/x",
    "/01/x",
    "(01)",
    "01A3",
    "01a3",
    "01a3-",
    "SN-00000001-X",
    "SN-0000",
];

fn many_provided() -> Vec<String> {
    (0..43).map(|number| format!("01a3{number:03}")).collect()
}

pub fn gtin() -> Gtin {
    GTIN.parse().unwrap()
}
