//! A QR code in a terminal.

use std::fmt::Write;

use console::Style;
use dpp_exports::qr::{EncodeError, Encoder, ErrorCorrection, Lengths, Symbol, upper_case_host};

/// Light modules around the symbol (ISO/IEC 18004, 5.3.8).
const QUIET_ZONE: u32 = 4;

/// Spaces before each line.
const INDENT: &str = "  ";

/// The code of a URL, two rows of modules in each line.
///
/// In colours it is black on white whatever the terminal's colours are; without, it is for a
/// terminal with a dark background, where light modules are drawn.
pub(super) fn code(url: &str, colors: bool) -> Result<String, EncodeError> {
    let text = upper_case_host(url);
    let encoder = Encoder::new(ErrorCorrection::M, &Lengths::of([text.as_ref()]))?;
    Ok(drawn(&encoder.encode(&text)?, colors))
}

fn drawn(symbol: &Symbol, colors: bool) -> String {
    let paper = Style::new()
        .force_styling(true)
        .color256(16)
        .on_color256(231);
    let whole = symbol.width() + 2 * QUIET_ZONE;
    // Outside the symbol, as below the last of an odd number of rows, nothing is dark.
    let is_inked = |x: u32, y: u32| {
        let place = x.checked_sub(QUIET_ZONE).zip(y.checked_sub(QUIET_ZONE));
        place.is_some_and(|(x, y)| symbol.is_dark(x, y)) == colors
    };
    let mut text = String::new();
    for y in (0..whole).step_by(2) {
        let blocks = (0..whole).map(|x| match (is_inked(x, y), is_inked(x, y + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        });
        let line: String = blocks.collect();
        // A `String` takes everything.
        let _ = match colors {
            true => writeln!(text, "{INDENT}{}", paper.apply_to(line)),
            false => writeln!(text, "{INDENT}{line}"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const URL: &str = "http://127.0.0.1:40123/01/09506000134352/21/K7M4Q2X9PRTW";

    /// What a camera would see, with this colour for what is not drawn.
    fn read(code: &str, ground: u8) -> String {
        const MODULE: usize = 4;
        let lines = code.lines().map(|line| {
            let line = console::strip_ansi_codes(line).into_owned();
            line.strip_prefix(INDENT)
                .unwrap()
                .chars()
                .collect::<Vec<_>>()
        });
        let rows: Vec<Vec<bool>> = lines
            .flat_map(|line| {
                ['▀', '▄'].map(|half| {
                    let inked = line.iter().map(|block| *block == '█' || *block == half);
                    inked.collect()
                })
            })
            .collect();
        let width = rows[0].len();
        assert!(rows.iter().all(|row| row.len() == width));
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(
            width * MODULE,
            rows.len() * MODULE,
            |x, y| match rows[y / MODULE][x / MODULE] {
                true => 255 - ground,
                false => ground,
            },
        );
        let grids = image.detect_grids();
        grids.first().unwrap().decode().unwrap().1
    }

    #[test]
    fn a_code_can_be_read_from_a_terminal() {
        let text = upper_case_host(URL);
        assert_eq!(read(&code(URL, true).unwrap(), 255), text);
        assert_eq!(read(&code(URL, false).unwrap(), 0), text);
    }

    #[test]
    fn a_code_in_colours_is_black_on_white_in_every_line() {
        let code = code(URL, true).unwrap();
        let is_paper = |line: &str| line.contains("38;5;16m") && line.contains("48;5;231m");
        assert!(code.lines().all(is_paper), "{code}");
        assert!(code.lines().all(|line| line.ends_with("\u{1b}[0m")));
    }
}
