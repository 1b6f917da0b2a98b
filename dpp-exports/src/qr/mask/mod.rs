//! The data mask with the lowest penalty (ISO/IEC 18004:2015, 7.8.3): all eight masked symbols
//! side by side.

mod finder;
mod lanes;
mod penalty;

use pulp::{Arch, Simd, WithSimd};

use lanes::{Lanes, Narrow, Wide};
use penalty::{ABOVE, Inside, penalties, with_edges};

pub(super) use lanes::Word;

const MASKS: usize = 8;
/// As many rows as a symbol of 64 modules has, and one of the largest version.
const NARROW_ROWS: usize = with_edges(64);
const WIDE_ROWS: usize = with_edges(125);

/// The masks of one version, each as what it changes in a drawn symbol.
pub(super) struct Masks<W> {
    masks: [Box<[W]>; MASKS],
    beside: Beside,
}

/// The masks side by side, in vectors that are as wide as they need to be.
enum Beside {
    Narrow(Rows<Narrow<MASKS>>),
    Wide(Rows<Wide<MASKS>>),
}

struct Rows<L> {
    masks: Box<[L]>,
    inside: Box<[Inside<L>]>,
}

impl<W: Word> Masks<W> {
    pub(super) fn new(width: u32, masks: &[Vec<u128>; MASKS]) -> Self {
        let beside = if width <= u64::BITS {
            Beside::Narrow(Rows::new(width, masks))
        } else {
            Beside::Wide(Rows::new(width, masks))
        };
        let rows = masks.each_ref();
        Self {
            masks: rows.map(|mask| mask.iter().map(|row| W::of(*row)).collect()),
            beside,
        }
    }

    /// The number of the best mask, the first of equal ones, and the symbol with it.
    pub(super) fn best(&self, drawn: &[W]) -> (u8, Vec<u128>) {
        let best = match &self.beside {
            Beside::Narrow(rows) => rows.best::<W, NARROW_ROWS>(drawn),
            Beside::Wide(rows) => rows.best::<W, WIDE_ROWS>(drawn),
        };
        let mask = self.masks.get(usize::from(best));
        let rows = drawn.iter().zip(mask.into_iter().flatten());
        let masked = rows.map(|(row, mask)| (*row ^ *mask).wide());
        (best, masked.collect())
    }
}

impl<L: Lanes<MASKS>> Rows<L> {
    fn new(width: u32, masks: &[Vec<u128>; MASKS]) -> Self {
        let row = |y: usize| {
            let masks = masks.each_ref();
            L::of(masks.map(|mask| mask.get(y).copied().unwrap_or_default()))
        };
        Self {
            masks: (0..width as usize).map(row).collect(),
            inside: Inside::rows(width),
        }
    }

    fn best<W: Word, const ROWS: usize>(&self, drawn: &[W]) -> u8 {
        Arch::new().dispatch(Search::<L, W, ROWS> { rows: self, drawn })
    }
}

/// The search for the best mask, compiled for each kind of vectors that a machine may have.
struct Search<'a, L, W, const ROWS: usize> {
    rows: &'a Rows<L>,
    drawn: &'a [W],
}

impl<L: Lanes<MASKS>, W: Word, const ROWS: usize> WithSimd for Search<'_, L, W, ROWS> {
    type Output = u8;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> u8 {
        let mut edged = [L::NONE; ROWS];
        let drawn = self.drawn.iter().zip(&self.rows.masks);
        for (row, (drawn, mask)) in edged.iter_mut().skip(ABOVE).zip(drawn) {
            *row = L::all(drawn.wide()) ^ *mask;
        }
        let penalties = penalties(&edged, &self.rows.inside);
        let best = (0..).zip(penalties).min_by_key(|(_, penalty)| *penalty);
        best.map_or(0, |(number, _)| number)
    }
}

#[cfg(test)]
mod tests;
