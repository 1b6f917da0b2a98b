//! Reading back: mints, scans and revokes some units, then pages, searches and counts.
//!
//! ```text
//! cargo run --release --example browse -- --units 100000
//! ```

use std::io::{self, Write};
use std::process::ExitCode;

use dpp_examples::browse::{Asked, USAGE, parse, run};

fn main() -> ExitCode {
    let told = match parse(std::env::args_os().skip(1)) {
        Ok(Asked::Run(options)) => run(&options, &mut io::stdout().lock()).map(drop),
        Ok(Asked::Help) => io::stdout().write_all(USAGE.as_bytes()).map_err(Into::into),
        Err(error) => {
            eprintln!("error: {error}\n\n{USAGE}");
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
