//! From what people wrote down to a profile that can be.

use std::collections::HashSet;

use dpp_core::export::{CarrierProfile, ExportFormat, ProfileName};
use serde::{Deserialize, Serialize};

use super::error::ProfileError;
use super::spec::{ColumnSpec, EpcSpec, ProfileSpec};
use crate::table::{Column, Delimiter, FileName, FormulaGuard, HeadedColumn, LineEnding};
use crate::tags::{EpcFilter, EpcRule};

/// The most columns of a profile.
pub(super) const MAX_COLUMNS: usize = 32;
/// The most characters of a header.
pub(super) const MAX_HEADER: usize = 64;
/// The most characters of a title.
pub(super) const MAX_TITLE: usize = 100;

/// A carrier profile: how a printer, its software or a tag encoder wants a table. In JSON it is
/// a [`ProfileSpec`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ProfileSpec", into = "ProfileSpec")]
pub struct Profile {
    id: CarrierProfile,
    title: String,
    formats: Vec<ExportFormat>,
    pub(super) columns: Vec<HeadedColumn>,
    pub(super) delimiter: Delimiter,
    pub(super) line_ending: LineEnding,
    pub(super) guard: FormulaGuard,
    pub(super) file_name: FileName,
    pub(super) epc: Option<EpcRule>,
    deprecated: bool,
}

impl Profile {
    /// Its name and version, as exports record them.
    pub const fn id(&self) -> &CarrierProfile {
        &self.id
    }

    /// Its name.
    pub const fn name(&self) -> &ProfileName {
        &self.id.name
    }

    /// Its version, from 1.
    pub const fn version(&self) -> u32 {
        self.id.version
    }

    /// What people see who choose it.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Which formats it lays out.
    pub fn formats(&self) -> &[ExportFormat] {
        &self.formats
    }

    /// Whether it lays out this format.
    pub fn is_for(&self, format: ExportFormat) -> bool {
        self.formats.contains(&format)
    }

    /// Its columns, in order.
    pub fn columns(&self) -> &[HeadedColumn] {
        &self.columns
    }

    /// Which EPCs its EPC columns show; none if it has no such column.
    pub const fn epc(&self) -> Option<EpcRule> {
        self.epc
    }

    /// Whether it can be chosen no longer.
    pub const fn is_deprecated(&self) -> bool {
        self.deprecated
    }

    /// Whether it makes the same files as another one: all that its title and its deprecation
    /// do not change.
    pub(super) fn makes_the_same_as(&self, other: &Self) -> bool {
        let other = Self {
            title: self.title.clone(),
            deprecated: self.deprecated,
            ..other.clone()
        };
        *self == other
    }
}

impl TryFrom<ProfileSpec> for Profile {
    type Error = ProfileError;

    fn try_from(spec: ProfileSpec) -> Result<Self, ProfileError> {
        let name = ProfileName::parse(&spec.name)?;
        let columns = columns(&spec.columns)?;
        let delimiter = Delimiter::parse(&spec.delimiter);
        Ok(Self {
            title: title(spec.title)?,
            formats: formats(spec.formats)?,
            epc: epc(spec.epc, &columns)?,
            columns,
            delimiter: delimiter.ok_or(ProfileError::Delimiter(spec.delimiter))?,
            line_ending: spec.line_ending,
            guard: match spec.formula_guard {
                true => FormulaGuard::On,
                false => FormulaGuard::Off,
            },
            file_name: FileName::parse(&spec.file_name, &name)?,
            deprecated: spec.deprecated,
            id: CarrierProfile {
                name,
                version: version(spec.version)?,
            },
        })
    }
}

fn version(version: u32) -> Result<u32, ProfileError> {
    match version {
        0 => Err(ProfileError::Version),
        _ => Ok(version),
    }
}

fn title(title: String) -> Result<String, ProfileError> {
    let length = title.chars().count();
    match (1..=MAX_TITLE).contains(&length) && !title.contains(char::is_control) {
        true => Ok(title),
        false => Err(ProfileError::Title(title)),
    }
}

fn formats(mut formats: Vec<ExportFormat>) -> Result<Vec<ExportFormat>, ProfileError> {
    if formats.is_empty() {
        return Err(ProfileError::NoFormats);
    }
    if formats.contains(&ExportFormat::QrBundle) {
        return Err(ProfileError::NotATable(ExportFormat::QrBundle));
    }
    formats.sort();
    formats.dedup();
    Ok(formats)
}

fn columns(specs: &[ColumnSpec]) -> Result<Vec<HeadedColumn>, ProfileError> {
    match specs.len() {
        0 => return Err(ProfileError::NoColumns),
        1..=MAX_COLUMNS => {}
        found => return Err(ProfileError::TooManyColumns { found }),
    }
    let columns = specs.iter().map(column).collect::<Result<Vec<_>, _>>()?;
    let mut headers = HashSet::new();
    let repeated = columns
        .iter()
        .find(|headed| !headers.insert(headed.header.to_lowercase()));
    match repeated {
        Some(headed) => Err(ProfileError::RepeatedHeader(headed.header.clone())),
        None => Ok(columns),
    }
}

fn column(spec: &ColumnSpec) -> Result<HeadedColumn, ProfileError> {
    let column: Column = spec.column.parse()?;
    let header = spec.header.as_deref().unwrap_or(column.as_str()).to_owned();
    if header.trim().is_empty() {
        return Err(ProfileError::EmptyHeader(column));
    }
    if header.contains(char::is_control) {
        return Err(ProfileError::ControlInHeader(header));
    }
    match header.chars().count() {
        0..=MAX_HEADER => Ok(HeadedColumn { column, header }),
        _ => Err(ProfileError::LongHeader(header)),
    }
}

fn epc(spec: Option<EpcSpec>, columns: &[HeadedColumn]) -> Result<Option<EpcRule>, ProfileError> {
    let mut columns = columns.iter().map(|headed| headed.column);
    match (spec, columns.find(|column| column.needs_epc())) {
        (None, None) => Ok(None),
        (None, Some(column)) => Err(ProfileError::NoEpcScheme(column)),
        (Some(_), None) => Err(ProfileError::NoEpcColumn),
        (Some(EpcSpec { scheme, filter }), Some(_)) => Ok(Some(EpcRule {
            scheme,
            filter: EpcFilter::new(filter)?,
        })),
    }
}

impl From<Profile> for ProfileSpec {
    fn from(profile: Profile) -> Self {
        let columns = profile.columns.into_iter().map(|headed| ColumnSpec {
            column: headed.column.as_str().to_owned(),
            header: Some(headed.header),
        });
        Self {
            name: profile.id.name.as_str().to_owned(),
            version: profile.id.version,
            title: profile.title,
            formats: profile.formats,
            columns: columns.collect(),
            delimiter: profile.delimiter.as_str().to_owned(),
            line_ending: profile.line_ending,
            file_name: profile.file_name.as_str().to_owned(),
            formula_guard: profile.guard == FormulaGuard::On,
            epc: profile.epc.map(|rule| EpcSpec {
                scheme: rule.scheme,
                filter: rule.filter.get(),
            }),
            deprecated: profile.deprecated,
        }
    }
}
