//! The domain does no I/O, reads no clock and draws no randomness.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `dpp-core` may depend on, with what those depend on. To add a crate here is to say
/// that it reads no clock, no files and no entropy, and builds for the browser.
const ALLOWED: &[&str] = &[
    "aho-corasick",
    "arrayvec",
    "async-trait",
    "base64",
    "blake3",
    "bytemuck",
    "byteorder",
    "cfg-if",
    "chrono",
    "constant_time_eq",
    "cpufeatures",
    "futures",
    "futures-channel",
    "futures-core",
    "futures-io",
    "futures-sink",
    "futures-task",
    "futures-util",
    "itoa",
    "memchr",
    "num-traits",
    "oxilangtag",
    "pin-project-lite",
    "proc-macro2",
    "quote",
    "roaring",
    "serde",
    "serde_core",
    "serde_derive",
    "serde_json",
    "siphasher",
    "slab",
    "syn",
    "thiserror",
    "thiserror-impl",
    "unicode-ident",
    "uuid",
    "zmij",
];

/// Whatever else changes, these never come in.
const NEVER: &[&str] = &[
    "getrandom",
    "rand",
    "rand_core",
    "tokio",
    "mio",
    "socket2",
    "fastrand",
];

/// What a platform adds must not depend on who runs the test.
const TARGET: &str = "x86_64-unknown-linux-gnu";

fn dependencies() -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--package",
            "dpp-core",
            "--edges",
            "normal",
        ])
        .args(["--prefix", "none", "--format", "{p}", "--target", TARGET])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    let names = text.lines().filter_map(|line| line.split(' ').next());
    let mut names: BTreeSet<_> = names.map(str::to_owned).collect();
    assert!(names.remove("dpp-core"), "{text}");
    names
}

#[test]
fn the_domain_depends_on_nothing_but_what_is_allowed() {
    let found = dependencies();
    let allowed: BTreeSet<_> = ALLOWED.iter().map(|name| (*name).to_owned()).collect();
    let new: Vec<_> = found.difference(&allowed).collect();
    assert!(new.is_empty(), "not allowed: {new:?}");
    let gone: Vec<_> = allowed.difference(&found).collect();
    assert!(
        gone.is_empty(),
        "take off the list what is not needed: {gone:?}"
    );
    assert!(NEVER.iter().all(|name| !allowed.contains(*name)));
}

const FORBIDDEN: &[&str] = &[
    "SystemTime::now",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "Uuid::new_v4",
    "Uuid::now_v7",
    "std::fs",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "ToSocketAddrs",
    "std::thread",
    "std::env",
    "std::process",
    "std::io::std",
    "tokio::",
    "println!",
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => vec![path],
        })
        .collect()
}

#[test]
fn the_domain_reads_no_clock_no_files_and_no_randomness() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let sources = sources(&root);
    let domain = sources
        .iter()
        .filter(|path| !path.starts_with(root.join("testing")));
    let mut count = 0;
    for path in domain {
        let text = std::fs::read_to_string(path).unwrap();
        for (line, number) in text.lines().zip(1..) {
            let found = FORBIDDEN.iter().find(|word| line.contains(**word));
            let is_comment = line.trim_start().starts_with("//");
            assert!(
                found.is_none() || is_comment,
                "{}:{number}: {found:?}",
                path.display()
            );
        }
        count += 1;
    }
    assert!(count > 40, "only {count} files were found");
}
