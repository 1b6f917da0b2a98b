//! That a bundle is never whole in memory; alone in its process, since it looks at all of it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod images;

use std::io::{self, Write};
use std::num::NonZeroUsize;

use dpp_core::Timestamp;
use dpp_exports::bundle::{self, BundleOptions, Codes, Design};
use dpp_exports::logo::{Logo, MAX_BYTES};

/// Counts the bytes.
#[derive(Default)]
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The most memory that the process has had, in KiB; none where the system does not tell.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[test]
fn ten_thousand_codes_with_a_logo_of_256_kib_take_little_memory() {
    let mut codes = Codes::of_serials(Some("09506000134352".parse().unwrap()));
    for number in 0..10_000 {
        let url = format!("https://id.example.com/01/09506000134352/21/{number:012}");
        codes.push(&format!("{number:012}"), &url).unwrap();
    }
    let logo = images::png(500, 510, images::noise());
    assert!(logo.len() > MAX_BYTES - 10_000 && logo.len() <= MAX_BYTES);
    let design = Design::new(&codes, Some(&Logo::parse(&logo).unwrap())).unwrap();
    let options = BundleOptions {
        at: Timestamp::from_unix_millis(1_800_000_000_000),
        threads: NonZeroUsize::new(2).unwrap(),
    };
    let before = most_memory();
    let mut out = Counter::default();
    bundle::write(&mut out, &codes, &design, &options).unwrap();
    assert!(out.0 > 2 << 30, "{}", out.0);
    if let (Some(before), Some(after)) = (before, most_memory()) {
        assert!(after - before < 16 * 1024, "{before} {after}");
    }
}
