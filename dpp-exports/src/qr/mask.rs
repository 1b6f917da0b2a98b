//! The data mask with the lowest penalty, found 64 or 128 modules at a time.
//!
//! A row of modules is a machine word. A question such as "do five modules in a row have one
//! colour?" is asked of a whole row by comparing it with itself moved by one, and of all columns
//! at once by comparing rows one below the other, so that no module is looked at by itself.
//! Counting is a population count. Applying a mask is one XOR a row. Tests hold every penalty
//! against a plain one that counts module by module.
//!
//! The penalties are those of ISO/IEC 18004:2015, 7.8.3.1 (table 11), over the whole symbol:
//!
//! - N1: a run of 5 modules of one colour in a row or column costs 3, each further module 1.
//! - N2: each 2 x 2 block of one colour costs 3; blocks overlap.
//! - N3: each `1011101` in a row or column with 4 light modules before or after it costs 40,
//!   once. What lies outside the symbol is its quiet zone, and light.
//! - N4: each full 5 % by which the share of dark modules is off 50 % costs 10.

use std::ops::{BitAnd, BitOr, BitXor, Not, Shl, Shr};

/// As many rows as N3 looks at before and after its pattern.
const EDGE: usize = 4;
const MOST_ROWS: usize = 128;

/// The eight masks of one version, each as what it changes in a drawn symbol.
#[derive(Clone)]
pub(super) enum Masks {
    Narrow(Planes<u64>),
    Wide(Planes<u128>),
}

#[derive(Clone)]
pub(super) struct Planes<W> {
    width: u32,
    masks: [Vec<W>; 8],
}

impl Masks {
    pub(super) fn new(width: u32, masks: &[Vec<u128>; 8]) -> Self {
        if width <= u64::BITS {
            Self::Narrow(Planes::new(width, masks))
        } else {
            Self::Wide(Planes::new(width, masks))
        }
    }

    /// The number of the best mask, the first of equal ones, and the symbol with it.
    pub(super) fn best(&self, drawn: &[u128]) -> (u8, Vec<u128>) {
        match self {
            Self::Narrow(planes) => planes.best(drawn),
            Self::Wide(planes) => planes.best(drawn),
        }
    }
}

impl<W: Word> Planes<W> {
    fn new(width: u32, masks: &[Vec<u128>; 8]) -> Self {
        let masks = masks.each_ref();
        Self {
            width,
            masks: masks.map(|mask| mask.iter().map(|row| W::of(*row)).collect()),
        }
    }

    fn best(&self, drawn: &[u128]) -> (u8, Vec<u128>) {
        let mut best = (u32::MAX, 0, [W::ZERO; MOST_ROWS + 2 * EDGE]);
        let mut rows = best.2;
        for (number, mask) in (0..).zip(&self.masks) {
            let masked = rows.iter_mut().skip(EDGE).zip(drawn.iter().zip(mask));
            masked.for_each(|(row, (drawn, mask))| *row = W::of(*drawn) ^ *mask);
            let penalty = penalty(&rows, self.width);
            if penalty < best.0 {
                best = (penalty, number, rows);
            }
        }
        let (_, number, rows) = best;
        let rows = rows.into_iter().skip(EDGE).take(drawn.len());
        (number, rows.map(W::wide).collect())
    }
}

/// The penalty of a symbol whose rows have at least [`EDGE`] empty ones before and after them.
fn penalty<W: Word>(edged: &[W], width: u32) -> u32 {
    let height = width as usize;
    let inner = edged.get(EDGE..EDGE + height).unwrap_or_default();
    let edged = edged.get(..height + 2 * EDGE).unwrap_or_default();
    let (in_rows, finders_in_rows) = along_rows(inner, width);
    let runs = in_rows + runs_down_columns(inner, width);
    let finders = finders_in_rows + finders_down_columns(edged);
    runs + 3 * blocks(inner, width) + 40 * finders + 10 * imbalance(inner, width)
}

/// N1 of the rows, and how many patterns of N3 there are in them.
fn along_rows<W: Word>(rows: &[W], width: u32) -> (u32, u32) {
    let (pairs, fives) = (W::low(width - 1), W::low(width - 4));
    let (mut runs, mut finders) = (0, 0);
    for row in rows.iter().copied() {
        let same = !(row ^ row >> 1) & pairs;
        let three = same & same >> 1;
        let five = three & three >> 2 & fives;
        runs += run_penalty(five, five << 1);
        let ones = row & row >> 2 & row >> 3 & row >> 4 & row >> 6;
        let core = ones & !(row >> 1 | row >> 5);
        if core != W::ZERO {
            let (before, after) = (row << 1 | row << 2, row >> 7 | row >> 8);
            let (before, after) = (before | before << 2, after | after >> 2);
            finders += (core & !(before & after)).ones();
        }
    }
    (runs, finders)
}

/// N1 of the columns.
fn runs_down_columns<W: Word>(rows: &[W], width: u32) -> u32 {
    let whole = W::low(width);
    let mut runs = 0;
    let mut above = W::ZERO;
    for window in rows.windows(5) {
        let &[a, b, c, d, e] = window else { continue };
        let five = a & b & c & d & e | !(a | b | c | d | e) & whole;
        runs += run_penalty(five, above);
        above = five;
    }
    runs
}

/// A run is where five modules agree. It costs 3 where it begins, which is where the five before
/// did not agree, and 1 further on.
fn run_penalty<W: Word>(five: W, before: W) -> u32 {
    five.ones() + 2 * (five & !before).ones()
}

/// How many patterns of N3 there are in the columns.
fn finders_down_columns<W: Word>(edged: &[W]) -> u32 {
    let mut finders = 0;
    for window in edged.windows(7 + 2 * EDGE) {
        let &[a, b, c, d, p, q, r, s, t, u, v, e, f, g, h] = window else {
            continue;
        };
        let core = p & r & s & t & v & !(q | u);
        if core != W::ZERO {
            finders += (core & !((a | b | c | d) & (e | f | g | h))).ones();
        }
    }
    finders
}

/// How many blocks of N2 there are.
fn blocks<W: Word>(rows: &[W], width: u32) -> u32 {
    let pairs = W::low(width - 1);
    let mut blocks = 0;
    for window in rows.windows(2) {
        let &[a, b] = window else { continue };
        let same_below = !(a ^ b);
        let same_beside = !(a ^ a >> 1);
        blocks += (same_below & same_below >> 1 & same_beside & pairs).ones();
    }
    blocks
}

/// How many full 5 % the share of dark modules is off 50 %.
fn imbalance<W: Word>(rows: &[W], width: u32) -> u32 {
    let dark: u32 = rows.iter().map(|row| row.ones()).sum();
    let all = width * width;
    (20 * dark).abs_diff(10 * all) / all
}

/// A row of modules: bit `x` is set if the one in column `x` is dark.
pub(super) trait Word:
    Copy
    + PartialEq
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Not<Output = Self>
    + Shl<u32, Output = Self>
    + Shr<u32, Output = Self>
{
    const ZERO: Self;

    fn of(row: u128) -> Self;
    fn wide(self) -> u128;
    fn ones(self) -> u32;

    /// A word whose lowest bits are set, at most all.
    fn low(bits: u32) -> Self {
        !(!Self::ZERO << 1 << (bits - 1))
    }
}

impl Word for u64 {
    const ZERO: Self = 0;

    fn of(row: u128) -> Self {
        row as Self
    }

    fn wide(self) -> u128 {
        self.into()
    }

    fn ones(self) -> u32 {
        self.count_ones()
    }
}

impl Word for u128 {
    const ZERO: Self = 0;

    fn of(row: u128) -> Self {
        row
    }

    fn wide(self) -> u128 {
        self
    }

    fn ones(self) -> u32 {
        self.count_ones()
    }
}

#[cfg(test)]
mod tests;
