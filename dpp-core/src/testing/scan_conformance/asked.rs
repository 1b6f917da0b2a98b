//! T08 to T10: units, brands, and what is not there.

use super::case::ScanCase;
use super::{ScanFixture, Violation};
use crate::store::{ScanDays, ScanQuery};
use crate::testing::kit::Checked;

/// T08: a unit tells when its first and last scans were, by their times, and how many there are; a
/// lot of the same number and a unit of another batch are none of it.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t08_the_scans_of_a_unit(fixture: &ScanFixture) -> Result<(), Violation> {
    let mut case = ScanCase::open(fixture, "T08").await;
    let (unit, alone) = (case.unit(1, 1, 5), case.unit(1, 1, 4));
    let first = case.scans(&[
        ("2027-02-18T09:30:00.002Z", unit),
        ("2027-02-18T09:30:00.004Z", unit),
        ("2027-02-18T09:30:00.003Z", unit),
        ("2027-02-18T09:30:00.001Z", case.lot(1, 1, 5)),
        ("2027-02-18T09:30:00.001Z", case.batch_as_such(1, 1)),
        ("2027-02-18T09:30:00.001Z", case.product_as_such(1)),
        ("2029-01-01T00:00:00.000Z", case.unit(1, 2, 5)),
        ("2027-02-18T09:30:00.007Z", alone),
    ])?;
    // What is appended later happened before, and in another month.
    let later = case.scans(&[
        ("2027-01-31T23:59:59.999Z", unit),
        ("2027-04-01T00:00:00.000Z", unit),
        ("2027-03-01T00:00:00.000Z", unit),
    ])?;
    for scans in [first, later] {
        case.append(&scans).await?;
        for (batch, index) in [(1, 5), (1, 4), (2, 5)] {
            let batch = case.batch(batch);
            case.unit_agrees(case.brand, batch, index).await?;
        }
    }
    Ok(())
}

/// T09: brands are apart: nothing of one brand is counted for another.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t09_brands_are_apart(fixture: &ScanFixture) -> Result<(), Violation> {
    let mut case = ScanCase::open(fixture, "T09").await;
    let brands = [case.brand, case.brand(1)];
    // The same product, batch and unit in both, so often.
    for (brand, times) in brands.into_iter().zip([1, 2]) {
        for hour in 0..times {
            let at = format!("2027-02-18T0{hour}:30:00.000Z");
            let scan = case.scan(brand, &at, case.unit(1, 1, 5))?;
            case.append(&[scan]).await?;
        }
    }
    for brand in brands {
        case.days_agree(brand, &ScanQuery::ALL, ScanDays::ALL)
            .await?;
        case.products_agree(brand, ScanDays::ALL).await?;
        case.batches_agree(brand, None, ScanDays::ALL).await?;
        case.unit_agrees(brand, case.batch(1), 5).await?;
    }
    Ok(())
}

/// T10: what is not there is an empty answer, not an error; so is a range that ends before it
/// begins.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t10_nothing_is_an_empty_answer(fixture: &ScanFixture) -> Result<(), Violation> {
    let mut case = ScanCase::open(fixture, "T10").await;
    is_empty(&case, ScanDays::ALL).await?;
    case.unit_agrees(case.brand, case.batch(1), 0).await?;
    let scans = [("2027-02-18T09:30:00.000Z", case.unit(1, 1, 0))];
    let scans = case.scans(&scans)?;
    case.append(&scans).await?;
    for (first, last) in [
        ("2027-02-19", "2027-02-17"),
        ("2027-01-01", "2027-02-17"),
        ("2031-01-01", "2031-12-31"),
    ] {
        is_empty(&case, case.days(first, last)?).await?;
    }
    case.unit_agrees(case.brand, case.batch(9), 1).await?;
    case.unit_agrees(case.brand, case.batch(1), u32::MAX).await
}

/// Asks for products and batches that are there, and for others.
async fn is_empty(case: &ScanCase, days: ScanDays) -> Checked {
    let brand = case.brand;
    for product in [None, Some(case.product(1)), Some(case.product(9))] {
        for batch in [None, Some(case.batch(1)), Some(case.batch(9))] {
            let query = ScanQuery { product, batch };
            case.days_agree(brand, &query, days).await?;
        }
        case.batches_agree(brand, product, days).await?;
    }
    case.products_agree(brand, days).await
}
