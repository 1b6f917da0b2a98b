//! What the flags of the examples have in common, and how an example begins and ends.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use dpp_core::identity::MAX_UNITS;

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
    #[error("--units `{0}` is not a number from 1 to 1,000,000")]
    Units(String),
}

/// The value of `--units`: 1 to 1,000,000, with `,` or `_` between digits.
///
/// # Errors
/// [`BadFlags::Units`].
pub(crate) fn units(text: &str) -> Result<u32, BadFlags> {
    let digits = text.replace([',', '_'], "");
    let number = digits.parse().ok();
    number
        .filter(|units| (1..=MAX_UNITS).contains(units))
        .ok_or_else(|| BadFlags::Units(text.to_owned()))
}
