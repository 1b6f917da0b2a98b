//! What lies under the modules of a symbol.

use super::modules::Modules;
use crate::qr::Area;
use crate::qr::symbol::{ErrorCorrection, Version};

/// Which modules hold which codeword, and which hold none.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    version: Version,
    functions: Vec<u128>,
    /// Plane `i` has bit `i` of one more than the number of each module's codeword; 0 is none.
    planes: Vec<Vec<u128>>,
    blocks: Vec<usize>,
    correction: usize,
}

impl Layout {
    pub(crate) fn new(version: Version, error_correction: ErrorCorrection) -> Self {
        let modules = Modules::new(version, error_correction);
        let (blocks, correction) = modules.blocks();
        let bits = usize::BITS - blocks.len().leading_zeros();
        let plane = |bit| modules.modules_of(|codeword| (codeword + 1) >> bit & 1 == 1);
        Self {
            version,
            functions: modules.functions(),
            planes: (0..bits).map(plane).collect(),
            blocks,
            correction,
        }
    }

    pub(crate) const fn width(&self) -> u32 {
        self.version.width()
    }

    /// Whether an area lies inside the symbol and on no finder, separator, timing or alignment
    /// pattern, and neither on the format nor on the version information.
    pub(crate) fn is_free(&self, area: &Area) -> bool {
        let is_inside = area.x + area.width <= self.width() && area.y + area.height <= self.width();
        is_inside && rows(&self.functions, area).all(|row| row & area.columns() == 0)
    }

    /// How many codewords have a module in an area, of the Reed-Solomon block that has most.
    pub(crate) fn damage(&self, area: &Area) -> usize {
        let mut is_damaged = vec![false; self.blocks.len()];
        let modules = area.rows().flat_map(|y| {
            let columns = area.x..area.x + area.width;
            columns.filter_map(move |x| self.codeword(x, y))
        });
        for codeword in modules {
            if let Some(damaged) = is_damaged.get_mut(codeword) {
                *damaged = true;
            }
        }
        let damaged = self.blocks.iter().zip(is_damaged);
        let damaged = damaged.filter(|(_, is)| *is).map(|(block, _)| *block);
        let mut damaged: Vec<usize> = damaged.collect();
        damaged.sort_unstable();
        let in_one_block = damaged.chunk_by(|one, other| one == other);
        in_one_block.map(<[usize]>::len).max().unwrap_or_default()
    }

    /// How many wrong codewords of a block can be put right, without knowing which are wrong.
    pub(crate) const fn correctable(&self) -> usize {
        self.correction / 2
    }

    fn codeword(&self, x: u32, y: u32) -> Option<usize> {
        let y = usize::try_from(y).ok()?;
        let bit = |plane: &Vec<u128>| plane.get(y).map_or(0, |row| row >> x & 1);
        let planes = self.planes.iter().rev();
        let number = planes.fold(0_usize, |number, plane| number << 1 | bit(plane) as usize);
        number.checked_sub(1)
    }
}

fn rows<'a>(rows: &'a [u128], area: &Area) -> impl Iterator<Item = u128> + 'a {
    let skipped = rows.iter().skip(area.y as usize);
    skipped.take(area.height as usize).copied()
}
