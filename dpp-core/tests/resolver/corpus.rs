//! What the fuzzer starts from, and what it has found.

use std::fs;
use std::path::Path;

#[path = "../../fuzz/answer.rs"]
mod answer;

#[test]
fn every_request_of_the_corpus_is_answered() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/scan");
    let mut checked = 0;
    for entry in fs::read_dir(corpus).unwrap() {
        answer::check(&fs::read(entry.unwrap().path()).unwrap());
        checked += 1;
    }
    assert!(checked >= 16, "{checked}");
}
