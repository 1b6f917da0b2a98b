//! The same bundle has the same bytes, on whatever threads, and is never whole in memory.

use std::cell::Cell;
use std::io::{self, Write};

use dpp_core::Timestamp;
use dpp_exports::bundle::{self, BundleOptions, Codes, Design};
use dpp_exports::qr::{Encoder, ErrorCorrection, Lengths};
use dpp_exports::sha256;

use crate::images::{coloured, noisy};
use crate::packs::{of_lots, of_serials, options, zip};

/// A new version of the compressor may change these; then the change is told in the release
/// notes. Nothing else may.
#[test]
fn bundles_have_the_bytes_that_they_always_had() {
    let logo = coloured("#0a7", 13);
    let digests = [
        zip(&of_serials(300), None, 1),
        zip(&of_serials(300), Some(&logo), 1),
        zip(&of_lots(&[("L-2027/05", 3), ("B,\"2\"", 2)]), None, 1),
    ]
    .map(|zip| sha256(&zip).to_string());
    assert_eq!(
        digests,
        [
            "3c8d539dd798e029f08760e1368571ae6f6d107ee0a3dfe142d5f3a5006926b4",
            "4af4a27228394967b65d61891d18545e9a8d6da1292f6d82ae1967d894843f97",
            "64bb32e0f2a2c8304abcb92829b6888890c333dd62df4c0b704118f3bb0dc6f7",
        ]
    );
}

#[test]
fn any_number_of_threads_makes_the_same_bytes() {
    let logo = noisy(40, 30);
    for (codes, logo) in [
        (of_serials(0), None),
        (of_serials(1), None),
        (of_serials(64), None),
        (of_serials(1_000), None),
        (of_serials(200), Some(&logo)),
        (of_lots(&[("A", 700), ("B", 1), ("C", 99)]), None),
    ] {
        let of_one = zip(&codes, logo, 1);
        for threads in [2, 3, 9] {
            assert!(
                zip(&codes, logo, threads) == of_one,
                "{threads} {}",
                codes.files()
            );
        }
    }
}

/// Fails after so many bytes.
struct Full {
    room: Cell<usize>,
}

impl Write for &Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.room.get().checked_sub(bytes.len());
        self.room.set(left.ok_or_else(|| io::Error::other("full"))?);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_disk_that_is_full_ends_the_bundle_on_any_number_of_threads() {
    let codes = of_serials(1_000);
    let design = Design::new(&codes, None).unwrap();
    let whole = zip(&codes, None, 1).len();
    for threads in [1, 2, 5] {
        for room in [0, 100_000, 300_000, whole - 1] {
            let out = Full {
                room: Cell::new(room),
            };
            let error = bundle::write(&out, &codes, &design, &options(threads)).unwrap_err();
            assert_eq!(error.to_string(), "the bundle could not be written: full");
        }
        let out = Full {
            room: Cell::new(whole),
        };
        bundle::write(&out, &codes, &design, &options(threads)).unwrap();
    }
}

#[test]
fn a_design_of_other_codes_is_refused() {
    let (mut codes, design) = (of_serials(900), Design::new(&of_serials(1), None).unwrap());
    codes
        .push("LONG", &"https://id.example.com/".repeat(9))
        .unwrap();
    for threads in [1, 2] {
        let error = bundle::write(io::sink(), &codes, &design, &options(threads)).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("does not fit a QR code of version `4`"),
            "{error}"
        );
    }
}

#[test]
fn the_time_is_all_that_changes_with_the_time() {
    let codes = of_serials(3);
    let design = Design::new(&codes, None).unwrap();
    let zip = |at: &str| {
        let mut bytes = Vec::new();
        let at = at.parse::<Timestamp>().unwrap();
        let options = BundleOptions { at, ..options(1) };
        bundle::write(&mut bytes, &codes, &design, &options).unwrap();
        bytes
    };
    let (one, other) = (zip("2027-02-18T09:30:06Z"), zip("2031-12-31T23:59:58Z"));
    let differing = one.iter().zip(&other).filter(|(one, other)| one != other);
    assert!(
        differing.count() <= 4 * 8,
        "two headers of four files have four bytes each"
    );
    assert_eq!(zip("1970-01-01T00:00:00Z"), zip("1980-01-01T00:00:00Z"));
    assert_eq!(zip("2027-02-18T09:30:07.999Z"), one);
}

#[test]
fn packs_can_share_a_design() {
    let mut lengths = Lengths::default();
    lengths.add("https://id.example.com/mu/0b8f6a0e-5d5c-4f0e-8a55-0f2c7f0f9d11");
    let design = Design::of(&lengths, None).unwrap();
    let alone = Encoder::new(ErrorCorrection::M, &Lengths::of(["https://a.eu/mu/1"])).unwrap();
    assert!(alone.version() < design.version());
    let mut codes = Codes::of_serials(None);
    codes.push("1", "https://a.eu/mu/1").unwrap();
    bundle::write(io::sink(), &codes, &design, &options(1)).unwrap();
}
