//! The main job: a million units from a catalogue to the files that a printer reads.
//!
//! ```text
//! cargo run --release --example quickstart -- --units 1000000 --out packs
//! ```

use std::io::{self, Write};
use std::process::ExitCode;

use dpp_examples::quickstart::{Asked, USAGE, parse, run};

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
