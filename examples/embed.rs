//! Mints a thousand units on the store in memory, and prints what goes on the first three.
use std::{error::Error, sync::Arc, time::SystemTime};

use dpp_core::mint::{ActivationMode, MintRequest};
use dpp_core::passport::{Brand, Product};
use dpp_core::service::{Did, EntropyError, Host, MintService, Settings, Worker};
use dpp_core::store::log::{PageLimit, WorkerName};
use dpp_core::{Caller, Role, Timestamp, UserId, read::ReadFold};
use dpp_store_memory::{MemoryCatalogue, MemoryStore};
use serde_json::{from_value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let id = "6513270e-269e-4d37-b2a7-4de452e6b438";
    let brand: Brand = from_value(json!({
        "id": id, "name": "Nordlin", "resolver": "https://id.nordlin.example",
    }))?;
    let product: Product = from_value(json!({
        "id": id, "brand_id": id, "sku": "NL-TEE-1001", "name": "Organic crew tee",
        "gtin": "09506000134352", "commercial_status": "active",
    }))?;
    let caller = Caller::user(UserId::parse(id)?).with_role(brand.id, Role::Owner);
    let request = MintRequest::of_serials(brand.id, product.id, 1_000, ActivationMode::FirstScan);
    let scope = caller.to_read(brand.id)?;

    let log = Arc::new(MemoryStore::default());
    let host = Host {
        catalogue: Arc::new(
            MemoryCatalogue::default()
                .with_brand(brand)
                .with_product(product),
        ),
        entropy: Arc::new(|bytes: &mut [u8]| getrandom::fill(bytes).map_err(EntropyError::new)),
    };
    let reads = Arc::new(ReadFold::new(log.clone()));
    let service = MintService::new(log, reads, host, Settings::default());
    let mut worker = Worker::new(service.clone(), WorkerName::parse("worker-1")?);
    let now = || Timestamp::from(SystemTime::now());

    futures::executor::block_on(async {
        let job = service.submit(&caller, request, now()).await?.job();
        let batch = job.ok_or("the request was blocked")?.batch();
        while worker.run_once(now()).await?.did != Did::Nothing {}
        let page = service
            .reads()
            .unit_page(&scope, batch, 0, PageLimit::new(3))
            .await?;
        page.units
            .iter()
            .for_each(|unit| println!("{}", unit.resolver_url));
        Ok(())
    })
}
