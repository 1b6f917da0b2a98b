//! What people read on a sheet.

use std::fmt::Write;

use crate::bundle::{Code, CodeKind, Codes};

/// As many characters as fit below a code: an AI with a serial of 20.
const MOST_IN_LINE: usize = 24;
const MOST_LINES: usize = 2;

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Title,
    Line,
    Number,
    Label,
    Footer,
    FooterRight,
}

impl Style {
    /// Family, size in mm, colour, and what else there is.
    const fn attributes(self) -> (&'static str, f64, &'static str, &'static str) {
        const PLAIN: &str = "Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif";
        const FIXED: &str = "Consolas,Menlo,'Liberation Mono','DejaVu Sans Mono',monospace";
        const CENTRED: &str = " text-anchor=\"middle\"";
        match self {
            Self::Title => (PLAIN, 5.0, "#111", " font-weight=\"bold\""),
            Self::Line => (PLAIN, 3.6, "#444", ""),
            Self::Number => (PLAIN, 2.0, "#777", CENTRED),
            Self::Label => (FIXED, 2.3, "#111", CENTRED),
            Self::Footer => (PLAIN, 2.6, "#666", ""),
            Self::FooterRight => (PLAIN, 2.6, "#666", " text-anchor=\"end\""),
        }
    }
}

/// Writes a line of text at a point of its base line.
pub(super) fn write_text(page: &mut String, x: f64, y: f64, style: Style, text: &str) {
    let (family, size, colour, rest) = style.attributes();
    // Writing to a `String` cannot fail.
    let _ = write!(
        page,
        "<text x=\"{x:.2}\" y=\"{y:.2}\" font-family=\"{family}\" font-size=\"{size}\" \
         fill=\"{colour}\"{rest}>"
    );
    for character in text.chars() {
        match character {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            control if control.is_control() => page.push(char::REPLACEMENT_CHARACTER),
            other => page.push(other),
        }
    }
    page.push_str("</text>\n");
}

/// The lines below a code.
pub(super) fn labels(codes: &Codes, code: &Code<'_>) -> Vec<String> {
    let identifier = match codes.kind() {
        CodeKind::Serials => "(21)",
        CodeKind::Lots => "(10)",
    };
    let (first, identifier) = match codes.gtin() {
        Some(gtin) => (Some(format!("(01){gtin}")), identifier),
        None => (None, ""),
    };
    let name = format!("{identifier}{}", code.name);
    let copies = (code.copies > 1).then(|| format!("× {}", thousands(code.copies)));
    let lines = first.into_iter().chain(in_lines(&name));
    lines.chain(copies).collect()
}

fn in_lines(name: &str) -> Vec<String> {
    let name: Vec<char> = cut(name, MOST_IN_LINE * MOST_LINES).chars().collect();
    let lines = name.chunks(MOST_IN_LINE);
    lines.map(|line| line.iter().collect()).collect()
}

/// A text of at most so many characters.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept = text.chars().take(most.saturating_sub(1));
    kept.chain(['…']).collect()
}

/// A number as people write it: `10,000`.
pub(super) fn thousands(number: u32) -> String {
    match (number / 1000, number % 1000) {
        (0, rest) => rest.to_string(),
        (thousands, rest) => format!("{thousands},{rest:03}"),
    }
}
