//! Appending scans, by one statement.

use std::collections::BTreeSet;

use dpp_core::resolver::{ScanRecord, Scanned};
use dpp_core::store::{ScanAppendError, ScanDay};
use tokio_postgres::Error;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::months::month_of;
use crate::fault::{Failed, Kind};
use crate::lone::Lone;
use crate::pool::{Pool, prepared};
use crate::store::Shared;

const INSERT: &str = "
    INSERT INTO scan (append_id, place, brand_id, day, at_ms, kind, product_id, batch_id, lot,
                      unit_index, status, path, query, agent, location, network)
    SELECT $15::uuid, s.place::int4, s.brand, date '1970-01-01' + s.day, s.at_ms, s.kind,
           s.product, s.batch, s.lot, s.unit_index, s.status, s.path, s.query, s.agent,
           s.location, s.network::cidr
      FROM unnest($1::uuid[], $2::int4[], $3::int8[], $4::text[], $5::uuid[], $6::uuid[],
                  $7::int8[], $8::int8[], $9::text[], $10::text[], $11::text[], $12::text[],
                  $13::text[], $14::text[]) WITH ORDINALITY
        AS s (brand, day, at_ms, kind, product, batch, lot, unit_index, status, path, query,
              agent, location, network, place)";

/// How often partitions are made for the same scans: retention may drop one at once.
const ATTEMPTS: u32 = 3;

pub(super) async fn all(shared: &Shared, scans: &[ScanRecord]) -> Result<(), ScanAppendError> {
    if scans.is_empty() {
        return Ok(());
    }
    let rows = Rows::of(scans).map_err(not_appended)?;
    let mut attempt = 0;
    loop {
        attempt += 1;
        let made = shared.months.make(&shared.pool, months(scans)).await;
        made.map_err(not_appended)?;
        match insert(&shared.pool, &rows).await? {
            Ok(()) => return Ok(()),
            Err(error) if attempt < ATTEMPTS && lacks_partition(&error) => {
                shared.months.look_again();
            }
            Err(error) => return Err(what_it_means(error)),
        }
    }
}

fn months(scans: &[ScanRecord]) -> BTreeSet<ScanDay> {
    let days = scans.iter().map(|scan| ScanDay::of(scan.at));
    days.map(month_of).collect()
}

/// What the database said to the statement, once it could be asked.
async fn insert(pool: &Pool, rows: &Rows<'_>) -> Result<Result<(), Error>, ScanAppendError> {
    let lone = Lone::take(pool).await.map_err(not_appended)?;
    let client = lone.client().map_err(not_appended)?;
    let statement = lone.within(prepared(client, INSERT)).await;
    let statement = statement.map_err(not_appended)?;
    let params = rows.params();
    let answer = lone.within(async { Ok(client.execute(&statement, &params).await) });
    let answer = answer.await;
    let answer = answer.map_err(|silent| ScanAppendError::Unknown(silent.fault))?;
    if answer.is_ok() {
        lone.finish();
    }
    Ok(answer.map(drop))
}

fn not_appended(failed: Failed) -> ScanAppendError {
    ScanAppendError::NotAppended(failed.fault)
}

/// A statement is a transaction of its own: if the server says that it failed, nothing of it
/// happened. If the connection was lost meanwhile, nobody knows.
fn what_it_means(error: Error) -> ScanAppendError {
    let failed = Failed::because(error);
    match failed.kind {
        Kind::Lost => ScanAppendError::Unknown(failed.fault),
        Kind::Again | Kind::Refused | Kind::Mend => not_appended(failed),
    }
}

/// PostgreSQL takes a row without a partition for a violated check, but one without a name.
fn lacks_partition(error: &Error) -> bool {
    error.as_db_error().is_some_and(|error| {
        let is_check = error.code().code() == "23514";
        is_check && error.constraint().is_none()
    })
}

/// The columns of scans.
#[derive(Debug, Default)]
struct Rows<'a> {
    brand: Vec<Uuid>,
    day: Vec<i32>,
    at_ms: Vec<i64>,
    kind: Vec<&'static str>,
    product: Vec<Uuid>,
    batch: Vec<Option<Uuid>>,
    lot: Vec<Option<i64>>,
    unit_index: Vec<Option<i64>>,
    status: Vec<Option<&'static str>>,
    path: Vec<&'a str>,
    query: Vec<Option<&'a str>>,
    agent: Vec<&'static str>,
    location: Vec<Option<String>>,
    network: Vec<Option<String>>,
    append_id: Uuid,
}

impl<'a> Rows<'a> {
    fn of(scans: &'a [ScanRecord]) -> Result<Self, Failed> {
        let mut append_id = [0; 16];
        getrandom::fill(&mut append_id).map_err(Failed::damaged)?;
        let mut rows = Self {
            append_id: Uuid::from_bytes(append_id),
            ..Self::default()
        };
        for scan in scans {
            rows.push(scan);
        }
        Ok(rows)
    }

    fn push(&mut self, scan: &'a ScanRecord) {
        let (lot, unit_index) = match scan.scanned {
            Scanned::Lot { lot, .. } => (Some(lot), None),
            Scanned::Unit { index, .. } => (None, Some(index)),
            Scanned::Product { .. } | Scanned::Batch { .. } => (None, None),
        };
        self.brand.push(*scan.brand.as_uuid());
        self.day.push(ScanDay::of(scan.at).unix_days());
        self.at_ms.push(scan.at.unix_millis());
        self.kind.push(scan.scanned.as_str());
        self.product.push(*scan.scanned.product().as_uuid());
        self.batch
            .push(scan.scanned.batch().map(|batch| *batch.as_uuid()));
        self.lot.push(lot.map(i64::from));
        self.unit_index.push(unit_index.map(i64::from));
        self.status.push(scan.status.map(|status| status.as_str()));
        self.path.push(scan.path.as_str());
        self.query
            .push(scan.query.as_ref().map(|query| query.as_str()));
        self.agent.push(scan.agent.as_str());
        self.location
            .push(scan.location.map(|location| location.to_string()));
        self.network
            .push(scan.network.map(|network| network.to_string()));
    }

    fn params(&self) -> [&(dyn ToSql + Sync); 15] {
        [
            &self.brand,
            &self.day,
            &self.at_ms,
            &self.kind,
            &self.product,
            &self.batch,
            &self.lot,
            &self.unit_index,
            &self.status,
            &self.path,
            &self.query,
            &self.agent,
            &self.location,
            &self.network,
            &self.append_id,
        ]
    }
}
