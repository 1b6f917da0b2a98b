//! What is kept of one brand, as chunks: how far it was read, its batches with their units'
//! exceptions, provided serials, exports, and where its events lie.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::chunks::{Chunks, put, put_json};
use super::feed;
use super::rows::{BrandRow, ExportRow};
use crate::identity::MintBatchId;
use crate::ids::BrandId;
use crate::read::fold::brand::BrandFold;
use crate::store::log::Position;
use crate::store::{BatchFold, BatchRecord, ExportRecord, ProvidedSerial};
use crate::unit::{UnitCounts, UnitExceptions, UnitSet};

/// Adds a brand; one of which nothing was read is left out.
pub(super) fn write(
    bytes: &mut Vec<u8>,
    brand: BrandId,
    fold: &BrandFold,
) -> serde_json::Result<()> {
    let Some((position, event_id)) = fold.position.zip(fold.event_id) else {
        return Ok(());
    };
    let types = fold.feed.types.iter();
    let row = BrandRow {
        brand,
        before: fold.before.map(Position::to_bytes),
        position: position.to_bytes(),
        event_id,
        batches: fold.order.len() as u64,
        event_types: types.map(|name| name.as_str().to_owned()).collect(),
    };
    put_json(bytes, &row)?;
    let batches = fold.order.values().filter_map(|id| fold.batches.get(id));
    batches
        .into_iter()
        .try_for_each(|batch| write_batch(bytes, batch))?;
    write_provided(bytes, &fold.provided);
    let exports: Vec<_> = fold.exports.values().map(ExportRow::from).collect();
    put_json(bytes, &exports)?;
    feed::write(bytes, &fold.feed);
    Ok(())
}

/// Reads what [`write`] wrote; none if it is something else.
pub(super) fn read(chunks: &mut Chunks<'_>) -> Option<(BrandId, BrandFold)> {
    let row: BrandRow = chunks.json()?;
    let position = Position::from_bytes(row.position);
    let mut fold = BrandFold {
        position: Some(position),
        before: row.before.map(Position::from_bytes),
        event_id: Some(row.event_id),
        ..BrandFold::default()
    };
    for _ in 0..row.batches {
        read_batch(chunks, &mut fold)?;
    }
    fold.provided = read_provided(chunks)?;
    let exports: Vec<ExportRow> = chunks.json()?;
    for export in exports.into_iter().map(ExportRecord::from) {
        fold.put_export(None, export);
    }
    fold.feed = feed::read(chunks, row.event_types, position)?;
    Some((row.brand, fold))
}

fn write_batch(bytes: &mut Vec<u8>, batch: &BatchFold) -> serde_json::Result<()> {
    let UnitExceptions {
        activated,
        revoked,
        lots,
    } = batch.exceptions.as_ref();
    put(bytes, &batch.record.to_stored_json()?);
    for units in [activated, revoked, lots] {
        put(bytes, &units.to_bytes());
    }
    Ok(())
}

fn read_batch(chunks: &mut Chunks<'_>, fold: &mut BrandFold) -> Option<()> {
    let json = chunks.chunk()?;
    let record = BatchRecord::from_stored_json(json, UnitCounts::default()).ok()?;
    let exceptions = UnitExceptions {
        activated: read_units(chunks)?,
        revoked: read_units(chunks)?,
        lots: read_units(chunks)?,
    };
    fold.restore(record, exceptions);
    Some(())
}

fn read_units(chunks: &mut Chunks<'_>) -> Option<UnitSet> {
    UnitSet::from_bytes(chunks.chunk()?).ok()
}

/// In one chunk: of each its length in a byte, its text, its batch, its index.
fn write_provided(bytes: &mut Vec<u8>, provided: &BTreeSet<ProvidedSerial>) {
    let mut rows = Vec::new();
    for row in provided {
        let ProvidedSerial {
            serial,
            batch,
            index,
        } = row;
        let text = serial.as_bytes();
        rows.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
        rows.extend_from_slice(text);
        rows.extend_from_slice(batch.as_uuid().as_bytes());
        rows.extend_from_slice(&index.to_be_bytes());
    }
    put(bytes, &rows);
}

fn read_provided(chunks: &mut Chunks<'_>) -> Option<BTreeSet<ProvidedSerial>> {
    let mut rows = Chunks::of(chunks.chunk()?);
    let mut provided = Vec::new();
    while !rows.is_empty() {
        provided.push(ProvidedSerial {
            serial: rows.short_text()?.parse().ok()?,
            batch: MintBatchId::try_from(Uuid::from_bytes(rows.bytes()?)).ok()?,
            index: u32::from_be_bytes(rows.bytes()?),
        });
    }
    Some(provided.into_iter().collect())
}
