//! The layout that a profile gives to a table.

use dpp_core::export::{ExportFormat, ExportOptions};

use super::validate::Profile;
use crate::table::{EpcColumns, LayoutError, TableLayout};

impl TableLayout {
    /// That of a format by a carrier profile; without one as
    /// [`of_format`](TableLayout::of_format).
    ///
    /// # Errors
    /// [`LayoutError`] when the format is no table, the profile is not for it, or the profile
    /// has EPCs that need to know the length of the company prefix and the options do not say.
    pub fn of(
        format: ExportFormat,
        profile: Option<&Profile>,
        options: &ExportOptions,
    ) -> Result<Self, LayoutError> {
        let plain = Self::of_format(format)?;
        let Some(profile) = profile else {
            return Ok(plain);
        };
        if !profile.is_for(format) {
            return Err(LayoutError::OtherFormat {
                profile: profile.name().clone(),
                format,
            });
        }
        Ok(Self {
            columns: profile.columns.clone(),
            delimiter: profile.delimiter,
            line_ending: profile.line_ending,
            guard: profile.guard,
            file_name: profile.file_name.of_profile(format, profile.name()),
            epc: epc_columns(profile, options)?,
        })
    }
}

fn epc_columns(
    profile: &Profile,
    options: &ExportOptions,
) -> Result<Option<EpcColumns>, LayoutError> {
    let Some(rule) = profile.epc else {
        return Ok(None);
    };
    let company_prefix = options.company_prefix_length;
    if rule.scheme.needs_company_prefix() && company_prefix.is_none() {
        return Err(LayoutError::NoCompanyPrefixLength {
            profile: profile.name().clone(),
            scheme: rule.scheme,
        });
    }
    Ok(Some(EpcColumns {
        rule,
        company_prefix,
    }))
}
