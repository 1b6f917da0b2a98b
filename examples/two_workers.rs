//! Two worker processes on one job in PostgreSQL, of which one is killed in the middle: the other
//! ends the job, and no unit is lost or made twice.
//!
//! ```text
//! cargo run --release --example two_workers -- --database-url postgres://user@host/database
//! ```

use std::process::ExitCode;

use dpp_examples::shell;
use dpp_examples::two_workers::{USAGE, parse, run};

fn main() -> ExitCode {
    let asked = parse(std::env::args_os().skip(1));
    shell(USAGE, asked, |options, out| run(options, out).map(drop))
}
