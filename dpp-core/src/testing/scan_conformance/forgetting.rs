//! T11 and T12: forgetting.

use super::case::ScanCase;
use super::{ScanFixture, Violation};
use crate::BrandId;
use crate::resolver::ScanRecord;
use crate::testing::kit::Checked;

impl ScanCase {
    async fn forget(&mut self, before: &str) -> Checked<u64> {
        let forgotten = self.store.forget_before(self.read(before)?).await;
        let failed = |error| self.violation(format!("forgetting gave the error `{error}`"));
        forgotten.map_err(failed)
    }

    /// Forgets what was told to be there, and nothing else.
    async fn forget_told(&mut self, before: &str) -> Checked {
        let forgotten = self.forget(before).await?;
        let day = self.read(before)?;
        let due = self.told.forget_before(day);
        let what = format!("how many scans before {before} were forgotten");
        self.same(&what, &forgotten, &due)
    }

    /// Long ago, so that forgetting is about nothing else.
    fn old(&self, brand: BrandId) -> Checked<Vec<ScanRecord>> {
        let unit = self.unit(1, 1, 5);
        [
            ("1980-01-31T23:59:59.999Z", unit),
            ("1980-02-09T00:00:00.000Z", self.product_as_such(2)),
            ("1980-02-09T23:59:59.999Z", unit),
            ("1980-02-10T00:00:00.000Z", unit),
            ("1980-02-11T12:00:00.000Z", self.lot(1, 1, 5)),
            ("1980-03-01T00:00:00.000Z", unit),
            ("1980-05-31T00:00:00.000Z", self.batch_as_such(1, 1)),
            ("1980-06-01T00:00:00.000Z", unit),
        ]
        .iter()
        .map(|(at, scanned)| self.scan(brand, at, *scanned))
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
    let brands = [case.brand, case.brand(1)];
    for brand in brands {
        let scans = case.old(brand)?;
        case.append(&scans).await?;
    }
    for before in [
        "1980-01-31",
        "1980-02-10",
        "1980-02-10",
        "1980-03-01",
        "1980-06-01",
        "2000-01-01",
    ] {
        case.forget_told(before).await?;
        for brand in brands {
            case.all_agree(brand).await?;
            case.unit_agrees(brand, case.batch(1), 5).await?;
        }
    }
    Ok(())
}

/// T12: scans of a day that was forgotten can be appended like any others.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t12_a_forgotten_day_can_be_used_again(fixture: &ScanFixture) -> Result<(), Violation> {
    let mut case = ScanCase::open(fixture, "T12").await;
    case.forget("2000-01-01").await?;
    for _ in 0..3 {
        let scans = case.old(case.brand)?;
        case.append(&scans).await?;
        case.append(&scans).await?;
        case.all_agree(case.brand).await?;
        case.forget_told("1980-05-07").await?;
        case.all_agree(case.brand).await?;
    }
    Ok(())
}
