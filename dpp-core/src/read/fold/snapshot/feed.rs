//! Where events lie in the feed, as bytes.

use super::chunks::{Chunks, put};
use crate::read::fold::audit::{FeedMap, STRETCH, Stretch};
use crate::store::log::{EventType, Position};
use crate::time::Timestamp;

pub(super) fn write(bytes: &mut Vec<u8>, feed: &FeedMap) {
    let mut rows = Vec::new();
    for stretch in &feed.stretches {
        let Stretch {
            after: _,
            last,
            count,
            kinds,
            types,
            earliest,
            latest,
        } = stretch;
        rows.extend_from_slice(&last.to_bytes());
        rows.extend_from_slice(&count.to_be_bytes());
        rows.extend_from_slice(&kinds.to_be_bytes());
        rows.extend_from_slice(&types.to_be_bytes());
        rows.extend_from_slice(&earliest.unix_millis().to_be_bytes());
        rows.extend_from_slice(&latest.unix_millis().to_be_bytes());
    }
    put(bytes, &rows);
}

/// Reads what [`write`] wrote; none if it does not lead from the feed's beginning to `end`.
pub(super) fn read(chunks: &mut Chunks<'_>, types: Vec<String>, end: Position) -> Option<FeedMap> {
    let mut rows = Chunks::of(chunks.chunk()?);
    let mut stretches = Vec::new();
    let mut after = None;
    while !rows.is_empty() {
        let stretch = stretch(&mut rows, after)?;
        after = Some(stretch.last);
        stretches.push(stretch);
    }
    let types = types.into_iter().map(EventType::from_stored).collect();
    (after == Some(end)).then_some(FeedMap { stretches, types })
}

fn stretch(rows: &mut Chunks<'_>, after: Option<Position>) -> Option<Stretch> {
    let stretch = Stretch {
        after,
        last: Position::from_bytes(rows.bytes()?),
        count: u32::from_be_bytes(rows.bytes()?),
        kinds: u64::from_be_bytes(rows.bytes()?),
        types: u64::from_be_bytes(rows.bytes()?),
        earliest: Timestamp::from_unix_millis(i64::from_be_bytes(rows.bytes()?)),
        latest: Timestamp::from_unix_millis(i64::from_be_bytes(rows.bytes()?)),
    };
    let fits = Some(stretch.last) > after && (1..=STRETCH).contains(&stretch.count);
    fits.then_some(stretch)
}
