//! The flags.

use std::ffi::OsString;

use lexopt::prelude::{Long, Short, ValueExt};

use crate::flags::{BadFlags, units};

/// How it is called.
pub const USAGE: &str = "\
Mints units on the store in memory, scans and revokes some, and reads everything back.

Usage: cargo run --release --example browse -- [OPTIONS]

Options:
  --units N   how many units, 1 to 1,000,000 [default: 100,000]
  --json      print one JSON object instead of a report
  -h, --help  print this
";

/// What was asked for.
pub type Asked = crate::flags::Asked<Options>;

/// How to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How many units.
    pub units: u32,
    /// Whether to print JSON for a program instead of a report for a person.
    pub json: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            units: 100_000,
            json: false,
        }
    }
}

/// Reads the flags; `arguments` are those behind the program's name.
///
/// # Errors
/// [`BadFlags`].
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Asked, BadFlags> {
    let mut options = Options::default();
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Asked::Help),
            Long("units") => options.units = units(&parser.value()?.string()?)?,
            Long("json") => options.json = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Asked::Run(options))
}
