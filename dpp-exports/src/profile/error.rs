//! Why a profile cannot be.

use dpp_core::export::{ExportFormat, ProfileNameError};

use crate::table::{Column, ColumnError, FileNameError};
use crate::tags::EpcFilterError;

use super::validate::{MAX_COLUMNS, MAX_HEADER, MAX_TITLE};

/// Why a profile cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// Its name is none. Pass 1 to 64 bytes of `a-z 0-9 - . _`.
    #[error(transparent)]
    Name(#[from] ProfileNameError),
    /// Its version is 0. Begin with 1.
    #[error("version `0`: the first version is 1")]
    Version,
    /// Its title is empty, too long, or has control characters. Pass 1 to 100 others.
    #[error("title `{}` has not 1 to {MAX_TITLE} characters, or has control characters", .0.escape_debug())]
    Title(String),
    /// It is for no format. Name at least one.
    #[error("the profile is for no format: name at least one")]
    NoFormats,
    /// One of its formats is no table. Leave it out.
    #[error("`{0}` is not the format of a table")]
    NotATable(ExportFormat),
    /// It has no column. Name at least one.
    #[error("the profile has no columns: name at least one")]
    NoColumns,
    /// It has too many columns. Leave some out.
    #[error("the profile has {found} columns, and may have {MAX_COLUMNS}")]
    TooManyColumns {
        /// How many it has.
        found: usize,
    },
    /// There is no such column. Name one of those that there are.
    #[error(transparent)]
    UnknownColumn(#[from] ColumnError),
    /// A header is empty. Write one, or leave it out: then it is the column's name.
    #[error("the header of column `{0}` is empty")]
    EmptyHeader(Column),
    /// A header has too many characters. Shorten it.
    #[error("header `{0}` has more than {MAX_HEADER} characters")]
    LongHeader(String),
    /// A header has a control character, such as a tab or a line feed. Leave it out.
    #[error("header `{}` has a control character", .0.escape_debug())]
    ControlInHeader(String),
    /// Two columns have the same header, in whatever case. Rename one of them.
    #[error("header `{0}` stands above two columns, or only differs in case")]
    RepeatedHeader(String),
    /// The delimiter is another one, or more than one character. Pass one of those that there are.
    #[error("delimiter `{}`: there are `,`, `;`, `|` and the tab", .0.escape_debug())]
    Delimiter(String),
    /// Its files cannot be called so. What can be done about it, its cause says.
    #[error(transparent)]
    FileName(#[from] FileNameError),
    /// A column shows EPCs, and nothing says which. Add `epc` with a `scheme`.
    #[error("column `{0}` needs an EPC scheme: `sgtin_96`, `sgtin_198` or `sgtin_plus`")]
    NoEpcScheme(Column),
    /// It says which EPCs it has, and has no column for them. Add `epc_hex` or `epc_uri`, or
    /// leave the scheme out.
    #[error("the profile has an EPC scheme, and neither column `epc_hex` nor `epc_uri`")]
    NoEpcColumn,
    /// The filter value is none. Pass 0 to 7.
    #[error(transparent)]
    EpcFilter(#[from] EpcFilterError),
}
