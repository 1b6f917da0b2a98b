//! Symbols as SVG.

use super::symbol::{Symbol, Version};

/// How many light modules there are on each side of a symbol (ISO/IEC 18004, 5.3.8).
pub const QUIET_ZONE: u32 = 4;

const END: &[u8] = b"\"/></svg>\n";

/// A box of whole modules; column and row are counted from the symbol's upper left corner,
/// without the quiet zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Its leftmost column.
    pub x: u32,
    /// Its uppermost row.
    pub y: u32,
    /// How many columns it has.
    pub width: u32,
    /// How many rows it has.
    pub height: u32,
}

impl Area {
    /// How many modules it has.
    pub const fn modules(&self) -> u32 {
        self.width * self.height
    }

    pub(crate) fn rows(&self) -> std::ops::Range<u32> {
        self.y..self.y + self.height
    }

    /// Its columns, as the bits of a row.
    pub(crate) const fn columns(&self) -> u128 {
        ((1 << self.width) - 1) << self.x
    }
}

/// Draws symbols of one version.
///
/// A drawing has one unit a module and is as large as its page lets it be: `viewBox` is the
/// symbol with its quiet zone, and there is no width and height. All dark modules are one
/// `<path>` without a stroke, with one closed subpath for each horizontal run; there is no style
/// sheet. There is no background either, so that a printer's RIP does not print a white box: the
/// quiet zone is kept free, and the material shows in it, which has to be light. The bytes are
/// ASCII and always the same.
#[derive(Debug, Clone)]
pub struct SvgTemplate {
    side: u32,
    head: Vec<u8>,
    picture: Option<Picture>,
}

/// What is shown in the middle of a code instead of modules.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub(crate) area: Area,
    /// An element in the coordinates of the drawing.
    pub(crate) element: String,
    /// The declarations of the name spaces that the element needs.
    pub(crate) namespaces: &'static str,
}

impl SvgTemplate {
    /// Draws symbols as they are.
    pub fn new(version: Version) -> Self {
        Self::with(version, None)
    }

    /// Draws no module where a picture is.
    pub(crate) fn with(version: Version, picture: Option<Picture>) -> Self {
        let side = version.width() + 2 * QUIET_ZONE;
        let namespaces = picture.as_ref().map_or("", |picture| picture.namespaces);
        let element = picture.as_ref().map_or("", |picture| &picture.element);
        let head = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\"{namespaces} viewBox=\"0 0 {side} {side}\" \
             shape-rendering=\"crispEdges\">{element}<path fill=\"#000\" d=\""
        );
        Self {
            side,
            head: head.into_bytes(),
            picture,
        }
    }

    /// How many units a drawing is wide and high.
    pub(crate) const fn side(&self) -> u32 {
        self.side
    }

    pub(crate) const fn picture(&self) -> Option<&Picture> {
        self.picture.as_ref()
    }

    /// The SVG of a symbol of the template's version.
    pub fn svg(&self, symbol: &Symbol) -> Vec<u8> {
        let mut svg = self.head.clone();
        self.write_tail(symbol, &mut svg);
        svg
    }

    /// What each SVG begins with; the picture is part of it.
    pub(crate) fn head(&self) -> &[u8] {
        &self.head
    }

    /// Appends what follows the head.
    pub(crate) fn write_tail(&self, symbol: &Symbol, out: &mut Vec<u8>) {
        self.write_path(symbol, out);
        out.extend_from_slice(END);
    }

    /// Appends the path of a symbol. Each run but the first begins relative to the one before,
    /// which makes most of them alike, so that they compress to half the size.
    pub(crate) fn write_path(&self, symbol: &Symbol, out: &mut Vec<u8>) {
        let mut pen = None;
        for (y, row) in (0..).zip(symbol.rows()) {
            for_each_run(row & !self.hidden(y), |x, length| {
                write_run(out, pen, (x, y), length);
                pen = Some((x, y));
            });
        }
    }

    fn hidden(&self, y: u32) -> u128 {
        let area = self.picture.as_ref().map(|picture| picture.area);
        let area = area.filter(|area| area.rows().contains(&y));
        area.map_or(0, |area| area.columns())
    }
}

/// Calls with the first bit and the length of each run of ones.
fn for_each_run(mut row: u128, mut each: impl FnMut(u32, u32)) {
    let mut x = 0;
    while row != 0 {
        let gap = row.trailing_zeros();
        let length = (row >> gap).trailing_ones();
        each(x + gap, length);
        x += gap + length;
        row = row.checked_shr(gap + length).unwrap_or_default();
    }
}

fn write_run(out: &mut Vec<u8>, from: Option<(u32, u32)>, (x, y): (u32, u32), length: u32) {
    match from {
        None => {
            out.push(b'M');
            write_number(out, x + QUIET_ZONE);
            out.push(b' ');
            write_number(out, y + QUIET_ZONE);
        }
        Some((before, above)) => {
            out.push(b'm');
            if x < before {
                out.push(b'-');
            }
            write_number(out, x.abs_diff(before));
            out.push(b' ');
            write_number(out, y - above);
        }
    }
    out.push(b'h');
    write_number(out, length);
    out.extend_from_slice(b"v1h-");
    write_number(out, length);
    out.push(b'z');
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
