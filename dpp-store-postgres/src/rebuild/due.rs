//! The rows that follow from a fold.

use std::collections::BTreeSet;

use dpp_core::Timestamp;
use dpp_core::identity::MintBatchId;
use dpp_core::store::{BatchFold, ExportRecord};
use dpp_core::unit::{UnitSet, UnitStatus};
use uuid::Uuid;

use super::fold::Entry;
use super::lines::{Cells, Lines, or_null};
use crate::fault::Failed;
use crate::tables::chunk;

/// What stands in place of a record that is as it should be: records hold seeds.
pub(super) const RECORD: &str = "what its events say";

/// The rows of a batch, but for its lots and the serials that were brought.
pub(super) fn batch(lines: &mut Lines, id: Uuid, entry: &Entry) -> Result<(), Failed> {
    let Some(fold) = &entry.fold else {
        return Ok(());
    };
    lines.add("batch", id, "", record(fold));
    let units = fold.record.units;
    let lots = fold.exceptions.lots.iter().map(|lot| lot.to_string());
    let cells = vec![
        ("made", units.made.to_string()),
        ("active", units.active.to_string()),
        ("revoked", units.revoked.to_string()),
        ("active_lots", lots.collect::<Vec<_>>().join(", ")),
    ];
    lines.add("batch_units", id, "", cells);
    for number in chunk::all(&fold.exceptions) {
        let activated = chunk::encode(&fold.exceptions.activated, number);
        let revoked = chunk::encode(&fold.exceptions.revoked, number);
        let cells = chunk_cells(number, &activated, &revoked);
        lines.add("unit_exceptions", id, chunk_row(number), cells);
    }
    let batch = &fold.record.batch;
    let Some(fixed) = &batch.identity else {
        return Ok(());
    };
    let json = serde_json::to_string(&fixed.serials).map_err(Failed::damaged)?;
    for number in &entry.reserved {
        let row = allocation_row(batch.facts.product_id.as_uuid(), *number);
        lines.add(
            "serial_allocation",
            id,
            row,
            vec![("allocation", json.clone())],
        );
    }
    Ok(())
}

fn record(fold: &BatchFold) -> Cells {
    let (batch, facts) = (&fold.record.batch, &fold.record.batch.facts);
    let id: MintBatchId = facts.mint_batch_id;
    let fixed = batch.identity.as_ref();
    let span = fixed.and_then(|fixed| fixed.serials.span());
    let until = batch.lease.as_ref().map(|lease| lease.until.unix_millis());
    let holds = |status: UnitStatus| (fold.record.units.of(status) > 0).to_string();
    vec![
        ("prefix", id.prefix().to_bits().to_string()),
        (
            "accepted_at",
            fold.record.accepted_at.unix_millis().to_string(),
        ),
        ("product_id", facts.product_id.to_string()),
        ("gtin", or_null(facts.gtin)),
        ("status", batch.status.as_str().to_owned()),
        ("job_status", batch.job.as_str().to_owned()),
        ("can_run", batch.job.can_run().to_string()),
        ("held_until", or_null(until)),
        (
            "serials_first",
            or_null(span.as_ref().map(|span| span.first())),
        ),
        (
            "serials_last",
            or_null(span.as_ref().map(|span| span.last())),
        ),
        ("holds_minted", holds(UnitStatus::Minted)),
        ("holds_active", holds(UnitStatus::Active)),
        ("holds_revoked", holds(UnitStatus::Revoked)),
        ("record", RECORD.to_owned()),
    ]
}

/// The lots of a batch: its rows have the code and the time when it was accepted.
pub(super) fn lots(entry: &Entry) -> BTreeSet<(String, i64)> {
    let Some(fold) = &entry.fold else {
        return BTreeSet::new();
    };
    let at = fold.record.accepted_at.unix_millis();
    let lots = fold.record.batch.facts.lots.as_slice().iter();
    lots.map(|lot| (lot.lot_code.to_string(), at)).collect()
}

pub(super) fn chunk_row(number: i32) -> String {
    format!("chunk {number}")
}

pub(super) fn chunk_cells(number: i32, activated: &[u8], revoked: &[u8]) -> Cells {
    vec![
        ("activated", units(number, activated)),
        ("revoked", units(number, revoked)),
    ]
}

fn units(number: i32, bytes: &[u8]) -> String {
    let mut set = UnitSet::default();
    match chunk::decode_into(&mut set, number, bytes) {
        Some(()) => format!("{set:?}, {:016x}", fingerprint(bytes)),
        None => format!("{} bytes that say nothing", bytes.len()),
    }
}

/// Long lists of units are shown in part, and still differ where the units do.
fn fingerprint(bytes: &[u8]) -> u64 {
    use std::hash::{DefaultHasher, Hasher};
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

pub(super) fn allocation_row(product: &Uuid, number: i64) -> String {
    format!("product `{product}`, event {number}")
}

pub(super) fn export(lines: &mut Lines, export: &ExportRecord) {
    let runnable_at = export.runnable_at.map(Timestamp::unix_millis);
    let cells = vec![
        ("batch_id", export.mint_batch_id.to_string()),
        ("format", export.format.as_str().to_owned()),
        (
            "requested_at",
            export.requested_at.unix_millis().to_string(),
        ),
        ("completed", export.completed.to_string()),
        ("expired", export.expired.to_string()),
        ("expires_at", export.expires_at.unix_millis().to_string()),
        ("failures", export.failures.to_string()),
        ("runnable_at", or_null(runnable_at)),
        ("files_removed", export.files_removed.to_string()),
    ];
    lines.add(
        "export",
        None,
        export_row(export.export_id.as_uuid()),
        cells,
    );
}

pub(super) fn export_row(id: &Uuid) -> String {
    format!("export `{id}`")
}
