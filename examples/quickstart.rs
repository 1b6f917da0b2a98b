//! The main job: a million units from a catalogue to the files that a printer reads.
//!
//! ```text
//! cargo run --release --example quickstart -- --units 1000000 --out packs
//! ```

use std::process::ExitCode;

use dpp_examples::quickstart::{USAGE, parse, run};
use dpp_examples::shell;

fn main() -> ExitCode {
    let asked = parse(std::env::args_os().skip(1));
    shell(USAGE, asked, |options, out| run(options, out).map(drop))
}
