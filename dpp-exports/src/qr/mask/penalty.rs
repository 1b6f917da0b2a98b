//! The penalties of symbols side by side.
//!
//! A question such as "do five modules in a row have one colour?" is asked of a whole row by
//! comparing it with itself moved by one, and of all columns at once by comparing rows one below
//! the other, so that no module is looked at by itself. Counting is a population count.
//!
//! The penalties are those of ISO/IEC 18004:2015, 7.8.3.1 (table 11), over the whole symbol, read
//! as `qrcodegen` reads them:
//!
//! - N1: a run of 5 modules of one colour in a row or column costs 3, each further module 1.
//! - N2: each 2 x 2 block of one colour costs 3; blocks overlap.
//! - N3: dark, light, dark, light, dark runs in the ratio 1:1:3:1:1 in a row or column, of any
//!   scale, cost 40 with a light run of 4 before and at least 1 after them, and 40 with one of 4
//!   after and at least 1 before. What lies outside the symbol is its quiet zone, and light.
//! - N4: each full or begun 5 % by which the share of dark modules is off 50 % costs 10, but for
//!   the first.

use super::finder;
use super::lanes::Lanes;

/// How many rows outside the symbol are looked at above and below it.
pub(super) const ABOVE: usize = 4;
const WINDOW: usize = 15;
/// How many rows a symbol has with those outside it.
pub(super) const fn with_edges(height: usize) -> usize {
    height + WINDOW - 1
}

/// Where five modules side by side lie inside a symbol, and where two, in each row.
#[derive(Clone, Copy)]
pub(super) struct Inside<L> {
    fives: L,
    pairs: L,
    whole_below_fives: L,
    pairs_below: L,
}

impl<L> Inside<L> {
    /// Of each row of a symbol so wide.
    pub(super) fn rows<const N: usize>(width: u32) -> Box<[Self]>
    where
        L: Lanes<N>,
    {
        let low = |columns: u32| L::all(u128::MAX >> (u128::BITS - columns));
        let row = |y: u32| Self {
            fives: low(width - 4),
            pairs: low(width - 1),
            whole_below_fives: if y + 4 < width { low(width) } else { L::NONE },
            pairs_below: if y + 1 < width {
                low(width - 1)
            } else {
                L::NONE
            },
        };
        (0..width).map(row).collect()
    }
}

/// The penalties of symbols whose rows have [`ABOVE`] empty ones before them, and others after
/// them.
#[inline(always)]
pub(super) fn penalties<L: Lanes<N>, const N: usize>(
    edged: &[L],
    inside: &[Inside<L>],
) -> [u64; N] {
    let (mut ones, mut twos, mut blocks, mut finders, mut dark) =
        ([0; N], [0; N], [0; N], [0; N], [0; N]);
    let mut five_above = L::NONE;
    for (y, (window, inside)) in edged.windows(WINDOW).zip(inside).enumerate() {
        // From four rows above to ten below.
        let &[a, b, c, d, row, e, f, g, h, i, j, k, l, m, n] = window else {
            continue;
        };
        let by_one = row >> 1;
        row.add_ones(&mut dark);

        // N1 in the row: a run of `n` has `n - 4` fives, of which one is where it begins.
        let same = !(row ^ by_one) & inside.pairs;
        let three = same & same >> 1;
        let five = three & three >> 2 & inside.fives;
        five.add_ones(&mut ones);
        (five & !(five << 1)).add_ones(&mut twos);

        // N1 in the columns.
        let five = (row & e & f & g & h | !(row | e | f | g | h)) & inside.whole_below_fives;
        five.add_ones(&mut ones);
        (five & !five_above).add_ones(&mut twos);
        five_above = five;

        // N2.
        let same_below = !(row ^ e);
        (same_below & same_below >> 1 & same & inside.pairs_below).add_ones(&mut blocks);

        // N3 of scale 1 in the row.
        let single = row & !by_one & !(row << 1);
        let by_two = row >> 2;
        let two = row & by_one;
        let three = two & by_two;
        let core = single & three >> 2 & single >> 6;
        let any_two = row | by_one;
        let after = any_two >> 8 | any_two >> 9;
        let before = row << 2 | row << 3 | row << 4;
        // There is light beside a core, so that the two do not meet.
        (core & !before | (core & !after) << 1).add_ones(&mut finders);

        // N3 of scale 1 in the columns.
        let core = row & f & g & h & j & !(d | e | i | k);
        (core & !(a | b | c)).add_ones(&mut finders);
        (core & !(l | m | n)).add_ones(&mut finders);

        // N3 of scale 2 has 6 dark modules in its middle; larger ones have 9 and more, with 3
        // light ones before them. What looks so is rare, and looked at by itself.
        let ends = two & !(any_two >> 2);
        let scale_two = ends & two >> 4 & two >> 6 & ends >> 8 & two >> 12;
        let nine = three & three >> 3 & three >> 6;
        let larger = nine >> 3 & !(any_two | by_two);
        let in_row = scale_two << 4 | larger << 3;
        let six = row & e & f & g & h & i;
        let scale_two = a & b & l & m & !(c | d | j | k);
        let larger = j & k & l & !(b | c | d);
        let in_columns = six & (scale_two | larger);
        if !(in_row | in_columns).is_none() {
            finder::add_scaled(edged, y, [in_row, in_columns], &mut finders);
        }
    }
    let area = (inside.len() * inside.len()) as u64;
    let mut penalties = ones;
    for (lane, penalty) in penalties.iter_mut().enumerate() {
        let of = |counts: &[u64; N]| counts.get(lane).copied().unwrap_or_default();
        *penalty += 2 * of(&twos) + 3 * of(&blocks) + 40 * of(&finders);
        *penalty += 10 * imbalance(of(&dark), area);
    }
    penalties
}

/// How many 5 % the share of dark modules is off 50 %, each but the first that is begun.
pub(super) fn imbalance(dark: u64, area: u64) -> u64 {
    (20 * dark)
        .abs_diff(10 * area)
        .div_ceil(area)
        .saturating_sub(1)
}
