//! Scans: their contract, their partitions, their plans, and what fails.

mod differential;
mod failing;
mod kept;
mod made;
mod months;
mod plans;

use std::sync::Arc;

use dpp_core::scan_store_conformance;
use dpp_core::testing::scan_conformance::ScanFixture;
use dpp_store_postgres::testing::TestSchema;

use crate::support::{block_on, open, options};

fn in_months() -> ScanFixture {
    let schema = Arc::new(TestSchema::new());
    let options = Arc::new(options(&schema));
    ScanFixture::new(move || {
        let (options, schema) = (options.clone(), schema.clone());
        async move {
            let store = open(&options).await;
            drop(schema);
            store.scans()
        }
    })
    .run_with(|test| block_on(test))
}

scan_store_conformance!(in_table, in_months());
