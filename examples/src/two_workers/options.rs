//! The flags.

use std::ffi::OsString;

use lexopt::prelude::{Long, Short, ValueExt};

use crate::Address;
use crate::flags::{BadFlags, DatabaseFlags, units};

/// How it is called.
pub const USAGE: &str = "\
Has two worker processes make one job in PostgreSQL, kills the one that holds it, and shows that
the other ends it with no unit lost or made twice.

Usage: cargo run --release --example two_workers -- [OPTIONS]

Options:
  --units N           how many units, 10 to 1,000,000 [default: 200,000]
  --database-url URL  the database, such as postgres://user:password@host/database
                      [default: a server that is started for this and goes away with it]
  --schema NAME       the schema in that database [default: dpp]
  --json              print one JSON object instead of a report
  -h, --help          print this
";

/// With fewer, there is no middle of the job.
const FEWEST: u32 = 10;

/// What was asked for.
pub type Asked = crate::flags::Asked<Options>;

/// How to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many units.
    pub units: u32,
    /// The database to use; a throwaway server if nothing is said.
    pub database: Option<Address>,
    /// Whether to print JSON for a program instead of a report for a person.
    pub json: bool,
    /// The name to work under, for a process that is one of the two workers.
    pub as_worker: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            units: 200_000,
            database: None,
            json: false,
            as_worker: None,
        }
    }
}

/// Reads the flags; `arguments` are those behind the program's name.
///
/// # Errors
/// [`BadFlags`].
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Asked, BadFlags> {
    let mut options = Options::default();
    let mut database = DatabaseFlags::default();
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Asked::Help),
            Long("units") => options.units = units(FEWEST, &parser.value()?.string()?)?,
            Long("database-url") => database.url = Some(parser.value()?.string()?),
            Long("schema") => database.schema = Some(parser.value()?.string()?),
            Long("json") => options.json = true,
            Long("as-worker") => options.as_worker = Some(parser.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    options.database = database.address()?;
    Ok(Asked::Run(options))
}
