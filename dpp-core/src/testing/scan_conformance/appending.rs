//! T01 to T03: appending.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::join;

use super::case::ScanCase;
use super::{ScanFixture, Violation};
use crate::BrandId;
use crate::resolver::{MAX_SCAN_TEXT, ScanRecord, ScanText};
use crate::store::ScanDays;
use crate::testing::kit::Checked;

/// T01: every scan that was appended is counted, and once.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t01_every_scan_is_counted_once(fixture: &ScanFixture) -> Result<(), Violation> {
    let mut case = ScanCase::open(fixture, "T01").await;
    let brands = [case.brand, case.brand(1), case.brand(2)];
    let [a, b, c] = brands;
    let unit = case.unit(1, 1, 7);
    let of_many = [
        case.scan(c, "2027-05-18T09:30:00.000Z", unit)?,
        case.scan(a, "2027-01-18T09:30:00.000Z", unit)?,
        case.scan(b, "2027-03-16T09:30:00.000Z", case.product_as_such(1))?,
        case.scan(a, "2027-01-16T09:30:00.000Z", case.lot(1, 1, 7))?,
        case.scan(c, "2027-05-16T09:30:00.000Z", unit)?,
        case.scan(a, "2027-01-18T09:30:00.000Z", case.batch_as_such(1, 1))?,
    ];
    let alike = case.scan(a, "2027-01-18T09:30:00.000Z", unit)?;
    let alike = [alike.clone(), alike];
    for scans in [&of_many[..], &alike, &alike, &of_many] {
        case.append(scans).await?;
        for (brand, month) in brands.into_iter().zip(["2027-01", "2027-03", "2027-05"]) {
            let days = case.days(&format!("{month}-01"), &format!("{month}-31"))?;
            let got = case.total(brand, days).await?;
            let of_brand = case.told.0.iter().filter(|scan| scan.brand == brand);
            case.same("the number of scans", &got, &(of_brand.count() as u64))?;
        }
    }
    Ok(())
}

/// How many scans of one call are of one brand in one month.
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
        let year = 2030 + round;
        let early = case.days(&format!("{year}-02-01"), &format!("{year}-03-31"))?;
        let late = case.days(&format!("{year}-05-01"), &format!("{year}-06-30"))?;
        let parts = [
            (case.brand(2 * round), early),
            (case.brand(2 * round + 1), late),
        ];
        let scans = of_two(&case, parts)?;
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
                let [one, other] = parts;
                seen_together(&case, one, other).await?;
                seen_together(&case, other, one).await?;
            }
            Ok(())
        };
        let (appended, looked) = join(appending, looking).await;
        appended?;
        looked?;
        for (brand, days) in parts {
            let seen = case.total(brand, days).await?;
            case.same("the number of scans", &seen, &(2 * EACH))?;
        }
    }
    Ok(())
}

type Part = (BrandId, ScanDays);

/// Scans of two brands, in two months each, by turns.
fn of_two(case: &ScanCase, parts: [Part; 2]) -> Checked<Vec<ScanRecord>> {
    let mut scans = Vec::new();
    for which in [|days: ScanDays| days.first, |days: ScanDays| days.last] {
        for (brand, days) in parts {
            let month = which(days).to_string();
            let at = format!("{}-18T09:30:00.000Z", month.get(..7).unwrap_or_default());
            let first = case.scan(brand, &at, case.unit(1, 1, 0))?;
            scans.extend((0..EACH).map(|later| ScanRecord {
                at: first.at.after(Duration::from_millis(later)),
                ..first.clone()
            }));
        }
    }
    Ok(scans)
}

/// What is seen of the one is seen of the other a moment later.
async fn seen_together(case: &ScanCase, one: Part, other: Part) -> Checked {
    let mut seen = [0; 2];
    for (seen, (brand, days)) in seen.iter_mut().zip([one, other]) {
        *seen = case.total(brand, days).await?;
        let is_whole = *seen == 0 || *seen == 2 * EACH;
        let part = || format!("of {} scans of one call {seen} are seen", 2 * EACH);
        case.require(is_whole, part())?;
    }
    let [first, second] = seen;
    let apart = first > 0 && second == 0;
    case.require(!apart, "scans of one call are seen for one brand only")
}

const MANY: u32 = 10_000;

/// T03: calls with 10,000 scans work, also with the longest texts; one with none does nothing.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t03_any_number_of_scans(fixture: &ScanFixture) -> Result<(), Violation> {
    let mut case = ScanCase::open(fixture, "T03").await;
    case.append(&[]).await?;
    let longest = ScanText::of(&"/x".repeat(MAX_SCAN_TEXT));
    let first = case.scan(case.brand, "2027-02-18T09:30:00.000Z", case.unit(1, 1, 0))?;
    // Over half a year.
    let scan = |index: u32| ScanRecord {
        at: first
            .at
            .after(Duration::from_secs(u64::from(index) * 1_600)),
        scanned: case.unit(1, 1, index % 1_000),
        path: longest.clone(),
        query: Some(longest.clone()),
        ..first.clone()
    };
    let scans: Vec<_> = (0..MANY).map(scan).collect();
    case.append(&scans).await?;
    case.append(&[]).await?;
    let got = case.total(case.brand, ScanDays::ALL).await?;
    case.same("the number of scans", &got, &u64::from(MANY))
}
