//! The packs of an export have the same bytes whatever store its log is in.

#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dpp_core::export::{ExportFormat, Sha256Digest};
use dpp_core::mint::{ActivationMode, MintRequest};
use dpp_core::read::ReadFold;
use dpp_core::service::{EntropyError, Host, MintService, Settings, Worker};
use dpp_core::store::{EventStore, ReadStore};
use dpp_core::{BrandId, Caller, Role, Timestamp, UserId, WorkerName};
use dpp_examples::CatalogueFile;
use dpp_exports::storage::PackStorage;
use dpp_exports::{ExportOrder, Exporter};
use dpp_store_memory::MemoryStore;
use dpp_store_postgres::testing::TestSchema;
use dpp_store_postgres::{Options, PostgresStore};

const FORMATS: [ExportFormat; 3] = [
    ExportFormat::Manifest,
    ExportFormat::NfcManifest,
    ExportFormat::QrBundle,
];

fn now() -> Timestamp {
    "2027-02-18T09:30:00Z".parse().unwrap()
}

/// The same numbers in the same order, each time.
fn host(catalogue: &CatalogueFile) -> Host {
    let drawn = AtomicU64::new(1);
    let entropy = move |bytes: &mut [u8]| -> Result<(), EntropyError> {
        for chunk in bytes.chunks_mut(8) {
            let number = drawn.fetch_add(1, Ordering::Relaxed);
            let number = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
            chunk
                .iter_mut()
                .zip(number)
                .for_each(|(to, from)| *to = from);
        }
        Ok(())
    };
    Host {
        catalogue: Arc::new(catalogue.to_memory()),
        entropy: Arc::new(entropy),
    }
}

/// Mints on this store, lets things happen to units before and after the request, and makes
/// every format.
async fn packs(log: Arc<dyn EventStore>, reads: Arc<dyn ReadStore>) -> Vec<Sha256Digest> {
    let catalogue = CatalogueFile::of_the_examples().unwrap();
    let service = MintService::new(log, reads, host(&catalogue), Settings::default());
    let brand = catalogue.brand.id;
    let user = UserId::parse("8e81973e-0bec-47b0-b898-d190f9ebdacc").unwrap();
    let owner = Caller::user(user).with_role(brand, Role::Owner);
    let product = catalogue.products.first().unwrap().id;
    let request = MintRequest::of_serials(brand, product, 10_020, ActivationMode::FirstScan);
    let submitted = service.submit(&owner, request, now()).await.unwrap();
    let batch = submitted.job().unwrap().batch();
    let name = WorkerName::parse("exports-of-stores").unwrap();
    let mut worker = Worker::new(service.clone(), name.clone());
    worker.run_until_idle(now).await.unwrap();
    let scan = async |index| activate(&service, &owner, brand, batch, index).await;
    scan(3).await;
    let exporter = Exporter::new(service.exports(), PackStorage::memory());
    let mut digests = Vec::new();
    for format in FORMATS {
        let order = ExportOrder::of(brand, batch, format);
        let asked = exporter.request(&owner, &order, now()).await.unwrap();
        scan(5_000 + digests.len() as u32).await;
        let made = exporter.generate(&owner, brand, asked.export_id, &name, now, |_| {});
        digests.extend(made.await.unwrap().iter().map(|file| file.sha256));
    }
    digests
}

async fn activate(
    service: &MintService,
    owner: &Caller,
    brand: BrandId,
    batch: dpp_core::identity::MintBatchId,
    index: u32,
) {
    let scope = owner.to_read(brand).unwrap();
    let row = service.reads().unit_at(&scope, batch, index).await.unwrap();
    let unit = row.unwrap().mint_unit_id;
    let scanner = Caller::scan();
    let scanned = service.activate_unit(&scanner, brand, unit, now());
    scanned.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn packs_have_the_same_bytes_whatever_store_the_log_is_in() {
    let memory = Arc::new(MemoryStore::default());
    let in_memory = packs(memory.clone(), Arc::new(ReadFold::new(memory))).await;
    assert_eq!(in_memory.len(), 2 * FORMATS.len());
    let schema = tokio::task::spawn_blocking(TestSchema::new).await.unwrap();
    let options = Options::parse(schema.url()).unwrap();
    let options = options.schema(schema.name()).unwrap();
    let database = Arc::new(PostgresStore::open(&options).await.unwrap());
    let in_database = packs(database.clone(), database.clone()).await;
    assert_eq!(in_database, in_memory);
    drop(database);
    tokio::task::spawn_blocking(move || drop(schema))
        .await
        .unwrap();
}
