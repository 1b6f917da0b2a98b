//! Reading back: mints, scans and revokes some units, then pages, searches and counts.
//!
//! ```text
//! cargo run --release --example browse -- --units 100000
//! ```

use std::process::ExitCode;

use dpp_examples::browse::{USAGE, parse, run};
use dpp_examples::shell;

fn main() -> ExitCode {
    let asked = parse(std::env::args_os().skip(1));
    shell(USAGE, asked, |options, out| run(options, out).map(drop))
}
