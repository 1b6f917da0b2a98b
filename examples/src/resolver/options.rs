//! The flags.

use std::ffi::OsString;

use lexopt::prelude::{Long, Short, ValueExt};

use crate::Address;
use crate::flags::{BadFlags, DatabaseFlags, units};

/// How it is called.
pub const USAGE: &str = "\
Mints units that a first scan makes active, and resolves scans of their codes at 127.0.0.1 until
Ctrl-C.

Usage: cargo run --release --example resolver -- [OPTIONS]

Options:
  --port P            where to listen; 0 is any port that is free [default: 0]
  --units N           how many units, 1 to 1,000,000 [default: 1,000]
  --database-url URL  keep the log in PostgreSQL, such as postgres://user:password@host/database
                      [default: in memory]
  --schema NAME       the schema in that database [default: dpp]
  --json              print one JSON object when it listens, and nothing else: base_url, host,
                      and the paths of the first 1,000 units
  -h, --help          print this
";

/// What was asked for.
pub type Asked = crate::flags::Asked<Options>;

/// How to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The port; any that is free for 0.
    pub port: u16,
    /// How many units.
    pub units: u32,
    /// The database to use; the store in memory if nothing is said.
    pub database: Option<Address>,
    /// Whether to print JSON for a program instead of telling a person what goes on.
    pub json: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            units: 1_000,
            database: None,
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
    let mut database = DatabaseFlags::default();
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Asked::Help),
            Long("port") => options.port = port(parser.value()?.string()?)?,
            Long("units") => options.units = units(1, &parser.value()?.string()?)?,
            Long("database-url") => database.url = Some(parser.value()?.string()?),
            Long("schema") => database.schema = Some(parser.value()?.string()?),
            Long("json") => options.json = true,
            other => return Err(other.unexpected().into()),
        }
    }
    options.database = database.address()?;
    Ok(Asked::Run(options))
}

fn port(given: String) -> Result<u16, BadFlags> {
    given.parse().map_err(|_| BadFlags::Port { given })
}
