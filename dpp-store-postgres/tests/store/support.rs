//! A store of its own for each test, on the server that they share.

use std::future::Future;
use std::sync::LazyLock;

use dpp_store_postgres::testing::TestSchema;
use dpp_store_postgres::{Options, PostgresStore};
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// Runs a test to its end, on threads of which some may block.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    RUNTIME.block_on(future)
}

/// How to open a store in this schema.
pub(crate) fn options(schema: &TestSchema) -> Options {
    let options = Options::parse(schema.url()).unwrap();
    options.schema(schema.name()).unwrap().connections(8)
}

/// Opens the store of a schema, on the runtime of the tests.
pub(crate) async fn open(options: &Options) -> PostgresStore {
    let options = options.clone();
    let opened = RUNTIME.spawn(async move { PostgresStore::open(&options).await });
    opened.await.unwrap().unwrap()
}
