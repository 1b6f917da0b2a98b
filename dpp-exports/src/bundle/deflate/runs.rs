//! How a path is deflated, run by run.
//!
//! From the second run on, the text of a run is `m3 0v1h-2v-1z`, where only the numbers differ
//! from run to run. It is written as two numbers, each with a back reference behind it:
//!
//! - the first number as literals;
//! - ` 0v1h-` as a reference to the same text of the run before. Where that run or this one is the
//!   first of its row, ` 0` or ` 1` are literals, and only `v1h-` is a reference;
//! - the length as literals;
//! - `v-1zm`, which ends this run and begins the next one, as a reference to the same text before
//!   this run; of the last run `v-1z`.
//!
//! With numbers of one digit all references go 13 bytes back, and with all that occur in symbols
//! at most 16: these distances have one code. What would go further back is literals. The first
//! run, and what follows the last one, are literals, too.

use super::bits::{Bits, Text};
use super::code::{Code, Length};
use crate::qr::Step;

/// INVARIANT: no number in a path is larger, since no drawing is so wide.
const MOST: i32 = 255;

/// A short text and its literals.
#[derive(Debug, Clone, Copy)]
struct Piece {
    text: [u8; 8],
    length: u32,
    bits: u64,
    count: u32,
}

/// The texts that paths are made of.
#[derive(Debug)]
pub(super) struct Pieces {
    code: Code,
    numbers: Box<[Piece]>,
    first: Piece,
    space: Piece,
    draw: Piece,
    close: Piece,
    next: Piece,
}

impl Pieces {
    pub(super) fn new() -> Self {
        let code = Code::new();
        let numbers = (-MOST..=MOST).map(|number| Piece::new(&code, &number.to_string()));
        Self {
            numbers: numbers.collect(),
            first: Piece::new(&code, "M"),
            space: Piece::new(&code, " "),
            draw: Piece::new(&code, "v1h-"),
            close: Piece::new(&code, "v-1z"),
            next: Piece::new(&code, "v-1zm"),
            code,
        }
    }

    pub(super) const fn code(&self) -> &Code {
        &self.code
    }

    fn number(&self, number: i32) -> Piece {
        let place = usize::try_from(number + MOST).ok();
        let piece = place.and_then(|place| self.numbers.get(place));
        piece.copied().unwrap_or(self.space)
    }
}

impl Piece {
    fn new(code: &Code, text: &str) -> Self {
        let mut bits = Bits::default();
        code.push_text(text.as_bytes(), &mut bits);
        let (bits, count) = bits.word().unwrap_or_default();
        let mut piece = [0; 8];
        piece
            .iter_mut()
            .zip(text.bytes())
            .for_each(|(to, byte)| *to = byte);
        Self {
            text: piece,
            length: text.len() as u32,
            bits,
            count,
        }
    }
}

/// What the back references of a run depend on in the run before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Before {
    /// Whether that one lies in one row with the one before it.
    pub(super) is_in_row: bool,
    /// How many digits its length has.
    pub(super) digits: u32,
}

/// A deflated path, and its text.
#[derive(Debug, Default)]
pub(super) struct Deflated {
    pub(super) bits: Bits,
    pub(super) text: Text,
}

impl Deflated {
    /// Appends a run and, unless it is the last, the `m` of the next one.
    pub(super) fn push(
        &mut self,
        pieces: &Pieces,
        step: Step,
        before: Before,
        is_last: bool,
    ) -> Before {
        match step {
            Step::First { x, y, length } => {
                self.push_piece(&pieces.first);
                self.push_piece(&pieces.number(x.cast_signed()));
                self.push_piece(&pieces.space);
                self.push_piece(&pieces.number(y.cast_signed()));
                self.push_piece(&pieces.draw);
                let length = pieces.number(length.cast_signed());
                self.push_piece(&length);
                self.push_piece(if is_last { &pieces.close } else { &pieces.next });
                Before {
                    is_in_row: false,
                    digits: length.length,
                }
            }
            Step::Next {
                right,
                down,
                length,
            } => {
                let right = pieces.number(right);
                let length = pieces.number(length.cast_signed());
                self.push_piece(&right);
                let to_draw = self.push_way_down(pieces, right.length, down, before);
                self.push_piece(&length);
                let all = right.length + to_draw + length.length + pieces.next.length;
                let (end, again) = match is_last {
                    true => (&pieces.close, Length::Four),
                    false => (&pieces.next, Length::Five),
                };
                self.push_piece_again(pieces, end, again, all);
                Before {
                    is_in_row: down == 0,
                    digits: length.length,
                }
            }
        }
    }

    /// Appends what stands between the numbers of a run; gives its length.
    fn push_way_down(&mut self, pieces: &Pieces, right: u32, down: u32, before: Before) -> u32 {
        let down_piece = pieces.number(down.cast_signed());
        let to_draw = pieces.space.length + down_piece.length + pieces.draw.length;
        let distance = before.digits + pieces.next.length + right + to_draw;
        if down == 0 && before.is_in_row && Code::reaches(distance) {
            self.text.push(b" 0v1h-", 6);
            pieces
                .code
                .push_again(Length::Six, distance, &mut self.bits);
        } else {
            self.push_piece(&pieces.space);
            self.push_piece(&down_piece);
            self.push_piece_again(pieces, &pieces.draw, Length::Four, distance);
        }
        to_draw
    }

    fn push_piece_again(&mut self, pieces: &Pieces, piece: &Piece, length: Length, distance: u32) {
        if Code::reaches(distance) {
            self.text.push(&piece.text, piece.length as usize);
            pieces.code.push_again(length, distance, &mut self.bits);
        } else {
            self.push_piece(piece);
        }
    }

    fn push_piece(&mut self, piece: &Piece) {
        self.text.push(&piece.text, piece.length as usize);
        self.bits.push(piece.bits, piece.count);
    }
}
