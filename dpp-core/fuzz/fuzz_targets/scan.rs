//! A request of any bytes is answered without a panic. The ordinary tests include this file's
//! sibling, so that the corpus runs with them.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../answer.rs"]
mod answer;

fuzz_target!(|bytes: &[u8]| answer::check(bytes));
