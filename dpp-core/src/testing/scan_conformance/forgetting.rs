//! T11 and T12: forgetting.

use super::case::ScanCase;
use super::{ScanFixture, Violation};
use crate::BrandId;
use crate::resolver::ScanRecord;
use crate::store::{ScanDay, ScanDays, ScanQuery};
use crate::testing::kit::Checked;

/// Days that are so long ago that forgetting is about nothing else, but for their year.
const LONG_AGO: [(&str, u32); 8] = [
    ("01-31T23:59:59.999Z", 9),
    ("02-09T00:00:00.000Z", 5),
    ("02-09T23:59:59.999Z", 5),
    ("02-10T00:00:00.000Z", 5),
    ("02-11T12:00:00.000Z", 5),
    ("03-01T00:00:00.000Z", 5),
    ("05-31T00:00:00.000Z", 5),
    ("06-01T00:00:00.000Z", 5),
];

impl ScanCase {
    async fn forget(&mut self, before: &str) -> Checked<(u64, u64)> {
        let day: ScanDay = self.read(before)?;
        let forgotten = self.store.forget_before(day).await;
        let failed = |error| self.violation(format!("forgetting gave the error `{error}`"));
        let forgotten = forgotten.map_err(failed)?;
        Ok((forgotten, self.told.forget_before(day)))
    }

    /// Forgets what was told to be there, and says so.
    async fn forget_told(&mut self, before: &str) -> Checked {
        let (forgotten, due) = self.forget(before).await?;
        let what = format!("how many scans before {before} were forgotten");
        self.same(&what, &forgotten, &due)
    }

    /// Scans of two units of a batch.
    fn old(&self, brand: BrandId, year: &str, batch: u64) -> Checked<Vec<ScanRecord>> {
        let scans = LONG_AGO.iter();
        scans
            .map(|(at, index)| {
                let at = format!("{year}-{at}");
                self.scan(brand, &at, self.unit(batch, batch, *index))
            })
            .collect()
    }
}

/// T11: the scans of all brands and of every day before the one that is named are removed, and how
/// many is told; those of that day and later stay. Forgetting again removes nothing.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t11_what_is_older_is_forgotten(fixture: &ScanFixture) -> Result<(), Violation> {
    let mut case = ScanCase::open(fixture, "T11").await;
    case.forget("2000-01-01").await?;
    case.forget_told("2000-01-01").await?;
    let brands = [(case.brand, "1980", 1), (case.brand(1), "1990", 2)];
    for (brand, year, batch) in brands {
        let scans = case.old(brand, year, batch)?;
        case.append(&scans).await?;
    }
    for (asked, before) in [
        (&brands[..], "1980-01-31"),
        (&brands, "1980-02-10"),
        (&brands, "1980-02-10"),
        (&brands, "1980-03-01"),
        (&brands, "1980-06-01"),
        (&brands[1..], "1990-02-10"),
        (&brands[1..], "1990-04-01"),
        (&[], "2000-01-01"),
    ] {
        case.forget_told(before).await?;
        for (brand, year, batch) in asked {
            let days = case.days(&format!("{year}-01-01"), &format!("{year}-12-31"))?;
            are_left(&case, *brand, days, *batch).await?;
        }
    }
    Ok(())
}

/// Every answer is about what is left.
async fn are_left(case: &ScanCase, brand: BrandId, days: ScanDays, batch: u64) -> Checked {
    case.days_agree(brand, &ScanQuery::ALL, days).await?;
    case.products_agree(brand, days).await?;
    case.batches_agree(brand, None, days).await?;
    for index in [5, 9] {
        case.unit_agrees(brand, case.batch(batch), index).await?;
    }
    Ok(())
}

/// T12: scans of a day that was forgotten can be appended like any others.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t12_a_forgotten_day_can_be_used_again(fixture: &ScanFixture) -> Result<(), Violation> {
    let mut case = ScanCase::open(fixture, "T12").await;
    let brand = case.brand;
    case.forget("2000-01-01").await?;
    for _ in 0..3 {
        let scans = case.old(brand, "1980", 1)?;
        case.append(&scans).await?;
        let got = case.total(brand, ScanDays::ALL).await?;
        case.same("the number of scans", &got, &(scans.len() as u64))?;
        case.forget("1981-01-01").await?;
    }
    Ok(())
}
