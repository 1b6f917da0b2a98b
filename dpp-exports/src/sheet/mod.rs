//! The contact sheet: the first codes of a pack on one page, to be looked at and scanned before
//! the pack is printed.
//!
//! It is an SVG of the size of A4 in millimetres, with a heading, the codes with what people read
//! below them, and a footer. A code is numbered as its file in the bundle is; copies are shown
//! once. Below it stand the GTIN and the serial or the lot with their application identifiers
//! (GS1 General Specifications, 4.14), or without a GTIN the serial, lot or id alone.
//!
//! ```
//! use dpp_exports::bundle::{Codes, Design};
//! use dpp_exports::sheet::{self, Sheet};
//!
//! let mut codes = Codes::of_serials(Some("09506000134352".parse()?));
//! codes.push("K7M4Q2X9PRTW", "https://id.example.com/01/09506000134352/21/K7M4Q2X9PRTW")?;
//! let design = Design::new(&codes, None)?;
//! let sheet = Sheet::new("018c3f6e-2d00-7000-8000-0123456789ab", 1, "QR bundle");
//! let svg = sheet.svg(&codes, &design)?;
//! assert!(svg.contains("(21)K7M4Q2X9PRTW"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod page;
mod text;

use std::fmt::Write;

use crate::bundle::{Codes, Design};
use crate::qr::{EncodeError, QUIET_ZONE};
use page::{Cell, Grid};
use text::{Style, write_text};

/// How many codes a sheet shows if nothing else is said.
pub const CODES: usize = 24;

/// The most codes that a sheet shows.
pub const MOST_CODES: usize = Grid::MOST;

/// What the heading of a contact sheet says, and how many codes are below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sheet<'a> {
    batch: &'a str,
    pack: u32,
    format: &'a str,
    most: usize,
}

impl<'a> Sheet<'a> {
    /// That of a pack of a batch, in words that people know the batch and the format by.
    pub const fn new(batch: &'a str, pack: u32, format: &'a str) -> Self {
        Self {
            batch,
            pack,
            format,
            most: CODES,
        }
    }

    /// With so many codes instead of [`CODES`], at most [`MOST_CODES`].
    #[must_use]
    pub const fn of_codes(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// Draws it; the codes look as in their bundle.
    ///
    /// # Errors
    /// [`EncodeError::LongerThanPlanned`] if the design is that of other codes.
    pub fn svg(&self, codes: &Codes, design: &Design) -> Result<String, EncodeError> {
        let most = self.most.min(MOST_CODES);
        let shown = codes.iter().filter(|code| code.copies > 0).take(most);
        let shown: Vec<_> = shown.collect();
        let mut page = page::start(design);
        self.write_heading(codes, shown.len(), &mut page);
        let mut number = 1;
        for (cell, code) in Grid::of(shown.len()).cells().zip(shown) {
            write_code(&mut page, &cell, design, code.resolver_url)?;
            write_labels(&mut page, &cell, number, &text::labels(codes, &code));
            number += code.copies;
        }
        write_footer(design, &mut page);
        page.push_str("</svg>\n");
        Ok(page)
    }

    fn write_heading(&self, codes: &Codes, shown: usize, page: &mut String) {
        let batch = text::cut(self.batch, 60);
        let title = format!("Batch {batch}");
        write_text(page, page::LEFT, page::TITLE, Style::Title, &title);
        let files = text::thousands(codes.files());
        let line = format!(
            "Pack {} · {} · {files} codes, {shown} of them shown",
            self.pack,
            text::cut(self.format, 60),
        );
        write_text(page, page::LEFT, page::SUBTITLE, Style::Line, &line);
        page::rule(page, page::UPPER_RULE);
    }
}

fn write_code(
    page: &mut String,
    cell: &Cell,
    design: &Design,
    text: &str,
) -> Result<(), EncodeError> {
    let (template, mut path) = (design.template(), Vec::new());
    template.write_path(&design.encode(text)?, &mut path);
    let (side, units) = (cell.code_side(), template.side());
    let logo = template.picture().map_or("", |_| page::USE_LOGO);
    // Writing to a `String` cannot fail.
    let _ = writeln!(
        page,
        "<svg x=\"{:.2}\" y=\"{:.2}\" width=\"{side:.2}\" height=\"{side:.2}\" \
         viewBox=\"0 0 {units} {units}\" shape-rendering=\"crispEdges\">{logo}\
         <path fill=\"#000\" d=\"{}\"/></svg>",
        cell.code_left(),
        cell.code_top(),
        String::from_utf8_lossy(&path),
    );
    Ok(())
}

fn write_labels(page: &mut String, cell: &Cell, number: u32, labels: &[String]) {
    let number = format!("{number:05}");
    write_text(
        page,
        cell.middle(),
        cell.number_line(),
        Style::Number,
        &number,
    );
    for (line, label) in (0..).zip(labels) {
        write_text(
            page,
            cell.middle(),
            cell.label_line(line),
            Style::Label,
            label,
        );
    }
}

fn write_footer(design: &Design, page: &mut String) {
    page::rule(page, page::LOWER_RULE);
    let (version, width) = (design.version(), design.version().width());
    let kind = format!(
        "QR code version {version}, error correction {:?}, {width} × {width} modules, quiet zone \
         {QUIET_ZONE} modules",
        design.error_correction(),
    );
    write_text(page, page::LEFT, page::FOOTER, Style::Footer, &kind);
    let advice = "Print at 100 % and scan before release";
    write_text(page, page::RIGHT, page::FOOTER, Style::FooterRight, advice);
}
