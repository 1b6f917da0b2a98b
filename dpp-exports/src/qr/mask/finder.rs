//! Finder-like patterns of scale 2 and larger (N3), each looked at by itself.

use super::lanes::Lanes;
use super::penalty::ABOVE;

/// Adds how often the patterns cost something whose middles begin in this row of a symbol, at
/// these places in the row and in the columns.
#[cold]
pub(super) fn add_scaled<L: Lanes<N>, const N: usize>(
    edged: &[L],
    y: usize,
    [in_row, in_columns]: [L; 2],
    finders: &mut [u64; N],
) {
    let places = in_row.rows().into_iter().zip(in_columns.rows());
    for (lane, ((in_row, in_columns), count)) in places.zip(finders).enumerate() {
        for x in ones(in_row) {
            let row = edged.get(y + ABOVE).map_or(0, |rows| rows.row(lane));
            *count += u64::from(costs(row, x));
        }
        for x in ones(in_columns) {
            let rows = edged.iter().skip(ABOVE).rev();
            let column = rows.fold(0, |column, row| column << 1 | row.row(lane) >> x & 1);
            *count += u64::from(costs(column, y as u32));
        }
    }
}

/// The places of ones, the lowest first.
fn ones(mut row: u128) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let place = row.trailing_zeros();
        row &= row.checked_sub(1)?;
        Some(place)
    })
}

/// How often the pattern costs something whose middle begins here: not at all if there is none.
fn costs(line: u128, middle: u32) -> u32 {
    let length = (line >> middle).trailing_ones();
    let scale = length / 3;
    let after = line.checked_shr(middle + length).unwrap_or_default();
    let before = line.checked_shl(u128::BITS - middle).unwrap_or_default();
    let (before, after) = (
        light_beyond(before.reverse_bits(), scale),
        light_beyond(after, scale),
    );
    let (Some(before), Some(after)) = (before, after) else {
        return 0;
    };
    let is_core = length.is_multiple_of(3) && before >= scale && after >= scale;
    let long = [before, after]
        .into_iter()
        .filter(|light| *light >= 4 * scale);
    if is_core { long.count() as u32 } else { 0 }
}

/// How long the light run is that follows on a light and a dark run of this length; none if
/// these do not have it.
fn light_beyond(outward: u128, length: u32) -> Option<u32> {
    let dark = outward.checked_shr(outward.trailing_zeros())?;
    let is_pattern = outward.trailing_zeros() == length && dark.trailing_ones() == length;
    is_pattern.then(|| {
        // Without another dark module it goes on outside the symbol.
        dark.checked_shr(length)
            .map_or(u128::BITS, u128::trailing_zeros)
    })
}
