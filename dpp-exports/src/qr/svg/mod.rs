//! Symbols as SVG.

mod path;

pub(crate) use path::{Run, Step, runs};

use crate::qr::symbol::{Symbol, Version};

/// How many light modules there are on each side of a symbol (ISO/IEC 18004, 5.3.8).
pub const QUIET_ZONE: u32 = 4;

/// What each SVG ends with.
pub(crate) const END: &[u8; 10] = b"\"/></svg>\n";

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
/// symbol with its quiet zone, and there is no width and height. All dark modules are one filled
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

    /// Appends the path of a symbol.
    pub(crate) fn write_path(&self, symbol: &Symbol, out: &mut Vec<u8>) {
        let mut pen = None;
        for (y, row) in (0..).zip(self.drawn(symbol)) {
            for run in runs(row) {
                Step::to(run, y, pen).write(out);
                pen = Some((run.end, y));
            }
        }
    }

    /// The rows of a symbol, without the modules that are not drawn.
    pub(crate) fn drawn(&self, symbol: &Symbol) -> impl Iterator<Item = u128> {
        let rows = (0..).zip(symbol.rows());
        rows.map(|(y, row)| row & !self.hidden(y))
    }

    fn hidden(&self, y: u32) -> u128 {
        let area = self.picture.as_ref().map(|picture| picture.area);
        let area = area.filter(|area| area.rows().contains(&y));
        area.map_or(0, |area| area.columns())
    }
}
