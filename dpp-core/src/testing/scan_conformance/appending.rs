//! T01 to T03: appending.

use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::join;

use super::case::ScanCase;
use super::{ScanFixture, Violation};
use crate::resolver::{MAX_SCAN_TEXT, ScanRecord, ScanText};
use crate::testing::kit::Checked;

/// T01: every scan that was appended is counted, and once.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t01_every_scan_is_counted_once(fixture: &ScanFixture) -> Result<(), Violation> {
    let mut case = ScanCase::open(fixture, "T01").await;
    let brands = [case.brand, case.brand(1), case.brand(2)];
    let [a, b, c] = brands;
    let (late, early) = ("2027-02-18T09:30:00.000Z", "2027-02-16T09:30:00.000Z");
    let unit = case.unit(1, 1, 7);
    let of_many = [
        case.scan(c, late, unit)?,
        case.scan(a, late, unit)?,
        case.scan(b, early, case.product_as_such(1))?,
        case.scan(a, early, case.lot(1, 1, 7))?,
        case.scan(c, early, unit)?,
        case.scan(a, late, case.batch_as_such(1, 1))?,
    ];
    let alike = [case.scan(a, late, unit)?, case.scan(a, late, unit)?];
    for scans in [&of_many[..], &alike, &alike, &of_many] {
        case.append(scans).await?;
        for brand in brands {
            let got = case.total(brand).await?;
            let of_brand = case.told.0.iter().filter(|scan| scan.brand == brand);
            case.same("the number of scans", &got, &(of_brand.count() as u64))?;
        }
    }
    Ok(())
}

const EACH: u64 = 500;

/// How often a reader looks while scans are appended.
const LOOKS: u32 = 200;

/// T02: the scans of one call are seen together, over all brands, or not at all.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t02_all_or_nothing(fixture: &ScanFixture) -> Result<(), Violation> {
    let case = ScanCase::open(fixture, "T02").await;
    for round in 0..4 {
        let brands = [case.brand(2 * round), case.brand(2 * round + 1)];
        // Of either brand one month of scans after the other, so that each part is in two.
        let mut scans = Vec::new();
        for month in ["2027-02", "2027-03"] {
            for brand in brands {
                let at = format!("{month}-18T09:30:00.000Z");
                let scan = case.scan(brand, &at, case.unit(1, 1, 0))?;
                scans.extend(std::iter::repeat_n(scan, EACH as usize));
            }
        }
        let is_over = AtomicBool::new(false);
        let appending = async {
            let appended = case.store.append(&scans).await;
            is_over.store(true, Ordering::SeqCst);
            appended.map_err(|error| case.violation(format!("appending failed: {error}")))
        };
        let looking = async {
            for _ in 0..LOOKS {
                if is_over.load(Ordering::SeqCst) {
                    break;
                }
                for [one, other] in [brands, [brands[1], brands[0]]] {
                    let first = case.total(one).await?;
                    let second = case.total(other).await?;
                    is_whole(&case, first)?;
                    is_whole(&case, second)?;
                    let apart = first > 0 && second == 0;
                    case.require(!apart, "scans of one call are seen for one brand only")?;
                }
            }
            Ok(())
        };
        let (appended, looked) = join(appending, looking).await;
        appended?;
        looked?;
        for brand in brands {
            let seen = case.total(brand).await?;
            case.same("the number of scans", &seen, &(2 * EACH))?;
        }
    }
    Ok(())
}

fn is_whole(case: &ScanCase, seen: u64) -> Checked {
    let is_whole = seen == 0 || seen == 2 * EACH;
    let part = || format!("of {} scans of one call {seen} are seen", 2 * EACH);
    case.require(is_whole, part())
}

const MANY: u32 = 10_000;

/// T03: calls with 10,000 scans work, also with the longest texts; one with none does nothing.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t03_any_number_of_scans(fixture: &ScanFixture) -> Result<(), Violation> {
    let mut case = ScanCase::open(fixture, "T03").await;
    case.append(&[]).await?;
    case.all_agree(case.brand).await?;
    let longest = ScanText::of(&"/x".repeat(MAX_SCAN_TEXT));
    let scan = |index: u32| -> Checked<ScanRecord> {
        let at = format!("2027-02-{:02}T09:30:00.000Z", 1 + index % 28);
        let scan = case.scan(case.brand, &at, case.unit(1, 1, index % 1_000))?;
        Ok(ScanRecord {
            path: longest.clone(),
            query: Some(longest.clone()),
            ..scan
        })
    };
    let scans = (0..MANY).map(scan).collect::<Checked<Vec<_>>>()?;
    case.append(&scans).await?;
    case.append(&[]).await?;
    let got = case.total(case.brand).await?;
    case.same("the number of scans", &got, &u64::from(MANY))?;
    case.unit_agrees(case.brand, case.batch(1), 999).await
}
