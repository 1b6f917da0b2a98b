//! The reads against their contract.

use std::sync::Arc;

use dpp_core::read_conformance;
use dpp_core::testing::read_conformance::ReadFixture;
use dpp_store_postgres::testing::TestSchema;

use crate::support::{block_on, open, options};

fn in_tables() -> ReadFixture {
    let schema = Arc::new(TestSchema::new());
    let options = Arc::new(options(&schema));
    ReadFixture::new(move || {
        let (options, schema) = (options.clone(), schema.clone());
        async move {
            let store = Arc::new(open(&options).await);
            drop(schema);
            (store.clone(), store)
        }
    })
    .run_with(|test| block_on(test))
}

read_conformance!(tables, in_tables());
