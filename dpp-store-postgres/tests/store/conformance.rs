//! PostgreSQL keeps every clause of the contract, with small commits joined and apart.

use std::sync::Arc;

use dpp_core::event_store_conformance;
use dpp_core::testing::conformance::Fixture;
use dpp_store_postgres::Joining;
use dpp_store_postgres::testing::TestSchema;

use crate::support::{block_on, open, options};

/// All of a test's stores are of one schema, which is dropped with the test's last.
fn postgres(joining: Joining) -> Fixture {
    let schema = Arc::new(TestSchema::new());
    let options = Arc::new(options(&schema).joining(joining));
    let opening = move || {
        let (options, schema) = (options.clone(), schema.clone());
        async move {
            let store = open(&options).await;
            drop(schema);
            store
        }
    };
    Fixture::new(opening.clone())
        .reopened_by(opening)
        .block_on(|test| block_on(test))
}

event_store_conformance!(joined, postgres(Joining::Joined));
event_store_conformance!(apart, postgres(Joining::Apart));
