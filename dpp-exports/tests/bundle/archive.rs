//! The ZIP as other programs see it.

use std::io::{Cursor, Read};
use std::process::Command;

use dpp_exports::bundle::Design;
use dpp_exports::logo::Logo;
use zip::{CompressionMethod, ZipArchive};

use crate::images::{noise, noisy, png};
use crate::packs::{of_serials, zip};

#[test]
fn an_independent_reader_finds_nothing_of_the_machine() {
    let zip = zip(&of_serials(100), Some(&noisy(40, 40)), 2);
    let mut archive = ZipArchive::new(Cursor::new(&zip)).unwrap();
    assert_eq!(archive.len(), 101);
    assert_eq!(archive.comment(), b"");
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        assert_eq!(file.compression(), CompressionMethod::Deflated);
        assert_eq!(
            file.last_modified().unwrap().to_string(),
            "2027-02-18 09:30:06"
        );
        assert_eq!((file.unix_mode(), file.comment()), (None, ""));
        assert!(file.extra_data().is_none_or(|extra| extra.is_empty()));
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        assert_eq!(content.len() as u64, file.size());
    }
}

#[test]
fn a_large_logo_comes_out_as_it_went_in() {
    let codes = of_serials(3);
    for side in [100, 317, 500] {
        let logo = Logo::parse(&png(side, side, noise())).unwrap();
        let design = Design::new(&codes, Some(&logo)).unwrap();
        let zip = zip(&codes, Some(&logo), 1);
        let mut archive = ZipArchive::new(Cursor::new(&zip)).unwrap();
        for (index, code) in codes.iter().enumerate() {
            let mut svg = Vec::new();
            archive
                .by_index(index + 1)
                .unwrap()
                .read_to_end(&mut svg)
                .unwrap();
            assert!(svg == design.svg(code.resolver_url).unwrap(), "{side}");
        }
    }
}

/// Runs a program on archives with and without a logo; nothing where it is not installed.
fn assert_accepts(program: &str, arguments: &[&str]) {
    let logo = noisy(40, 40);
    for (number, zip) in [
        zip(&of_serials(1_000), None, 2),
        zip(&of_serials(50), Some(&logo), 1),
    ]
    .iter()
    .enumerate()
    {
        let name = format!("dpp-exports-{}-{program}-{number}.zip", std::process::id());
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, zip).unwrap();
        let output = Command::new(program).args(arguments).arg(&file).output();
        std::fs::remove_file(&file).unwrap();
        let Ok(output) = output else { return };
        assert!(output.status.success(), "{output:?}");
    }
}

/// Only where it is installed.
#[test]
fn unzip_finds_no_error() {
    assert_accepts("unzip", &["-tq"]);
}

/// Only where it is installed.
#[test]
fn python_finds_no_error() {
    let check = "import sys, zipfile; sys.exit(zipfile.ZipFile(sys.argv[1]).testzip() is not None)";
    assert_accepts("python3", &["-c", check]);
}
