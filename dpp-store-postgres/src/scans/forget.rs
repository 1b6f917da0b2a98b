//! Forgetting: whole months are dropped, and of the month in which it ends rows are deleted.

use std::time::Duration;

use dpp_core::store::ScanDay;

use super::count::count;
use super::months::month_named;
use crate::fault::{Failed, Kind};
use crate::lone::Lone;
use crate::pool::Pool;

const PARTITIONS: &str = "
    SELECT c.relname::text
      FROM pg_inherits i
      JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'scan'::regclass
     ORDER BY 1";

/// What is to be gone through as a whole may take longer than other statements, and is best gone
/// through as it lies. Whoever comes to the table while a lock of it is waited for waits, too: so
/// that is given up soon.
const BEGIN: &str = "
    BEGIN;
    SET LOCAL lock_timeout TO '250ms';
    SET LOCAL statement_timeout TO 0;
    SET LOCAL idle_in_transaction_session_timeout TO 0;
    SET LOCAL enable_seqscan TO on";

/// How many times as long as others a statement may take here.
const LONG: u32 = 20;

const DELETE: &str = "
    WITH gone AS (DELETE FROM scan WHERE day < date '1970-01-01' + $1::int4 RETURNING 1)
    SELECT count(*) FROM gone";

/// How often what cannot be locked is tried again, and after what time: longer together than
/// others' statements take.
const ATTEMPTS: u32 = 30;
const PAUSE: Duration = Duration::from_secs(1);

pub(super) async fn before(pool: &Pool, day: ScanDay) -> Result<u64, Failed> {
    let (mut forgotten, mut failures) = (0, 0);
    loop {
        match some_before(pool, day).await {
            Ok(Gone::Month(rows)) => forgotten += rows,
            Ok(Gone::Rest(rows)) => return Ok(forgotten + rows),
            Err(failed) => {
                failures += weight(failed.kind);
                if failures >= ATTEMPTS {
                    return Err(failed);
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// What was forgotten at once, and how many scans it had.
enum Gone {
    Month(u64),
    /// After which nothing is left.
    Rest(u64),
}

async fn some_before(pool: &Pool, day: ScanDay) -> Result<Gone, Failed> {
    match a_month_before(pool, day).await? {
        Some(month) => drop_month(pool, &month).await.map(Gone::Month),
        None => delete(pool, day).await.map(Gone::Rest),
    }
}

/// Locks pass; a lost connection may. What is not expected to pass is tried again only because
/// another process may have dropped the month just then.
const fn weight(kind: Kind) -> u32 {
    match kind {
        Kind::Again => 1,
        Kind::Lost => ATTEMPTS / 3,
        Kind::Refused | Kind::Mend => ATTEMPTS / 2,
    }
}

/// The name of a partition all of whose days are before this one.
async fn a_month_before(pool: &Pool, day: ScanDay) -> Result<Option<String>, Failed> {
    for row in pool.rows(PARTITIONS, &[]).await? {
        let name: String = row.try_get(0)?;
        let month = month_named(&name).map(ScanDay::month);
        if month.is_some_and(|days| days.last < day) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// Nobody adds to the month once its rows are counted. Who appends to it just then and who drops
/// it may wait for one another: the server ends that, and it is tried again.
async fn drop_month(pool: &Pool, name: &str) -> Result<u64, Failed> {
    let lone = Lone::take(pool).await?.patient(LONG);
    lone.plain(BEGIN).await?;
    let lock = format!("LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE");
    lone.plain(&lock).await?;
    let counted = format!("SELECT count(*) FROM {name}");
    let rows = lone.rows(&counted, &[]).await?;
    let rows = rows.first().map_or(Ok(0), |row| count(row, 0))?;
    lone.plain(&format!("DROP TABLE {name}")).await?;
    lone.plain("COMMIT").await?;
    lone.finish();
    Ok(rows)
}

async fn delete(pool: &Pool, day: ScanDay) -> Result<u64, Failed> {
    let lone = Lone::take(pool).await?.patient(LONG);
    lone.plain(BEGIN).await?;
    let rows = lone.rows(DELETE, &[&day.unix_days()]).await?;
    let rows = rows.first().map_or(Ok(0), |row| count(row, 0))?;
    lone.plain("COMMIT").await?;
    lone.finish();
    Ok(rows)
}
