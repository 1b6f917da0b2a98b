//! T08 to T10: units, brands, and what is not there.

use super::case::ScanCase;
use super::{ScanFixture, Violation};
use crate::store::{ScanDays, ScanQuery};

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
        for (batch, index) in [(1, 5), (1, 4), (2, 5), (2, 4), (1, 0), (1, u32::MAX)] {
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
    let [a, b, none] = [case.brand, case.brand(1), case.brand(2)];
    // The same products, batches and units in both.
    let scans = [
        case.scan(a, "2027-02-18T09:30:00.000Z", case.unit(1, 1, 5))?,
        case.scan(a, "2027-02-18T09:30:00.000Z", case.product_as_such(2))?,
        case.scan(b, "2027-02-18T09:30:00.001Z", case.unit(1, 1, 5))?,
        case.scan(b, "2027-02-19T09:30:00.000Z", case.lot(1, 1, 5))?,
        case.scan(b, "2027-03-19T09:30:00.000Z", case.unit(1, 1, 6))?,
    ];
    case.append(&scans).await?;
    for brand in [a, b, none] {
        case.all_agree(brand).await?;
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
    let unit = case.unit(1, 1, 0);
    let nobody = case.brand(1);
    for _ in 0..2 {
        let backwards = ScanDays {
            first: case.read("2027-02-18")?,
            last: case.read("2027-02-17")?,
        };
        let elsewhere = ScanDays {
            first: case.read("2031-01-01")?,
            last: case.read("2031-12-31")?,
        };
        for (brand, days) in [
            (nobody, ScanDays::ALL),
            (case.brand, backwards),
            (case.brand, elsewhere),
        ] {
            for product in [None, Some(case.product(1)), Some(case.product(9))] {
                let batch = product.map(|_| case.batch(1));
                let query = ScanQuery { product, batch };
                case.days_agree(brand, &query, days).await?;
                case.batches_agree(brand, product, days).await?;
            }
            case.products_agree(brand, days).await?;
        }
        for (brand, batch) in [(nobody, 1), (case.brand, 9)] {
            case.unit_agrees(brand, case.batch(batch), 0).await?;
        }
        let scans = case.scans(&[("2027-02-18T09:30:00.000Z", unit)])?;
        case.append(&scans).await?;
    }
    Ok(())
}
