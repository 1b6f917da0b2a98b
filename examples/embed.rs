//! Mints a thousand units on the store in memory, and prints what goes on the first three.
use dpp_core::mint::{ActivationMode, MintRequest};
use dpp_core::read::ReadFold;
use dpp_core::service::{Did, EntropyError, Host, MintService, Settings, Worker};
use dpp_core::{BrandId, Caller, ProductId, Role, Timestamp, UserId, WorkerName};
use dpp_store_memory::{MemoryCatalogue, MemoryStore};
use futures::executor::block_on;
use serde_json::{from_value, json};
use std::{error::Error, sync::Arc, time::SystemTime};

fn main() -> Result<(), Box<dyn Error>> {
    let id = "6513270e-269e-4d37-b2a7-4de452e6b438";
    let (brand, product) = (BrandId::parse(id)?, ProductId::parse(id)?);
    let nordlin = json!({"id": brand, "name": "Nordlin", "resolver": "https://nordlin.example"});
    let tee = json!({"id": product, "brand_id": brand, "sku": "TEE-1001", "name": "Crew tee",
        "gtin": "09506000134352", "commercial_status": "active"});
    let catalogue = MemoryCatalogue::default().with_brand(from_value(nordlin)?);
    let host = Host {
        catalogue: Arc::new(catalogue.with_product(from_value(tee)?)),
        entropy: Arc::new(|bytes: &mut [u8]| getrandom::fill(bytes).map_err(EntropyError::new)),
    };
    let log = Arc::new(MemoryStore::default());
    let fold = Arc::new(ReadFold::new(log.clone()));
    let service = MintService::new(log, fold, host, Settings::default());
    let now = || Timestamp::from(SystemTime::now());
    let caller = Caller::user(UserId::parse(id)?).with_role(brand, Role::Owner);

    let request = MintRequest::of_serials(brand, product, 1_000, ActivationMode::FirstScan);
    let job = block_on(service.submit(&caller, request, now()))?.job();
    let batch = job.ok_or("the request was blocked")?.batch();
    let mut worker = Worker::new(service.clone(), WorkerName::parse("worker-1")?);
    while block_on(worker.run_once(now()))?.did != Did::Nothing {}
    let (reads, scope) = (service.reads(), caller.to_read(brand)?);
    for index in 0..3 {
        let unit = block_on(reads.unit_at(&scope, batch, index))?;
        println!("{}", unit.ok_or("it was not made")?.resolver_url);
    }
    Ok(())
}
