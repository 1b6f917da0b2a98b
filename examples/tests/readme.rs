//! What the README repeats is what the examples are.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use std::fs;

const EMBED: &str = include_str!("../embed.rs");

#[test]
fn the_readme_repeats_embed_word_for_word() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
    let readme = fs::read_to_string(path).expect("the README is there");
    let block = format!("```rust\n{EMBED}```\n");
    assert!(
        readme.contains(&block),
        "README.md does not have examples/embed.rs word for word in a block of Rust"
    );
}

#[test]
fn embed_is_short_enough_to_be_read() {
    assert!(EMBED.lines().count() < 40);
}
