//! The data mask with the lowest penalty (ISO/IEC 18004:2015, 7.8.3): all eight masked symbols
//! side by side.

mod finder;
mod lanes;
mod penalty;

use lanes::{Lanes, Narrow, Wide};
use penalty::{ABOVE, Inside, penalties, with_edges};

pub(super) use lanes::Word;

/// How many symbols lie side by side.
const SIDE_BY_SIDE: usize = 4;
/// As many rows as a symbol of 64 modules has, and one of the largest version.
const NARROW_ROWS: usize = with_edges(64);
const WIDE_ROWS: usize = with_edges(125);

/// The eight masks of one version, each as what it changes in a drawn symbol.
pub(super) struct Masks<W> {
    masks: [Box<[W]>; 8],
    sides: Sides,
}

enum Sides {
    Narrow(Planes<Narrow<SIDE_BY_SIDE>>),
    Wide(Planes<Wide<SIDE_BY_SIDE>>),
}

/// The masks, some side by side.
struct Planes<L> {
    masks: Box<[Box<[L]>]>,
    inside: Box<[Inside<L>]>,
}

impl<W: Word> Masks<W> {
    pub(super) fn new(width: u32, masks: &[Vec<u128>; 8]) -> Self {
        let sides = if width <= u64::BITS {
            Sides::Narrow(Planes::new(width, masks))
        } else {
            Sides::Wide(Planes::new(width, masks))
        };
        let rows = masks.each_ref();
        Self {
            masks: rows.map(|mask| mask.iter().map(|row| W::of(*row)).collect()),
            sides,
        }
    }

    /// The number of the best mask, the first of equal ones, and the symbol with it.
    pub(super) fn best(&self, drawn: &[W]) -> (u8, Vec<u128>) {
        let best = match &self.sides {
            Sides::Narrow(planes) => planes.best::<W, NARROW_ROWS>(drawn),
            Sides::Wide(planes) => planes.best::<W, WIDE_ROWS>(drawn),
        };
        let mask = self.masks.get(usize::from(best));
        let rows = drawn.iter().zip(mask.into_iter().flatten());
        (
            best,
            rows.map(|(row, mask)| (*row ^ *mask).wide()).collect(),
        )
    }
}

impl<L: Lanes<SIDE_BY_SIDE>> Planes<L> {
    fn new(width: u32, masks: &[Vec<u128>; 8]) -> Self {
        let side = |masks: &[Vec<u128>]| {
            let row = |y: usize| {
                let mut rows = [0; SIDE_BY_SIDE];
                let masks = rows.iter_mut().zip(masks);
                masks.for_each(|(row, mask)| *row = mask.get(y).copied().unwrap_or_default());
                L::of(rows)
            };
            (0..width as usize).map(row).collect()
        };
        Self {
            masks: masks.chunks(SIDE_BY_SIDE).map(side).collect(),
            inside: Inside::rows(width),
        }
    }

    fn best<W: Word, const ROWS: usize>(&self, drawn: &[W]) -> u8 {
        let mut best = (u64::MAX, 0);
        let mut edged = [L::NONE; ROWS];
        let mut number = 0;
        for masks in &self.masks {
            let rows = edged.iter_mut().skip(ABOVE).zip(drawn.iter().zip(masks));
            rows.for_each(|(row, (drawn, mask))| *row = L::all(drawn.wide()) ^ *mask);
            for penalty in penalties(&edged, &self.inside) {
                best = best.min((penalty, number));
                number += 1;
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests;
