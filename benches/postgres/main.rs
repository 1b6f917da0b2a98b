//! The store in PostgreSQL, on a server of its own that flushes its disk at each commit.
//!
//! ```text
//! cargo bench --bench postgres             # everything
//! cargo bench --bench postgres -- mint     # only what is named: mint, commits, scans, pages
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench stops where something is wrong, and prints what it measured"
)]

mod commits;
mod host;
mod mint;
mod pages;
mod run;
mod scans;
mod table;

use std::collections::BTreeSet;

fn main() {
    let named: BTreeSet<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with('-'))
        .collect();
    let asked = |name: &str| named.is_empty() || named.contains(name);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        if asked("mint") {
            mint::bench().await;
        }
        if asked("commits") {
            commits::bench().await;
        }
        if asked("scans") {
            scans::bench().await;
        }
        if asked("pages") {
            pages::bench().await;
        }
    });
}
