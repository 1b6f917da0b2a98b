//! What draws a symbol up to its data mask: the only file that knows the `qrcode` crate.
//!
//! That crate makes the bits of a text, their error correction, and a canvas with everything on
//! it. All that takes microseconds; its choice of the data mask, a hundred times as long, is
//! ours ([`mask`](crate::qr::mask)). What a mask changes, and which module belongs to which
//! codeword, is read off the crate's own drawings, so no table of the standard stands here.

use qrcode::bits::Bits;
use qrcode::canvas::{Canvas, MaskPattern, Module};
use qrcode::ec::construct_codewords;
use qrcode::types::{EcLevel, Mode as CrateMode, Version as CrateVersion};

use crate::qr::symbol::{ErrorCorrection, Version};
use crate::qr::text::{Lengths, Mode};

const MODE_BITS: usize = 4;
const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

/// The symbols of one version and error correction, each as rows of bits.
#[derive(Clone)]
pub(in crate::qr) struct Modules {
    version: Version,
    error_correction: ErrorCorrection,
    functions: Canvas,
}

impl Modules {
    pub(in crate::qr) fn new(version: Version, error_correction: ErrorCorrection) -> Self {
        let mut functions = Canvas::new(known(version), level(error_correction));
        functions.draw_all_functional_patterns();
        Self {
            version,
            error_correction,
            functions,
        }
    }

    /// Whether a symbol of this version holds texts of these lengths.
    pub(in crate::qr) fn hold(version: Version, level: ErrorCorrection, lengths: &Lengths) -> bool {
        let room = room(version, level);
        lengths.each().into_iter().all(|(mode, length)| {
            let mode = match mode {
                Mode::Alphanumeric => CrateMode::Alphanumeric,
                Mode::Byte => CrateMode::Byte,
            };
            let count = mode.length_bits_count(known(version));
            length == 0 || MODE_BITS + count + mode.data_bits_count(length) <= room
        })
    }

    pub(in crate::qr) const fn version(&self) -> Version {
        self.version
    }

    pub(in crate::qr) const fn error_correction(&self) -> ErrorCorrection {
        self.error_correction
    }

    /// The symbol of so many bytes of data as [`data`](Self::data) says, before a mask is
    /// applied.
    pub(super) fn place(&self, data: &[u8]) -> Vec<u128> {
        let (data, correction) = self.codewords(data).unwrap_or_default();
        self.rows(&self.drawn(&data, &correction))
    }

    /// How many bytes of data there are in a symbol.
    pub(super) fn data(&self) -> usize {
        room(self.version, self.error_correction) / 8
    }

    /// What each mask, and the format information that names it, changes in a drawn symbol.
    pub(in crate::qr) fn masks(&self) -> [Vec<u128>; 8] {
        let empty = self.drawn(&[], &[]);
        let before = self.rows(&empty);
        MASKS.map(|pattern| {
            let mut canvas = empty.clone();
            canvas.apply_mask(pattern);
            let after = self.rows(&canvas);
            after.iter().zip(&before).map(|(a, b)| a ^ b).collect()
        })
    }

    /// The modules that hold no codeword: finders with their separators, timing, alignment,
    /// format and version.
    pub(in crate::qr) fn functions(&self) -> Vec<u128> {
        self.rows_where(|x, y| matches!(self.functions.get(x, y), Module::Masked(_)))
    }

    /// The modules that are dark when the codewords for which `is_set` holds are all ones and
    /// the others all zeros; only those that differ from a symbol of zeros. Codewords are
    /// counted in the order in which they are placed.
    pub(in crate::qr) fn modules_of(&self, is_set: impl Fn(usize) -> bool) -> Vec<u128> {
        let (data, correction) = self.sizes();
        let ones = |from: usize, to: usize| -> Vec<u8> {
            let set = (from..to).map(&is_set);
            set.map(|set| if set { u8::MAX } else { 0 }).collect()
        };
        let drawn = self.drawn(&ones(0, data), &ones(data, data + correction));
        let functions = self.functions();
        let rows = self.rows(&drawn);
        rows.iter()
            .zip(functions)
            .map(|(row, f)| row & !f)
            .collect()
    }

    /// The Reed-Solomon block of each codeword, in the order in which they are placed, and how
    /// many codewords of each block are for error correction.
    pub(in crate::qr) fn blocks(&self) -> (Vec<usize>, usize) {
        let (data, correction) = self.sizes();
        let mut blocks = vec![0; data];
        for index in 0..data {
            let mut bytes = vec![0; data];
            bytes
                .iter_mut()
                .skip(index)
                .take(1)
                .for_each(|byte| *byte = 1);
            // A single byte that is not zero makes every correction codeword of its block so,
            // and the first of each block are placed first.
            let Some((data, correction)) = self.codewords(&bytes) else {
                continue;
            };
            let is_set = |byte: &u8| *byte != 0;
            let place = data
                .iter()
                .position(is_set)
                .and_then(|place| blocks.get_mut(place));
            if let (Some(place), Some(block)) = (place, correction.iter().position(is_set)) {
                *place = block;
            }
        }
        let count = blocks.iter().max().map_or(1, |last| last + 1);
        blocks.extend((0..correction).map(|index| index % count));
        (blocks, correction / count)
    }

    /// How many codewords there are for data and for error correction.
    fn sizes(&self) -> (usize, usize) {
        let data = self.data();
        let correction = self.codewords(&vec![0; data]);
        (
            data,
            correction.map_or(0, |(_, correction)| correction.len()),
        )
    }

    /// The data of a text, filled up to the end (7.4); none if the text does not fit.
    pub(super) fn bits(&self, text: &str) -> Option<Vec<u8>> {
        let mut bits = Bits::new(known(self.version));
        let pushed = match Mode::of(text) {
            Mode::Alphanumeric => bits.push_alphanumeric_data(text.as_bytes()),
            Mode::Byte => bits.push_byte_data(text.as_bytes()),
        };
        pushed.ok()?;
        bits.push_terminator(level(self.error_correction)).ok()?;
        Some(bits.into_bytes())
    }

    fn codewords(&self, data: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
        construct_codewords(data, known(self.version), level(self.error_correction)).ok()
    }

    fn drawn(&self, data: &[u8], correction: &[u8]) -> Canvas {
        let mut canvas = self.functions.clone();
        canvas.draw_data(data, correction);
        canvas
    }

    fn rows(&self, canvas: &Canvas) -> Vec<u128> {
        self.rows_where(|x, y| canvas.get(x, y).is_dark())
    }

    fn rows_where(&self, is_set: impl Fn(i16, i16) -> bool) -> Vec<u128> {
        let width = known(self.version).width();
        let row = |y| {
            (0..width)
                .rev()
                .fold(0, |row, x| row << 1 | u128::from(is_set(x, y)))
        };
        (0..width).map(row).collect()
    }
}

fn room(version: Version, error_correction: ErrorCorrection) -> usize {
    let bits = Bits::new(known(version)).max_len(level(error_correction));
    bits.unwrap_or_default()
}

fn known(version: Version) -> CrateVersion {
    CrateVersion::Normal(version.number().into())
}

const fn level(error_correction: ErrorCorrection) -> EcLevel {
    match error_correction {
        ErrorCorrection::M => EcLevel::M,
        ErrorCorrection::H => EcLevel::H,
    }
}
