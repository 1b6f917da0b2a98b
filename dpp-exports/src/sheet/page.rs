//! The page: A4, in millimetres.

use std::fmt::Write;

use crate::bundle::Design;

const WIDTH: f64 = 210.0;
const HEIGHT: f64 = 297.0;
const MARGIN: f64 = 15.0;

pub(super) const LEFT: f64 = MARGIN;
pub(super) const RIGHT: f64 = WIDTH - MARGIN;
pub(super) const TITLE: f64 = 21.0;
pub(super) const SUBTITLE: f64 = 27.5;
pub(super) const UPPER_RULE: f64 = 32.0;
pub(super) const LOWER_RULE: f64 = 283.0;
pub(super) const FOOTER: f64 = 287.5;

/// The logo, which is in the page once.
pub(super) const USE_LOGO: &str = "<use xlink:href=\"#logo\"/>";

/// The beginning of the page, with the logo of its codes.
pub(super) fn start(design: &Design) -> String {
    let picture = design.template().picture();
    let namespaces = picture.map_or("", |picture| picture.namespaces);
    let mut page = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\"{namespaces} width=\"{WIDTH}mm\" \
         height=\"{HEIGHT}mm\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n"
    );
    if let Some(picture) = picture {
        let _ = writeln!(page, "<defs><g id=\"logo\">{}</g></defs>", picture.element);
    }
    page
}

/// A line across the page.
pub(super) fn rule(page: &mut String, y: f64) {
    let _ = writeln!(
        page,
        "<path d=\"M{LEFT} {y}H{RIGHT}\" fill=\"none\" stroke=\"#bbb\" stroke-width=\".25\"/>"
    );
}

/// How the codes of a page are arranged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    columns: usize,
    rows: usize,
}

impl Grid {
    const ALL: [Self; 4] = [
        Self::new(2, 3),
        Self::new(3, 4),
        Self::new(4, 6),
        Self::new(5, 8),
    ];

    /// The most codes that a page has room for.
    pub(super) const MOST: usize = 40;

    const fn new(columns: usize, rows: usize) -> Self {
        Self { columns, rows }
    }

    /// The one with the largest codes that has room for so many.
    pub(super) fn of(codes: usize) -> Self {
        let mut grids = Self::ALL.into_iter();
        let fitting = grids.find(|grid| grid.columns * grid.rows >= codes);
        fitting.unwrap_or(Self::new(5, 8))
    }

    /// The places of codes, row by row.
    pub(super) fn cells(self) -> impl Iterator<Item = Cell> {
        let width = (RIGHT - LEFT) / self.columns as f64;
        let height = (LOWER_RULE - UPPER_RULE) / self.rows as f64;
        let cell = move |row, column| Cell {
            left: LEFT + width * column as f64,
            top: UPPER_RULE + height * row as f64,
            width,
            height,
        };
        (0..self.rows).flat_map(move |row| (0..self.columns).map(move |column| cell(row, column)))
    }
}

/// The place of one code: its number, the code, and up to three lines of text, centred. The
/// text stays out of the code's quiet zone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl Cell {
    const ABOVE: f64 = 4.5;
    const BELOW: f64 = 8.5;
    const LINE: f64 = 2.8;

    pub(super) fn middle(&self) -> f64 {
        self.left + self.width / 2.0
    }

    pub(super) fn code_side(&self) -> f64 {
        self.width.min(self.height - Self::ABOVE - Self::BELOW)
    }

    pub(super) fn code_left(&self) -> f64 {
        self.middle() - self.code_side() / 2.0
    }

    pub(super) fn code_top(&self) -> f64 {
        self.top + Self::ABOVE
    }

    pub(super) fn number_line(&self) -> f64 {
        self.code_top() - 0.6
    }

    /// The base line of a line of text below the code.
    pub(super) fn label_line(&self, line: u8) -> f64 {
        let first = self.code_top() + self.code_side() + 2.0;
        first + Self::LINE * f64::from(line)
    }
}
