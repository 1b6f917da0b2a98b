//! What happens to the units before anybody looks at them.

use std::ops::Range;

use dpp_core::identity::MintBatchId;
use dpp_core::service::{ActivateAnswer, RevokeAnswer, UnitSelection};

use super::BrowseError;
use super::host::Host;
use super::report::Report;
use crate::CatalogueFile;
use crate::show::count;

/// Every so many-th unit is scanned, and no more than that.
const EVERY: usize = 7;
const MOST_SCANS: usize = 1_000;

/// A sheet of labels that came out wrong.
const SHEET: Range<u32> = 1..6;

const LOTS: [&str; 2] = ["AW27-A", "AW27-B"];

/// What was done.
#[derive(Debug, Clone, Copy)]
pub struct Story {
    /// The batch of single items.
    pub items: MintBatchId,
    /// The batch of lots, if there are units enough for one.
    pub lots: Option<MintBatchId>,
    /// How many units became active by a scan of their own.
    pub scanned: u32,
    /// How many units were revoked.
    pub revoked: u32,
}

/// Mints, scans and revokes.
pub(super) async fn tell(
    host: &Host<'_>,
    catalogue: &CatalogueFile,
    units: u32,
    report: &mut Report<'_>,
) -> Result<Story, BrowseError> {
    let mut ready = Vec::new();
    for product in &catalogue.products {
        if host.is_ready(product.id).await? {
            ready.push(product);
        }
    }
    let first = ready.first().ok_or(BrowseError::Blocked)?;
    let second = ready.get(1).unwrap_or(first);
    let in_lots = Some(units / 4).filter(|units| *units >= 2).unwrap_or(0);
    let single = units - in_lots;

    report.title("What happens")?;
    let mut story = Story {
        items: host.mint_serials(first.id, single).await?,
        lots: None,
        scanned: 0,
        revoked: 0,
    };
    report.minted(&first.sku, single)?;
    if in_lots > 0 {
        let [a, b] = LOTS;
        let lots = [(a, in_lots / 2), (b, in_lots - in_lots / 2)];
        let batch = host.mint_lots(second.id, &lots).await?;
        report.minted(&format!("{} in {} lots", second.sku, lots.len()), in_lots)?;
        scan_lot(host, batch, report).await?;
        story.lots = Some(batch);
    }
    scan(host, &mut story, single, report).await?;
    revoke(host, &mut story, single, report).await?;
    host.set_exported(story.items).await?;
    report.done(&format!("{}: set to exported", first.sku))?;
    Ok(story)
}

/// Every seventh item is scanned by whoever bought it.
async fn scan(
    host: &Host<'_>,
    story: &mut Story,
    units: u32,
    report: &mut Report<'_>,
) -> Result<(), BrowseError> {
    let (reads, scope) = (host.reads(), host.scope()?);
    let scanned: Vec<_> = (0..units).step_by(EVERY).take(MOST_SCANS).collect();
    let progress = report.progress(scanned.len() as u64, "scans");
    for index in scanned {
        let Some(unit) = reads.unit_at(&scope, story.items, index).await? else {
            continue;
        };
        if let ActivateAnswer::Activated(_) = host.scan(unit.mint_unit_id).await? {
            story.scanned += 1;
        }
        progress.set(u64::from(story.scanned));
    }
    drop(progress);
    report.done(&format!(
        "{} active by a first scan",
        count(story.scanned.into(), "item", "items")
    ))?;
    let Some(first) = reads.unit_at(&scope, story.items, 0).await? else {
        return Ok(());
    };
    let again = host.scan(first.mint_unit_id).await?;
    Ok(report.done(&format!(
        "the first of them scanned again: {}",
        again.as_str()
    ))?)
}

async fn scan_lot(
    host: &Host<'_>,
    batch: MintBatchId,
    report: &mut Report<'_>,
) -> Result<(), BrowseError> {
    let batch = host
        .reads()
        .get_mint_batch_by_id(&host.scope()?, batch)
        .await?;
    let lot = batch.and_then(|batch| batch.lots.into_iter().next());
    if let Some((lot, id)) = lot.and_then(|lot| Some((lot.lot_code, lot.lot_id?))) {
        let answer = host.scan_lot(id).await?;
        report.done(&format!(
            "the code of lot {lot} scanned: {}",
            answer.as_str()
        ))?;
    }
    Ok(())
}

/// One item came back broken, and a sheet of labels was printed wrong.
async fn revoke(
    host: &Host<'_>,
    story: &mut Story,
    units: u32,
    report: &mut Report<'_>,
) -> Result<(), BrowseError> {
    let (reads, scope) = (host.reads(), host.scope()?);
    if let Some(unit) = reads.unit_at(&scope, story.items, 0).await? {
        let why = "came back broken";
        if let RevokeAnswer::Revoked(_) = host.revoke(unit.mint_unit_id, why).await? {
            story.revoked += 1;
        }
        report.done(&format!("1 item revoked: {why}"))?;
    }
    let sheet = SHEET.start.min(units)..SHEET.end.min(units);
    if !sheet.is_empty() {
        let why = "a sheet of labels was printed wrong";
        let sheet = UnitSelection::Range(sheet);
        let revoked = host.revoke_some(story.items, &sheet, why).await?.revoked;
        story.revoked += revoked;
        let items = count(revoked.into(), "item", "items");
        report.done(&format!("{items} revoked together: {why}"))?;
    }
    Ok(())
}
