//! The path of a symbol: its horizontal runs of dark modules, row by row.
//!
//! A run is drawn from its upper right corner down, to the left, up and back: `v1h-3v-1z`. So its
//! length stands there once, the pen is where the run ends, and what lies between two lengths is
//! nearly always the same, which is what makes paths short when they are compressed.
//!
//! All runs are one path, which is filled at once: rows that touch leave no hairline between them,
//! as separate shapes do. Rendered at 300 and 600 dpi, at sizes at which modules do not fall on
//! whole pixels, with and without anti-aliasing, it has the same pixels as outlines around the
//! dark areas: none inside that is not black, where a `<rect>` a run leaves 3 to 7 % of them grey.

use crate::qr::svg::QUIET_ZONE;

/// The way from where one run ends to where the next one does, and how long that one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// To the first run, in the coordinates of the drawing.
    First { x: u32, y: u32, length: u32 },
    /// To another.
    Next { right: i32, down: u32, length: u32 },
}

/// A horizontal run of dark modules: the column behind its last one, and how many it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) end: u32,
    pub(crate) length: u32,
}

/// The runs of a row from left to right.
pub(crate) fn runs(mut row: u128) -> impl Iterator<Item = Run> {
    let mut end = 0;
    std::iter::from_fn(move || {
        let gap = row.trailing_zeros();
        let length = row.checked_shr(gap)?.trailing_ones();
        row = row.checked_shr(gap + length).unwrap_or_default();
        end += gap + length;
        Some(Run { end, length })
    })
}

impl Step {
    /// The step to a run of a row from where the run before it ends, if there is one.
    pub(crate) fn to(run: Run, y: u32, pen: Option<(u32, u32)>) -> Self {
        let Run { end: x, length } = run;
        match pen {
            None => Self::First {
                x: x + QUIET_ZONE,
                y: y + QUIET_ZONE,
                length,
            },
            Some((before, above)) => Self::Next {
                right: x.cast_signed() - before.cast_signed(),
                down: y - above,
                length,
            },
        }
    }

    /// Appends its text.
    pub(crate) fn write(self, out: &mut Vec<u8>) {
        let length = match self {
            Self::First { x, y, length } => {
                out.push(b'M');
                write_number(out, x);
                out.push(b' ');
                write_number(out, y);
                length
            }
            Self::Next {
                right,
                down,
                length,
            } => {
                out.push(b'm');
                if right < 0 {
                    out.push(b'-');
                }
                write_number(out, right.unsigned_abs());
                out.push(b' ');
                write_number(out, down);
                length
            }
        };
        out.extend_from_slice(b"v1h-");
        write_number(out, length);
        out.extend_from_slice(b"v-1z");
    }
}

/// Writes a number under 1000.
fn write_number(out: &mut Vec<u8>, number: u32) {
    let digit = |unit: u32| b'0' + (number / unit % 10) as u8;
    match number {
        0..10 => out.push(digit(1)),
        10..100 => out.extend_from_slice(&[digit(10), digit(1)]),
        _ => out.extend_from_slice(&[digit(100), digit(10), digit(1)]),
    }
}
