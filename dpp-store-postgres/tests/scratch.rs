//! scratch
use dpp_core::event_store_conformance;
use dpp_core::testing::conformance::Fixture;
use dpp_store_postgres::{Options, PostgresStore};
use std::sync::LazyLock;
static RT: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| tokio::runtime::Runtime::new().unwrap());
async fn open() -> PostgresStore {
    let o = Options::parse("host=/tmp/pgx user=dpp dbname=postgres").unwrap().schema("scratch").unwrap();
    RT.spawn(async move { PostgresStore::open(&o).await.unwrap() }).await.unwrap()
}
event_store_conformance!(postgres, Fixture::new(open).reopened_by(open).block_on(|f| RT.block_on(f)));
