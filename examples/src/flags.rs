//! What the flags of the examples have in common, and how an example begins and ends.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use dpp_core::export::ProfileNameError;
use dpp_core::identity::MAX_UNITS;
use dpp_store_postgres::OptionsError;

use crate::Address;
use crate::show::thousands;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked<O> {
    /// To be told how it is called.
    Help,
    /// To run, like this.
    Run(O),
}

/// Does what was asked for. The exit code is 0 if it was done, 1 if it failed, and 2 if the
/// flags cannot be; the reason goes to standard error.
pub fn shell<O, E: Display + From<io::Error>>(
    usage: &str,
    asked: Result<Asked<O>, BadFlags>,
    run: impl FnOnce(&O, &mut dyn Write) -> Result<(), E>,
) -> ExitCode {
    let mut out = io::stdout().lock();
    let told = match asked {
        Ok(Asked::Run(options)) => run(&options, &mut out),
        Ok(Asked::Help) => out.write_all(usage.as_bytes()).map_err(E::from),
        Err(error) => {
            eprintln!("error: {error}\n\n{usage}");
            return ExitCode::from(2);
        }
    };
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Why the flags cannot be. Correct the one that it names.
#[derive(Debug, thiserror::Error)]
pub enum BadFlags {
    /// A flag that there is not, or one without its value.
    #[error(transparent)]
    Flag(#[from] lexopt::Error),
    /// So many units cannot be minted.
    #[error(
        "--units `{given}` is not a number from {least} to {}",
        thousands(MAX_UNITS.into())
    )]
    Units {
        /// What was given.
        given: String,
        /// The fewest that can be.
        least: u32,
    },
    /// There is no such port.
    #[error("--port `{given}` is not a number from 0 to 65,535")]
    Port {
        /// What was given.
        given: String,
    },
    /// The database cannot be at this address.
    #[error("--database-url: {0}; it looks like `postgres://user:password@host:port/database`")]
    Url(#[source] OptionsError),
    /// The schema cannot be named so.
    #[error("--schema: {0}")]
    Schema(#[source] OptionsError),
    /// There is no such format. Name one of those that there are.
    #[error("--format `{given}` is none of manifest, qr, nfc, rfid and bundle")]
    Format {
        /// What was given.
        given: String,
    },
    /// A carrier profile cannot be named so.
    #[error("--profile: {0}")]
    Profile(#[source] ProfileNameError),
    /// A profile is for a format, which is not named.
    #[error("--profile needs --format")]
    ProfileAlone,
    /// A schema is in a database, which is not named.
    #[error("--schema needs --database-url")]
    SchemaAlone,
}

impl From<OptionsError> for BadFlags {
    fn from(error: OptionsError) -> Self {
        match error {
            OptionsError::Schema(_) => Self::Schema(error),
            _ => Self::Url(error),
        }
    }
}

/// The value of `--units`: at least so many and at most 1,000,000, with `,` or `_` between
/// digits.
///
/// # Errors
/// [`BadFlags::Units`].
pub(crate) fn units(least: u32, text: &str) -> Result<u32, BadFlags> {
    let digits = text.replace([',', '_'], "");
    let number = digits.parse().ok();
    number
        .filter(|units| (least..=MAX_UNITS).contains(units))
        .ok_or_else(|| BadFlags::Units {
            given: text.to_owned(),
            least,
        })
}

/// The values of `--database-url` and `--schema`, as far as they are given.
#[derive(Debug, Default)]
pub(crate) struct DatabaseFlags {
    pub(crate) url: Option<String>,
    pub(crate) schema: Option<String>,
}

impl DatabaseFlags {
    /// What they say together.
    ///
    /// # Errors
    /// [`BadFlags::Url`], [`BadFlags::Schema`], [`BadFlags::SchemaAlone`].
    pub(crate) fn address(&self) -> Result<Option<Address>, BadFlags> {
        match (&self.url, &self.schema) {
            (Some(url), schema) => Ok(Some(Address::parse(url, schema.as_deref())?)),
            (None, Some(_)) => Err(BadFlags::SchemaAlone),
            (None, None) => Ok(None),
        }
    }
}
