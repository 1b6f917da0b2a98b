//! Units of a batch as bytes, 4,096 at a time: a scan then changes half a kilobyte at most, and
//! a batch of a million units has 245 rows at most.
//!
//! Up to 255 units are a list of their places in two bytes each, most significant first, rising;
//! more are 512 bytes of bits, the first unit's the lowest bit of the first byte.

use std::collections::BTreeSet;

use dpp_core::unit::{UnitExceptions, UnitSet};

/// The units of one chunk.
pub(crate) const UNITS: u32 = 4_096;

const BITMAP: usize = 512;
const MOST_LISTED: usize = 255;

/// The chunk that a unit is in.
pub(crate) const fn of(index: u32) -> i32 {
    (index / UNITS) as i32
}

/// The chunks that have a unit that is not as its batch is.
pub(crate) fn all(exceptions: &UnitExceptions) -> BTreeSet<i32> {
    let sets = [&exceptions.activated, &exceptions.revoked];
    let runs = sets.into_iter().flat_map(UnitSet::runs);
    runs.flat_map(|run| of(*run.start())..=of(*run.end()))
        .collect()
}

/// The units of a chunk that are in a set.
pub(crate) fn encode(set: &UnitSet, chunk: i32) -> Vec<u8> {
    let first = first_of(chunk);
    let within = set.within(&(first..first.saturating_add(UNITS)));
    let places = within.iter().map(|index| index - first);
    if within.len() as usize <= MOST_LISTED {
        return places
            .flat_map(|place| (place as u16).to_be_bytes())
            .collect();
    }
    let mut bits = vec![0; BITMAP];
    for place in places {
        if let Some(byte) = bits.get_mut(place as usize / 8) {
            *byte |= 1 << (place % 8);
        }
    }
    bits
}

/// Adds the units of a chunk to a set; none if the bytes are no chunk.
pub(crate) fn decode_into(set: &mut UnitSet, chunk: i32, bytes: &[u8]) -> Option<()> {
    let first = first_of(chunk);
    let units: UnitSet = match bytes.len() {
        BITMAP => (0..UNITS)
            .filter(|place| {
                let byte = bytes.get(*place as usize / 8);
                byte.is_some_and(|byte| byte & 1 << (place % 8) != 0)
            })
            .map(|place| first + place)
            .collect(),
        length if length.is_multiple_of(2) && length / 2 <= MOST_LISTED => bytes
            .as_chunks::<2>()
            .0
            .iter()
            .map(|place| first + u32::from(u16::from_be_bytes(*place)))
            .collect(),
        _ => return None,
    };
    set.add(&units);
    Some(())
}

/// Adds the units of a chunk to what is known of a batch; none if the bytes are no chunks.
pub(crate) fn add(
    to: &mut UnitExceptions,
    chunk: i32,
    activated: &[u8],
    revoked: &[u8],
) -> Option<()> {
    decode_into(&mut to.activated, chunk, activated)?;
    decode_into(&mut to.revoked, chunk, revoked)
}

const fn first_of(chunk: i32) -> u32 {
    chunk as u32 * UNITS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comes_back(units: impl IntoIterator<Item = u32>) {
        let set: UnitSet = units.into_iter().collect();
        let mut back = UnitSet::default();
        for chunk in 0..=of(999_999) {
            decode_into(&mut back, chunk, &encode(&set, chunk)).unwrap();
        }
        assert_eq!(back, set);
    }

    #[test]
    fn units_come_back_however_many_there_are() {
        comes_back([]);
        comes_back([0]);
        comes_back([4_095, 4_096, 999_999]);
        comes_back(0..255);
        comes_back(0..256);
        comes_back((0..1_000_000).step_by(3));
        comes_back(0..1_000_000);
    }

    #[test]
    fn an_index_that_no_batch_has_does_no_harm() {
        let set: UnitSet = [u32::MAX - 1].into_iter().collect();
        assert_eq!(encode(&set, of(u32::MAX - 1)).len(), 2);
    }

    #[test]
    fn what_is_no_chunk_is_refused() {
        for length in [1, 511, 513, 1_024] {
            let bytes = vec![0; length];
            assert_eq!(decode_into(&mut UnitSet::default(), 0, &bytes), None);
        }
    }
}
