//! The partitions of the table of scans: one for each month, which any number of processes may
//! make at once.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dpp_core::store::ScanDay;

use crate::fault::Failed;
use crate::lone::Lone;
use crate::pool::Pool;

/// The months, by their first days, that have a partition and whose next month has one: what this
/// process need not look for again.
#[derive(Debug, Default)]
pub(crate) struct Months {
    known: Mutex<BTreeSet<ScanDay>>,
}

const IS_THERE: &str = "SELECT to_regclass($1) IS NOT NULL";

/// Whoever makes a partition waits here for the others who do. Neither this nor attaching a
/// partition holds up anybody who appends or counts.
const TAKE_TURNS: &str = "BEGIN; LOCK TABLE ONLY scan IN SHARE UPDATE EXCLUSIVE MODE";

impl Months {
    /// Makes the partitions that these months lack, and those of the months that come next, so
    /// that the first scan of a month finds its partition.
    pub(super) async fn make(&self, pool: &Pool, months: BTreeSet<ScanDay>) -> Result<(), Failed> {
        let new: Vec<_> = months.difference(&self.known()).copied().collect();
        for month in new {
            make(pool, month).await?;
            make(pool, next(month)).await?;
            self.known().insert(month);
        }
        Ok(())
    }

    /// A partition that was there is gone: looks for each again.
    pub(super) fn look_again(&self) {
        self.known().clear();
    }

    fn known(&self) -> MutexGuard<'_, BTreeSet<ScanDay>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn make(pool: &Pool, month: ScanDay) -> Result<(), Failed> {
    let name = name(month);
    let there = pool.rows(IS_THERE, &[&name]).await?;
    if is_there(&there)? {
        return Ok(());
    }
    let lone = Lone::take(pool).await?;
    lone.plain(TAKE_TURNS).await?;
    let there = lone.rows(IS_THERE, &[&name]).await?;
    if !is_there(&there)? {
        lone.plain(&making(month, &name)).await?;
    }
    lone.plain("COMMIT").await?;
    lone.finish();
    Ok(())
}

fn is_there(rows: &[tokio_postgres::Row]) -> Result<bool, Failed> {
    let there = rows.first().map(|row| row.try_get(0)).transpose()?;
    Ok(there.unwrap_or_default())
}

/// To make a table and attach it takes a weaker lock than to make a partition.
fn making(month: ScanDay, name: &str) -> String {
    let days = month.month();
    let (first, end) = (days.first.unix_days(), days.last.unix_days() + 1);
    format!(
        "CREATE TABLE {name} (LIKE scan INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
         ALTER TABLE scan ATTACH PARTITION {name}
           FOR VALUES FROM (date '1970-01-01' + ({first})) TO (date '1970-01-01' + ({end}))"
    )
}

/// The first day of the month of a day.
pub(super) fn month_of(day: ScanDay) -> ScanDay {
    day.month().first
}

fn next(month: ScanDay) -> ScanDay {
    let end = month.month().last.unix_days() + 1;
    month_of(ScanDay::from_unix_days(end))
}

/// How the partition of a month is named: `scan_2027_02`.
fn name(month: ScanDay) -> String {
    let text = month.to_string();
    let month = text.rsplit_once('-').map_or("", |(month, _)| month);
    format!("scan_{}", month.replace('-', "_"))
}

/// The month whose partition is named so; none if it is no name of this library's.
pub(super) fn month_named(name: &str) -> Option<ScanDay> {
    let month = name.strip_prefix("scan_")?.replace('_', "-");
    ScanDay::parse(&format!("{month}-01")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_a_name_and_a_name_its_month() {
        for (day, due) in [
            ("2027-02-18", "scan_2027_02"),
            ("0000-01-31", "scan_0000_01"),
            ("9999-12-31", "scan_9999_12"),
        ] {
            let month = month_of(ScanDay::parse(day).unwrap());
            assert_eq!(name(month), due);
            assert_eq!(month_named(due), Some(month));
        }
        for other in ["scan", "scan_by_day", "scan_2027", "scan_2027_2", "export"] {
            assert_eq!(month_named(other), None, "{other}");
        }
    }

    #[test]
    fn a_month_is_followed_by_the_next_but_for_the_last() {
        let next = |day: &str| next(ScanDay::parse(day).unwrap()).to_string();
        assert_eq!(next("2027-02-01"), "2027-03-01");
        assert_eq!(next("2027-12-01"), "2028-01-01");
        assert_eq!(next("9999-12-01"), "9999-12-01");
    }
}
