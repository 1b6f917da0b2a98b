//! What somebody does to the tables by hand.

use dpp_store_postgres::testing::TestSchema;
use tokio_postgres::{Client, NoTls};

/// The tables that follow from the log.
pub(crate) const READS: [&str; 7] = [
    "batch",
    "batch_lot",
    "batch_units",
    "unit_exceptions",
    "serial_allocation",
    "provided_serial",
    "export",
];

/// A connection beside the store's.
pub(crate) async fn connect(schema: &TestSchema) -> Client {
    let (client, connection) = tokio_postgres::connect(schema.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    let name = schema.name();
    let set = format!("SET search_path TO \"{name}\"");
    client.batch_execute(&set).await.unwrap();
    client
}

/// Runs a statement; how many rows it changed.
pub(crate) async fn change(client: &Client, sql: &str) -> u64 {
    client.execute(sql, &[]).await.unwrap()
}

/// All rows that follow from the log, and the heads.
pub(crate) async fn dump(client: &Client) -> Vec<String> {
    let mut rows = Vec::new();
    for table in READS.into_iter().chain(["brand_head"]) {
        let sql = format!("SELECT '{table} ' || t::text FROM {table} t ORDER BY 1");
        let found = client.query(&sql, &[]).await.unwrap();
        rows.extend(found.iter().map(|row| row.get::<_, String>(0)));
    }
    rows
}

/// Checks that two dumps are the same, and tells only what differs.
#[track_caller]
pub(crate) fn same(now: &[String], before: &[String], after: &str) {
    let only = |one: &[String], other: &[String]| -> Vec<String> {
        let other: std::collections::HashSet<&String> = other.iter().collect();
        let rows = one.iter().filter(|row| !other.contains(row));
        rows.map(|row| row.chars().take(200).collect())
            .take(10)
            .collect()
    };
    let (new, gone) = (only(now, before), only(before, now));
    assert!(
        new.is_empty() && gone.is_empty(),
        "{after}: new {new:#?}, gone {gone:#?}"
    );
    assert_eq!(now.len(), before.len(), "{after}");
}
