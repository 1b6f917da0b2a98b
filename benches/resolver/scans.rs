//! Requests, and what has to be known of the world for their answers.

use std::sync::Arc;

use dpp_benches::{Host, MILLION, scattered};
use dpp_core::identity::Unit;
use dpp_core::mint::BatchCodes;
use dpp_core::read::BatchUnits;
use dpp_core::resolver::{
    Facts, GtinProducts, Place, ScanRequest, ScannedBatch, ScannedProduct, SerialOwner, Site,
};
use dpp_core::unit::UnitStatus;

const ACTIVE: u32 = 1_000;

const GTIN: &str = "09506000134352";
const PHONE: &[u8] =
    b"Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 \
    (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1";
const BOT: &[u8] = b"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const BROWSER: &[u8] = b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const LINKSET: &[u8] = b"application/linkset+json";

/// A scan with a phone.
pub(crate) fn request(path: &str) -> ScanRequest<'_> {
    ScanRequest {
        method: "GET",
        host: Some(b"id.nordlin.example"),
        path: path.as_bytes(),
        query: None,
        user_agent: Some(PHONE),
        accept: Some(BROWSER),
        accept_language: Some(b"de-DE,de;q=0.9,en;q=0.8"),
        client: Some([203, 0, 113, 7].into()),
    }
}

/// A host with a million units, of which some are active.
pub(crate) struct Scans {
    pub(crate) host: Host,
    pub(crate) active: Vec<Unit>,
    units: BatchUnits,
}

/// A request with all that its answer hangs on.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) status: u16,
    pub(crate) facts: Facts,
    path: String,
    user_agent: &'static [u8],
    accept: &'static [u8],
}

impl Case {
    pub(crate) fn request(&self) -> ScanRequest<'_> {
        ScanRequest {
            user_agent: Some(self.user_agent),
            accept: Some(self.accept),
            ..request(&self.path)
        }
    }
}

impl Scans {
    pub(crate) fn new() -> Self {
        let host = Host::new().unwrap();
        let batch = host.mint(MILLION).unwrap();
        host.activate(batch, 0..ACTIVE).unwrap();
        let units = host.units(batch).unwrap();
        let indexes = (0..ACTIVE).map(scattered);
        let active = indexes.map(|index| units.identity().unit(index).unwrap());
        Self {
            active: active.collect(),
            host,
            units,
        }
    }

    pub(crate) fn cases(&self) -> Vec<Case> {
        let unit = std::slice::from_ref(&self.active[0]);
        let case = |name, path: Vec<String>, status| Case {
            name,
            status,
            facts: self.facts(Site::new(self.host.brand, "Nordlin")),
            path: path.into_iter().next().unwrap(),
            user_agent: PHONE,
            accept: BROWSER,
        };
        let conformant = || self.facts(Site::new(self.host.brand, "Nordlin").gs1_conformant());
        vec![
            case("a GTIN and a serial", Asked::links(unit), 302),
            case("a unit's id", Asked::ids(unit), 302),
            case("a forged serial", Asked::forged_links(unit), 404),
            case("a forged id", Asked::forged_ids(unit), 404),
            Case {
                user_agent: BOT,
                ..case("a bot", Asked::links(unit), 200)
            },
            Case {
                facts: conformant(),
                ..case("of a conformant resolver", Asked::links(unit), 307)
            },
            Case {
                facts: conformant(),
                accept: LINKSET,
                ..case("a linkset", Asked::links(unit), 200)
            },
        ]
    }

    fn facts(&self, site: Site) -> Facts {
        let record = &self.units.record().batch;
        let (product, batch) = (self.host.product, record.facts.mint_batch_id);
        let codes = BatchCodes::of(&record.facts, record.identity.as_ref().unwrap());
        let scanned = ScannedBatch {
            facts: record.facts.clone(),
            codes: Arc::new(codes),
        };
        let owner = SerialOwner {
            batch: Some(batch),
            brings_own: false,
        };
        let products = GtinProducts {
            owners: Vec::new(),
            minted: vec![product],
        };
        let (place, status) = (Place::Unit(scattered(0)), UnitStatus::Active);
        let shown = ScannedProduct::new("Organic crew tee");
        let mut facts = Facts::default();
        facts.set_site(Some(Arc::new(site)));
        facts.set_products(Arc::new(products));
        facts.add_owner(product, owner);
        facts.add_batch(batch.prefix(), Some(scanned));
        facts.add_status(batch, place, Some(status));
        facts.set_product(Some(Arc::new(shown)));
        facts
    }
}

/// What is asked for: paths.
pub(crate) struct Asked;

impl Asked {
    pub(crate) fn links(units: &[Unit]) -> Vec<String> {
        let serials = units.iter().map(|unit| unit.serial.unwrap());
        serials
            .map(|serial| format!("/01/{GTIN}/21/{serial}"))
            .collect()
    }

    pub(crate) fn ids(units: &[Unit]) -> Vec<String> {
        units
            .iter()
            .map(|unit| format!("/mu/{}", unit.id))
            .collect()
    }

    pub(crate) fn forged_links(units: &[Unit]) -> Vec<String> {
        Self::links(units).into_iter().map(forged).collect()
    }

    pub(crate) fn forged_ids(units: &[Unit]) -> Vec<String> {
        Self::ids(units).into_iter().map(forged).collect()
    }
}

/// The same with another last character, so that its tag is wrong.
fn forged(mut path: String) -> String {
    let last = path.pop();
    path.push(if last == Some('0') { '1' } else { '0' });
    path
}
