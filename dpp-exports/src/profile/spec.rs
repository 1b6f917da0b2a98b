//! A profile as people write it down.

use dpp_core::export::ExportFormat;
use serde::{Deserialize, Serialize};

use crate::table::{Delimiter, LineEnding};
use crate::tags::{EpcFilter, EpcScheme};

/// A carrier profile as people write it down, before it is checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileSpec {
    /// Its name: 1 to 64 bytes of `a-z 0-9 - . _`.
    pub name: String,
    /// Its version, from 1.
    pub version: u32,
    /// What people see who choose it, 1 to 100 characters.
    pub title: String,
    /// Which formats it lays out: at least one, and tables only.
    pub formats: Vec<ExportFormat>,
    /// Its columns, in order: 1 to 32.
    pub columns: Vec<ColumnSpec>,
    /// What stands between two cells: `,`, `;`, a tab or `|`; a comma by default.
    #[serde(default = "comma")]
    pub delimiter: String,
    /// How a line ends: `crlf` by default.
    #[serde(default)]
    pub line_ending: LineEnding,
    /// How its files are called: a text with `{pack}` (the pack's number, at least three
    /// digits), and perhaps `{batch}`, `{format}` and `{profile}`. The names have at most 100
    /// bytes of `A-Z a-z 0-9 - . _`, begin with a letter or digit, and end with an extension.
    /// `{format}_{profile}_{pack}.csv` by default.
    #[serde(default = "file_name")]
    pub file_name: String,
    /// Whether cells that a spreadsheet would take for a formula get a leading apostrophe; not
    /// by default.
    #[serde(default)]
    pub formula_guard: bool,
    /// Which EPCs its EPC columns show; needed for these, and for these only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epc: Option<EpcSpec>,
    /// Whether it can be chosen no longer. Exports that were begun with it go on.
    #[serde(default)]
    pub deprecated: bool,
}

/// A column of a profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnSpec {
    /// The name of what it shows: one of [`Column::ALL`](crate::table::Column::ALL). Two
    /// columns may show the same.
    pub column: String,
    /// What stands above it, 1 to 64 characters; the column's name by default. No two columns
    /// have the same, in whatever case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
}

/// The EPCs of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpcSpec {
    /// How they are made.
    pub scheme: EpcScheme,
    /// What the tags are on, 0 to 7; by default a point of sale item, 1.
    #[serde(default = "filter")]
    pub filter: u8,
}

fn comma() -> String {
    Delimiter::default().as_str().to_owned()
}

pub(super) fn file_name() -> String {
    "{format}_{profile}_{pack}.csv".to_owned()
}

fn filter() -> u8 {
    EpcFilter::default().get()
}
