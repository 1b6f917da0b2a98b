//! Several runs at once.
//!
//! Where a run has ended, the next modules of the row are looked up: the runs that end within
//! them, as text and as bits, are ready. So is the first run of a row, by the way to it and its
//! length. What is in no table goes [run by run](super::runs): numbers of two digits, and what
//! follows on them.

use super::bits::Bits;
use super::runs::{Before, Deflated, Pieces};
use crate::qr::{Run, SVG_END, Step, runs};

/// How many modules are looked up at once.
const MODULES: u32 = 8;
/// How many bytes of text the runs have at most that are: three of 13.
const TEXT: usize = 40;
const RUN: usize = 13;
/// The longest ways back to the first run of a row, and the longest such runs, that are ready.
const BACK: u32 = 64;
const LENGTH: u32 = 9;

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
    first_of_row: Box<[Fragment]>,
    second_of_row: Box<Table>,
    others: Box<Table>,
}

type Table = [Fragment; 1 << MODULES];

/// Runs that are ready.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
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
            let mut table = Box::new([Fragment::NONE; 1 << MODULES]);
            for (modules, fragment) in (0..).zip(table.iter_mut()) {
                *fragment = Fragment::of_modules(&pieces, before, modules);
            }
            table
        };
        let first_of_row = (0..BACK * LENGTH).map(|place| {
            let (back, length) = (place / LENGTH, place % LENGTH + 1);
            Fragment::of_first(&pieces, back, length)
        });
        Self {
            first_of_row: first_of_row.collect(),
            second_of_row: table(FIRST),
            others: table(FOLLOWING),
            pieces,
            header,
            end,
        }
    }

    /// The first run of a row, so far to the left of where the row above it ends in a run whose
    /// length has one digit.
    fn first_of_row(&self, back: u32, length: u32) -> Option<&Fragment> {
        let is_ready = back < BACK && length <= LENGTH;
        let place = is_ready.then_some(back * LENGTH + length - 1)?;
        let fragment = self.first_of_row.get(place as usize);
        fragment.filter(|fragment| fragment.length > 0)
    }
}

impl Fragment {
    const NONE: Self = Self {
        bits: 0,
        text: [0; TEXT],
        bit_count: 0,
        length: 0,
        modules: 0,
    };

    /// What is deflated, if there is room for it, and the modules that it takes.
    fn new(deflated: &Deflated, modules: u32) -> Option<Self> {
        let text = deflated.text.as_bytes();
        let (bits, count) = deflated.bits.word().filter(|_| text.len() <= TEXT)?;
        let mut fragment = Self {
            bits,
            bit_count: count as u8,
            length: text.len() as u8,
            modules: modules as u8,
            ..Self::NONE
        };
        let bytes = fragment.text.iter_mut().zip(text);
        bytes.for_each(|(to, byte)| *to = *byte);
        Some(fragment)
    }

    fn of_modules(pieces: &Pieces, mut before: Before, modules: u128) -> Self {
        let mut fragment = Self::NONE;
        let mut deflated = Deflated::default();
        let mut pen = 0;
        // A run up to the last module may go on behind it.
        for Run { end, length } in runs(modules).take_while(|run| run.end < MODULES) {
            let step = Step::Next {
                right: (end - pen).cast_signed(),
                down: 0,
                length,
            };
            before = deflated.push(pieces, step, before, false);
            pen = end;
            match Self::new(&deflated, end) {
                Some(more) if usize::from(more.length) % RUN == 0 => fragment = more,
                _ => break,
            }
        }
        fragment
    }

    fn of_first(pieces: &Pieces, back: u32, length: u32) -> Self {
        let mut deflated = Deflated::default();
        let step = Step::Next {
            right: -back.cast_signed(),
            down: 1,
            length,
        };
        deflated.push(pieces, step, FOLLOWING, false);
        Self::new(&deflated, 0).unwrap_or(Self::NONE)
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
                self.push_row(y, row);
            } else {
                let length = (row << row.leading_zeros()).leading_ones();
                let end = u128::BITS - row.leading_zeros();
                self.push_row(y, row & !(u128::MAX << (end - length)));
                self.push_run(y, Run { end, length }, true);
            }
        }
        self.deflated.text.push(SVG_END, SVG_END.len());
        self.deflated.bits.push_all(&self.fragments.end);
        (self.deflated.text.as_bytes(), self.deflated.bits.finish())
    }

    /// Appends the runs of a row that others follow on.
    fn push_row(&mut self, y: u32, row: u128) {
        match u64::try_from(row) {
            Ok(row) => self.push_runs(y, row),
            Err(_) => self.push_runs(y, row),
        }
    }

    fn push_runs<R: Row>(&mut self, y: u32, row: R) {
        let Some(first) = row.next_run() else { return };
        self.push_first(y, first);
        let mut x = first.end;
        let mut rest = row.after(x);
        let fragments = self.fragments;
        while let Some(next) = rest.next_run() {
            let table = match self.before {
                FOLLOWING => Some(&fragments.others),
                FIRST => Some(&fragments.second_of_row),
                _ => None,
            };
            let fragment = table.and_then(|table| table.get(usize::from(rest.modules())));
            let taken = match fragment {
                Some(fragment) if fragment.modules > 0 => {
                    self.push_fragment(fragment);
                    self.before = FOLLOWING;
                    u32::from(fragment.modules)
                }
                _ => {
                    self.pen = Some((x, y));
                    let end = x + next.end;
                    self.push_run(y, Run { end, ..next }, false);
                    next.end
                }
            };
            x += taken;
            rest = rest.after(taken);
        }
        self.pen = Some((x, y));
    }

    fn push_first(&mut self, y: u32, run: Run) {
        let back = match self.pen {
            Some((x, above)) if above + 1 == y && self.before.digits == 1 => x.checked_sub(run.end),
            _ => None,
        };
        match back.and_then(|back| self.fragments.first_of_row(back, run.length)) {
            Some(fragment) => {
                self.push_fragment(fragment);
                self.before = FIRST;
            }
            None => self.push_run(y, run, false),
        }
    }

    fn push_fragment(&mut self, fragment: &Fragment) {
        let length = fragment.length.into();
        self.deflated.text.push(&fragment.text, length);
        let count = fragment.bit_count.into();
        self.deflated.bits.push(fragment.bits, count);
    }

    fn push_run(&mut self, y: u32, run: Run, is_last: bool) {
        let step = Step::to(run, y, self.pen);
        let pieces = &self.fragments.pieces;
        self.before = self.deflated.push(pieces, step, self.before, is_last);
        self.pen = Some((run.end, y));
    }
}

/// What is left of a row.
trait Row: Copy {
    /// The next run, if there is one.
    fn next_run(self) -> Option<Run>;
    /// The next modules.
    fn modules(self) -> u8;
    /// What there is after so many.
    fn after(self, modules: u32) -> Self;
}

macro_rules! row {
    ($word:ty) => {
        impl Row for $word {
            #[inline(always)]
            fn next_run(self) -> Option<Run> {
                let gap = self.trailing_zeros();
                let length = self.checked_shr(gap)?.trailing_ones();
                let end = gap + length;
                Some(Run { end, length })
            }

            #[inline(always)]
            fn modules(self) -> u8 {
                self as u8
            }

            #[inline(always)]
            fn after(self, modules: u32) -> Self {
                self.checked_shr(modules).unwrap_or_default()
            }
        }
    };
}

row!(u64);
row!(u128);
