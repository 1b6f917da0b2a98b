//! T04 to T07: counting by day, by product and by batch.

use super::case::ScanCase;
use super::{ScanFixture, Violation};
use crate::resolver::Scanned;
use crate::store::{ScanDays, ScanQuery};

const NOON: &str = "2027-02-18T12:00:00.000Z";

/// T04: scans are counted by the day of their time in UTC, one row for each day that has any.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t04_scans_are_counted_by_day(fixture: &ScanFixture) -> Result<(), Violation> {
    let mut case = ScanCase::open(fixture, "T04").await;
    let unit = case.unit(1, 1, 0);
    // The last comes first, days and months have gaps, and each boundary has both of its sides.
    let times = [
        "2028-03-01T00:00:00.000Z",
        "2027-02-28T23:59:59.999Z",
        "2027-03-01T00:00:00.000Z",
        "2027-02-18T00:00:00.000Z",
        "2027-02-18T23:59:59.999Z",
        "2027-02-17T23:59:59.999Z",
        "2027-02-19T00:00:00.000Z",
        "2027-02-18T12:00:00.000Z",
        "2028-02-29T12:00:00.000Z",
        "2027-12-31T23:59:59.999Z",
        "2028-01-01T00:00:00.000Z",
    ];
    let scans = case.scans(&times.map(|at| (at, unit)))?;
    let (some, rest) = scans.split_at(4);
    for scans in [some, rest] {
        case.append(scans).await?;
        for (first, last) in [
            ("0000-01-01", "9999-12-31"),
            ("2027-02-18", "2027-02-18"),
            ("2027-02-17", "2027-02-19"),
            ("2027-02-19", "2027-02-28"),
            ("2027-02-20", "2027-02-27"),
            ("2027-03-01", "2028-02-29"),
            ("2027-12-31", "2028-01-01"),
            ("2028-03-02", "2028-12-31"),
        ] {
            let days = case.days(first, last)?;
            case.days_agree(case.brand, &ScanQuery::ALL, days).await?;
        }
    }
    Ok(())
}

/// Something of everything: products 1 to 3, of which 1 has two batches.
fn everything(case: &ScanCase) -> Vec<Scanned> {
    vec![
        case.product_as_such(1),
        case.product_as_such(3),
        case.batch_as_such(1, 1),
        case.lot(1, 1, 0),
        case.unit(1, 1, 0),
        case.unit(1, 1, 5),
        case.unit(1, 2, 5),
        case.lot(2, 3, 0),
        case.unit(2, 3, 0),
    ]
}

/// T05: only scans for which all of the query holds are counted; each part of it works alone and
/// with the other.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t05_scans_for_which_all_holds(fixture: &ScanFixture) -> Result<(), Violation> {
    let mut case = ScanCase::open(fixture, "T05").await;
    let mut scans = Vec::new();
    for at in [NOON, "2027-03-02T12:00:00.000Z"] {
        let everything = everything(&case);
        let everything: Vec<_> = everything.into_iter().map(|it| (at, it)).collect();
        scans.extend(case.spread(&everything)?);
    }
    case.append(&scans).await?;
    let products = [None, Some(1), Some(2), Some(3)];
    let batches = [None, Some(1), Some(2), Some(3)];
    for (product, batch) in products
        .iter()
        .flat_map(|product| batches.map(|batch| (*product, batch)))
    {
        let query = ScanQuery {
            product: product.map(|number| case.product(number)),
            batch: batch.map(|number| case.batch(number)),
        };
        case.days_agree(case.brand, &query, ScanDays::ALL).await?;
        let only = case.days("2027-03-01", "2027-03-31")?;
        case.days_agree(case.brand, &query, only).await?;
    }
    Ok(())
}

/// T06: products come with all scans that led to them or to something of theirs, the most scanned
/// in front, those with as many scans by id, and no more of them than asked for.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t06_products_by_their_scans(fixture: &ScanFixture) -> Result<(), Violation> {
    let mut case = ScanCase::open(fixture, "T06").await;
    let mut scans = Vec::new();
    // Product n has n + 1 scans, of which the first are of one batch each.
    for product in [4, 1, 3, 2, 5] {
        for batch in 1..=product {
            scans.push((NOON, case.unit(product, 10 * product + batch, 0)));
        }
        scans.push((NOON, case.unit(product, 11 * product, 1)));
    }
    scans.push((NOON, case.product_as_such(2)));
    for product in unsorted([6, 7, 8], |number| case.product(number)) {
        scans.extend((0..7).map(|lot| (NOON, case.lot(product, 60, lot))));
    }
    scans.extend([("2027-03-02T12:00:00.000Z", case.batch_as_such(1, 11)); 9]);
    scans.extend([("2027-02-17T23:59:59.000Z", case.product_as_such(9)); 20]);
    let scans = case.spread(&scans)?;
    case.append(&scans).await?;
    for (first, last) in [
        ("2027-02-18", "2027-02-18"),
        ("2027-02-18", "2027-03-02"),
        ("2027-02-17", "2027-03-01"),
    ] {
        let days = case.days(first, last)?;
        case.products_agree(case.brand, days).await?;
    }
    Ok(())
}

/// Numbers of what has as many scans, so that ids decide: in the order of their ids neither
/// forwards nor backwards.
fn unsorted<K: Ord>(mut numbers: [u64; 3], id: impl Fn(u64) -> K) -> [u64; 3] {
    numbers.sort_by_key(|number| id(*number));
    let [least, middle, greatest] = numbers;
    [middle, greatest, least]
}

/// T07: so do batches, with the scans of their lots and units; of one product, if one is named. A
/// scan of a product as such is of no batch.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t07_batches_by_their_scans(fixture: &ScanFixture) -> Result<(), Violation> {
    let mut case = ScanCase::open(fixture, "T07").await;
    let mut scans = Vec::new();
    for batch in [2, 4, 1, 3] {
        // Batches 1 and 3 are of product 1, and 2 and 4 of product 0.
        let product = batch % 2;
        scans.push((NOON, case.batch_as_such(product, batch)));
        scans.push((NOON, case.lot(product, batch, 0)));
        let units = 0..u32::try_from(batch).unwrap_or(0);
        scans.extend(units.map(|index| (NOON, case.unit(product, batch, index))));
    }
    for batch in unsorted([5, 6, 7], |number| case.batch(number)) {
        scans.extend((0..5).map(|index| (NOON, case.unit(1, batch, index))));
    }
    scans.extend([(NOON, case.product_as_such(1)); 9]);
    scans.extend([("2027-03-02T12:00:00.000Z", case.unit(1, 1, 0)); 9]);
    let scans = case.spread(&scans)?;
    case.append(&scans).await?;
    for product in [None, Some(0), Some(1), Some(2)] {
        let product = product.map(|number| case.product(number));
        for (first, last) in [("2027-02-18", "2027-02-18"), ("2027-01-01", "2027-12-31")] {
            let days = case.days(first, last)?;
            case.batches_agree(case.brand, product, days).await?;
        }
    }
    Ok(())
}
