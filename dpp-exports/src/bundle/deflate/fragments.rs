//! Several runs at once.
//!
//! Where a run has ended, the next modules of the row are looked up: the runs that end within
//! them, as text and as bits, are ready. What is not in the table goes [run by run](super::runs):
//! the first run of each row, numbers of two digits, and what follows on them.

use super::bits::Bits;
use super::runs::{Before, Deflated, Pieces};
use crate::qr::{Run, SVG_END, Step, runs};

/// How many modules are looked up at once.
const MODULES: u32 = 8;
/// How many bytes of text the runs have at most that are: three of 13.
const TEXT: usize = 40;
const RUN: usize = 13;

/// Before a run that follows on the first one of its row.
const FIRST: Before = Before {
    is_in_row: false,
    digits: 1,
};
/// Before one that follows on another.
const FOLLOWING: Before = Before {
    is_in_row: true,
    digits: 1,
};

/// What is ready of all paths.
#[derive(Debug)]
pub(in crate::bundle) struct Fragments {
    pieces: Pieces,
    header: Bits,
    end: Bits,
    tables: [Box<[Fragment]>; 2],
}

/// Runs that lie within some modules.
#[derive(Debug, Clone, Copy)]
struct Fragment {
    bits: u64,
    text: [u8; TEXT],
    bit_count: u8,
    length: u8,
    /// How many modules it has, to the end of the last run; none if no run ends within them.
    modules: u8,
}

impl Fragments {
    pub(in crate::bundle) fn new() -> Self {
        let pieces = Pieces::new();
        let (mut header, mut end) = (Bits::default(), Bits::default());
        pieces.code().push_header(&mut header);
        pieces.code().push_text(SVG_END, &mut end);
        pieces.code().push_end(&mut end);
        let table = |before| {
            let fragments =
                (0..1 << MODULES).map(|modules| Fragment::new(&pieces, before, modules));
            fragments.collect()
        };
        let tables = [FIRST, FOLLOWING].map(table);
        Self {
            pieces,
            header,
            end,
            tables,
        }
    }
}

impl Fragment {
    fn new(pieces: &Pieces, mut before: Before, modules: u128) -> Self {
        let mut fragment = Self {
            bits: 0,
            text: [0; TEXT],
            bit_count: 0,
            length: 0,
            modules: 0,
        };
        let mut deflated = Deflated::default();
        // A run up to the last module may go on behind it.
        let mut pen = 0;
        for Run { end, length } in runs(modules).take_while(|run| run.end < MODULES) {
            let step = Step::Next {
                right: (end - pen).cast_signed(),
                down: 0,
                length,
            };
            before = deflated.push(pieces, step, before, false);
            pen = end;
            let text = deflated.text.as_bytes();
            let (Some((bits, count)), true) = (deflated.bits.word(), text.len() <= TEXT) else {
                break;
            };
            if text.len() % RUN != 0 {
                break;
            }
            fragment
                .text
                .iter_mut()
                .zip(text)
                .for_each(|(to, byte)| *to = *byte);
            fragment.bits = bits;
            fragment.bit_count = count as u8;
            fragment.length = text.len() as u8;
            fragment.modules = end as u8;
        }
        fragment
    }
}

/// Deflates one path after another.
#[derive(Debug)]
pub(in crate::bundle) struct PathWriter<'a> {
    fragments: &'a Fragments,
    deflated: Deflated,
    pen: Option<(u32, u32)>,
    before: Before,
}

impl<'a> PathWriter<'a> {
    pub(in crate::bundle) fn new(fragments: &'a Fragments) -> Self {
        Self {
            fragments,
            deflated: Deflated::default(),
            pen: None,
            before: FIRST,
        }
    }

    /// The rest of an SVG from its path on, as it is and deflated as one last block.
    pub(in crate::bundle) fn write(&mut self, rows: impl Iterator<Item = u128>) -> (&[u8], &[u8]) {
        self.deflated.text.clear();
        self.deflated.bits.clear();
        self.deflated.bits.push_all(&self.fragments.header);
        (self.pen, self.before) = (None, FIRST);
        let mut rows = (0..).zip(rows).filter(|(_, row)| *row != 0).peekable();
        while let Some((y, row)) = rows.next() {
            if rows.peek().is_some() {
                self.push_runs(y, row);
            } else {
                let length = (row << row.leading_zeros()).leading_ones();
                let end = u128::BITS - row.leading_zeros();
                self.push_runs(y, row & !(u128::MAX << (end - length)));
                self.push_run(y, Run { end, length }, true);
            }
        }
        self.deflated.text.push(SVG_END, SVG_END.len());
        self.deflated.bits.push_all(&self.fragments.end);
        (self.deflated.text.as_bytes(), self.deflated.bits.finish())
    }

    /// Appends the runs of a row that others follow on.
    fn push_runs(&mut self, y: u32, row: u128) {
        let mut rest = row;
        let mut x = 0;
        while rest != 0 {
            let table = match self.before {
                Before { digits: 1, .. } if x == 0 => None,
                Before {
                    digits: 1,
                    is_in_row,
                } => self.fragments.tables.get(usize::from(is_in_row)),
                _ => None,
            };
            let modules = rest as usize & ((1 << MODULES) - 1);
            let fragment = table.and_then(|table| table.get(modules));
            let taken = match fragment {
                Some(fragment) if fragment.modules > 0 => {
                    self.push_fragment(fragment);
                    u32::from(fragment.modules)
                }
                _ => {
                    let gap = rest.trailing_zeros();
                    let length = (rest >> gap).trailing_ones();
                    let end = x + gap + length;
                    self.push_run(y, Run { end, length }, false);
                    gap + length
                }
            };
            x += taken;
            self.pen = Some((x, y));
            rest = rest.checked_shr(taken).unwrap_or_default();
        }
    }

    fn push_fragment(&mut self, fragment: &Fragment) {
        self.deflated
            .text
            .push(&fragment.text, fragment.length.into());
        self.deflated
            .bits
            .push(fragment.bits, fragment.bit_count.into());
        self.before = FOLLOWING;
    }

    fn push_run(&mut self, y: u32, run: Run, is_last: bool) {
        let step = Step::to(run, y, self.pen);
        let pieces = &self.fragments.pieces;
        self.before = self.deflated.push(pieces, step, self.before, is_last);
        self.pen = Some((run.end, y));
    }
}
