//! What a table puts between and around its cells.

use csv::Terminator;
use serde::{Deserialize, Serialize};

/// What stands between two cells. Text is the character.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Delimiter {
    /// `,`
    #[default]
    Comma,
    /// `;`, which spreadsheets expect where the comma is the decimal point.
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Pipe,
}

impl Delimiter {
    /// Every delimiter.
    pub const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Pipe];

    /// The character.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Comma => ",",
            Self::Semicolon => ";",
            Self::Tab => "\t",
            Self::Pipe => "|",
        }
    }

    /// The delimiter that is this character; none if it is another, or more than one.
    pub fn parse(text: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|delimiter| delimiter.as_str() == text)
    }

    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}

/// How a line ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineEnding {
    /// Carriage return and line feed (RFC 4180, 2).
    #[default]
    CrLf,
    /// Line feed alone.
    Lf,
}

impl LineEnding {
    pub(super) const fn terminator(self) -> Terminator {
        match self {
            Self::CrLf => Terminator::CRLF,
            Self::Lf => Terminator::Any(b'\n'),
        }
    }
}

/// What becomes of a cell that a spreadsheet would take for a formula: one that begins with
/// `=`, `+`, `-`, `@`, a tab or a carriage return. A serial may begin with some of these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum FormulaGuard {
    /// It is written as it is. Right for a file that a machine reads.
    #[default]
    Off,
    /// An apostrophe comes first. Right for a file that people open in a spreadsheet, and wrong
    /// for any other: the cell's text is another one then.
    On,
}

impl FormulaGuard {
    pub(super) fn holds(self, cell: &[u8]) -> bool {
        let formula = |first: &u8| matches!(first, b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r');
        self == Self::On && cell.first().is_some_and(formula)
    }
}
