//! From a scan to a passport: a small server that resolves the codes of the units that it minted.
//!
//! ```text
//! cargo run --release --example resolver
//! ```

use std::process::ExitCode;

use dpp_examples::resolver::{USAGE, parse, run};
use dpp_examples::shell;

fn main() -> ExitCode {
    let asked = parse(std::env::args_os().skip(1));
    shell(USAGE, asked, |options, out| run(options, out).map(drop))
}
