//! Symbols without drawing them.
//!
//! Every way from the bits of a text to the modules of its symbol is linear over GF(2): the
//! codewords are the bits, the error correction is a sum of multiples of them, and placing moves
//! them. So two symbols differ by the sum of what each differing bit changes by itself.
//!
//! The first text is drawn as a whole. What a bit changes is drawn once, when the first text comes
//! that differs in it; from then on it is one XOR a row. The URLs of a batch have most bits in
//! common: those of 10,000 serials of 12 characters differ in some 80 bits, which are learnt in the
//! time of as many drawings and kept in 22 KiB. At most, when texts differ in all bits of the
//! largest version, it is 18 MB.
//!
//! No Reed-Solomon code, no placement and no table of the standard stands here: all that is
//! learnt from [`Modules`], and tests hold the symbols against an encoder that shares no code with
//! it.

use std::sync::OnceLock;

use pulp::{Arch, Simd, WithSimd};

use super::modules::Modules;
use crate::qr::mask::Word;

const FIRST_BIT: u8 = 0x80;
/// In so many bits two URLs of a batch differ at most, as a rule.
const MANY: usize = 128;

/// Draws symbols of one version and error correction, all but the mask.
pub(in crate::qr) struct Linear<W> {
    modules: Modules,
    blank: Box<[W]>,
    base: OnceLock<Base<W>>,
    /// What each bit of the data changes, the first bit first.
    changes: Box<[OnceLock<Box<[W]>>]>,
}

/// A text that others are compared with.
struct Base<W> {
    data: Vec<u8>,
    rows: Box<[W]>,
}

impl<W: Word> Linear<W> {
    pub(in crate::qr) fn new(modules: Modules) -> Self {
        let data = modules.data();
        let blank = rows(&modules, &vec![0; data]);
        Self {
            modules,
            blank,
            base: OnceLock::new(),
            changes: (0..8 * data).map(|_| OnceLock::new()).collect(),
        }
    }

    pub(in crate::qr) const fn modules(&self) -> &Modules {
        &self.modules
    }

    /// The symbol of a text before a mask is applied, none if the
    /// text does not fit.
    pub(in crate::qr) fn draw(&self, text: &str) -> Option<Vec<W>> {
        let data = self.modules.bits(text)?;
        let base = self.base.get_or_init(|| Base {
            rows: rows(&self.modules, &data),
            data: data.clone(),
        });
        let mut changes = Vec::with_capacity(MANY);
        for (place, (byte, base)) in data.iter().zip(&base.data).enumerate() {
            let mut differing = byte ^ base;
            while differing != 0 {
                let bit = differing.leading_zeros() as usize;
                differing &= !(FIRST_BIT >> bit);
                let change = self.changes.get(8 * place + bit)?;
                changes.push(&**change.get_or_init(|| self.change(place, FIRST_BIT >> bit)));
            }
        }
        let mut rows = base.rows.to_vec();
        Arch::new().dispatch(Sum {
            rows: &mut rows,
            changes: &changes,
        });
        Some(rows)
    }

    fn change(&self, place: usize, bit: u8) -> Box<[W]> {
        let mut data = vec![0; self.modules.data()];
        data.iter_mut()
            .skip(place)
            .take(1)
            .for_each(|byte| *byte = bit);
        let changed: Box<[W]> = rows(&self.modules, &data);
        let rows = changed.iter().zip(&self.blank);
        rows.map(|(changed, blank)| *changed ^ *blank).collect()
    }
}

fn rows<W: Word>(modules: &Modules, data: &[u8]) -> Box<[W]> {
    modules.place(data).into_iter().map(W::of).collect()
}

/// The sum of rows and what changes them, compiled for each kind of vectors that a machine may
/// have.
struct Sum<'a, W> {
    rows: &'a mut [W],
    changes: &'a [&'a [W]],
}

impl<W: Word> WithSimd for Sum<'_, W> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for change in self.changes {
            for (row, change) in self.rows.iter_mut().zip(*change) {
                *row = *row ^ *change;
            }
        }
    }
}
