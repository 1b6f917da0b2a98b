//! From a mint request to what goes to the press, broken off and gone on with at will.
//!
//! ```text
//! cargo run --release --example print_run -- --out print_run
//! ```

use std::process::ExitCode;

use dpp_examples::print_run::{PrintRunError, USAGE, parse, run};
use dpp_examples::shell;

fn main() -> ExitCode {
    let asked = parse(std::env::args_os().skip(1));
    let mut interrupted = false;
    let code = shell(USAGE, asked, |options, out| {
        run(options, out).map(drop).inspect_err(|error| {
            interrupted = matches!(error, PrintRunError::Interrupted { .. });
        })
    });
    match interrupted {
        // As a shell tells of a program that Ctrl-C ended.
        true => ExitCode::from(130),
        false => code,
    }
}
