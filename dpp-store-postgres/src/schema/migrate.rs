//! Forward-only migrations, which any number of processes may start at once.

use std::time::Duration;

use dpp_core::store::log::StoreFault;
use tokio::time::timeout;
use tokio_postgres::{Client, Transaction};

use super::name::SchemaName;
use crate::fault::Failed;

/// One step of the schema.
#[derive(Debug, Clone, Copy)]
struct Migration {
    name: &'static str,
    sql: &'static str,
}

/// Every step there is, in order; the first brings the schema to version 1. They are never
/// changed once released: what is to be otherwise is a step of its own.
const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "log",
        sql: include_str!("0001_log.sql"),
    },
    Migration {
        name: "reads",
        sql: super::READS,
    },
    Migration {
        name: "units",
        sql: include_str!("0003_units.sql"),
    },
    Migration {
        name: "scans",
        sql: include_str!("0004_scans.sql"),
    },
];

/// Why the store cannot be opened. Nothing is half done.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The database cannot be reached, does not let the role in, or failed. Its words say which.
    #[error("the store cannot be opened: {0}")]
    Unavailable(#[source] StoreFault),
    /// The server is too old. Update it.
    #[error("the server is PostgreSQL {found}, and this release needs {oldest} or later")]
    ServerTooOld {
        /// Its version.
        found: String,
        /// The oldest major version that will do.
        oldest: u32,
    },
    /// A newer release of the library has been here. Update this one.
    #[error("schema `{schema}` has version {found}, and this release knows up to {newest}")]
    SchemaTooNew {
        /// The schema.
        schema: SchemaName,
        /// Its version.
        found: i32,
        /// The newest that this release knows.
        newest: i32,
    },
    /// The schema has tables of these names that no migration made. Name another schema, or
    /// move them away.
    #[error("schema `{schema}` was not made by this library: {reason}")]
    ForeignSchema {
        /// The schema.
        schema: SchemaName,
        /// What stands in the way.
        reason: String,
    },
    /// The role may not do what is missing. Grant it, or run the migrations with another role.
    #[error("the role may not make schema `{schema}` or its tables: {reason}")]
    Forbidden {
        /// The schema.
        schema: SchemaName,
        /// What the server said.
        reason: String,
    },
}

impl From<Failed> for OpenError {
    fn from(failed: Failed) -> Self {
        Self::Unavailable(failed.fault)
    }
}

/// The oldest major version of PostgreSQL that will do.
const OLDEST: u32 = 14;

/// How often a race for the first table is tried again.
const ATTEMPTS: u32 = 20;

/// How many statements in a row may take as long as one may: others who migrate are waited for.
const STATEMENTS: u32 = 4;

/// Brings the schema to the version of this release. A server that no longer answers is given up.
pub(crate) async fn migrate(
    client: &mut Client,
    schema: &SchemaName,
    answer_within: Duration,
) -> Result<(), OpenError> {
    let limit = answer_within * STATEMENTS;
    match timeout(limit, bring_up(client, schema)).await {
        Ok(done) => done,
        Err(_) => Err(Failed::silent(limit).into()),
    }
}

async fn bring_up(client: &mut Client, schema: &SchemaName) -> Result<(), OpenError> {
    check_server(client).await?;
    if version(client, schema).await? == Some(newest()) {
        return Ok(());
    }
    let mut attempt = 0;
    loop {
        attempt += 1;
        match step(client, schema).await {
            Err(error) if attempt < ATTEMPTS && lost_a_race(&error) => {}
            Err(error) => return Err(refused(schema, error)),
            Ok(found) if found > newest() => return Err(too_new(schema, found)),
            Ok(_) => return Ok(()),
        }
    }
}

fn newest() -> i32 {
    i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX)
}

fn too_new(schema: &SchemaName, found: i32) -> OpenError {
    OpenError::SchemaTooNew {
        schema: schema.clone(),
        found,
        newest: newest(),
    }
}

async fn check_server(client: &Client) -> Result<(), OpenError> {
    let sql =
        "SELECT current_setting('server_version'), current_setting('server_version_num')::int4";
    let row = client.query_one(sql, &[]).await.map_err(Failed::because)?;
    let found: String = row.try_get(0).map_err(Failed::because)?;
    let number: i32 = row.try_get(1).map_err(Failed::because)?;
    judge_server(found, number)
}

/// A version as text, and as the number that PostgreSQL makes of it: 140,005 for 14.5.
fn judge_server(found: String, number: i32) -> Result<(), OpenError> {
    match u32::try_from(number).unwrap_or(0) / 10_000 {
        major if major >= OLDEST => Ok(()),
        _ => Err(OpenError::ServerTooOld {
            found,
            oldest: OLDEST,
        }),
    }
}

/// The version of a schema; none if it has no table that tells.
async fn version(client: &Client, schema: &SchemaName) -> Result<Option<i32>, OpenError> {
    let table = format!("{schema}.migration");
    let row = client
        .query_one("SELECT to_regclass($1) IS NOT NULL", &[&table])
        .await;
    let known: bool = row
        .and_then(|row| row.try_get(0))
        .map_err(Failed::because)?;
    if !known {
        return Ok(None);
    }
    let sql = format!("SELECT max(version) FROM \"{schema}\".migration");
    let row = client.query_one(&sql, &[]).await;
    let found: Option<i32> = row
        .and_then(|row| row.try_get(0))
        .map_err(|error| refused(schema, error))?;
    match found {
        Some(found) if found > newest() => Err(too_new(schema, found)),
        found => Ok(found),
    }
}

/// Makes every step that is missing, in one transaction. What a statement may take otherwise is
/// no limit for it. Who comes at the same time waits for the lock of the table, which holds on
/// every node that they may be connected to.
async fn step(client: &mut Client, schema: &SchemaName) -> Result<i32, tokio_postgres::Error> {
    let transaction = client.transaction().await?;
    // A role that may not create schemas may still use one that was created for it.
    let name = schema.as_str();
    let row = transaction
        .query_one("SELECT to_regnamespace($1) IS NOT NULL", &[&name])
        .await?;
    let there: bool = row.try_get(0)?;
    if !there {
        let create = format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\"");
        transaction.batch_execute(&create).await?;
    }
    let open = format!(
        "SET LOCAL search_path TO \"{schema}\";
         SET LOCAL lock_timeout TO 0;
         SET LOCAL statement_timeout TO 0;
         CREATE TABLE IF NOT EXISTS migration (
             version integer NOT NULL,
             name text NOT NULL,
             applied_at timestamptz NOT NULL DEFAULT now()
         );
         LOCK TABLE migration IN EXCLUSIVE MODE;"
    );
    transaction.batch_execute(&open).await?;
    let row = transaction
        .query_one("SELECT coalesce(max(version), 0) FROM migration", &[])
        .await?;
    let found: i32 = row.try_get(0)?;
    for (migration, version) in MIGRATIONS.iter().zip(1..) {
        if version > found {
            apply(&transaction, migration, version).await?;
        }
    }
    transaction.commit().await?;
    Ok(found)
}

async fn apply(
    transaction: &Transaction<'_>,
    migration: &Migration,
    version: i32,
) -> Result<(), tokio_postgres::Error> {
    transaction.batch_execute(migration.sql).await?;
    let note = "INSERT INTO migration (version, name) VALUES ($1, $2)";
    let noted = transaction
        .execute(note, &[&version, &migration.name])
        .await;
    noted.map(drop)
}

/// Two that create the same schema or table at once: one of them is refused by the catalogue of
/// the server, whatever `IF NOT EXISTS` says.
fn lost_a_race(error: &tokio_postgres::Error) -> bool {
    let database = error.as_db_error();
    let of_catalogue = database
        .and_then(|error| error.table())
        .is_some_and(|table| table.starts_with("pg_"));
    let code = error.code().map(tokio_postgres::error::SqlState::code);
    let gone = matches!(code, Some("40001" | "40P01"));
    let twice = matches!(code, Some("23505" | "42P06" | "42P07" | "42710"));
    gone || (twice && (of_catalogue || code == Some("42P06")))
}

fn refused(schema: &SchemaName, error: tokio_postgres::Error) -> OpenError {
    let code = error.code().map(tokio_postgres::error::SqlState::code);
    let reason = error.as_db_error().map(|error| error.message().to_owned());
    match (code, reason) {
        (Some("42501"), Some(reason)) => OpenError::Forbidden {
            schema: schema.clone(),
            reason,
        },
        (Some("42P07" | "42703" | "42710" | "42809" | "42804"), Some(reason)) => {
            OpenError::ForeignSchema {
                schema: schema.clone(),
                reason,
            }
        }
        _ => Failed::because(error).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_before_14_is_too_old_and_the_error_names_both_versions() {
        for (text, number) in [("13.21", 130_021), ("9.6.24", 90_624), ("?", -1)] {
            let refused = judge_server(text.to_owned(), number).unwrap_err();
            let expected =
                format!("the server is PostgreSQL {text}, and this release needs 14 or later");
            assert_eq!(refused.to_string(), expected);
        }
        for (text, number) in [("14.0", 140_000), ("15.20", 150_020), ("18beta1", 180_000)] {
            assert!(judge_server(text.to_owned(), number).is_ok());
        }
    }
}
