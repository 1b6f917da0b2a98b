//! The index, and the names of the files.

use std::io;

use csv::{Terminator, WriterBuilder};

use super::codes::{CodeKind, Codes};

/// The names of the index's columns, of a bundle of serials.
pub const SERIAL_COLUMNS: [&str; 4] = ["serial", "gtin", "resolver_url", "filename"];

/// The names of the index's columns, of a bundle of lots.
pub const LOT_COLUMNS: [&str; 4] = ["lot_code", "gtin", "resolver_url", "filename"];

/// What is longer is cut, so that no name has 100 characters.
const MOST_OF_NAME: usize = 80;

/// The name of a code's file; numbers begin at 1.
pub(super) fn file_name(number: u32, name: &str) -> String {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let safe = |byte: u8| if is_safe(byte) { byte.into() } else { '_' };
    let mut file = String::with_capacity(name.len() + 16);
    file.push_str("qr/");
    for unit in [10_000, 1_000, 100, 10, 1] {
        file.push(char::from(b'0' + (number / unit % 10) as u8));
    }
    file.push('_');
    file.extend(name.bytes().take(MOST_OF_NAME).map(safe));
    file.push_str(".svg");
    file
}

pub(super) fn csv(codes: &Codes) -> io::Result<Vec<u8>> {
    let mut csv = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    csv.write_record(match codes.kind() {
        CodeKind::Serials => SERIAL_COLUMNS,
        CodeKind::Lots => LOT_COLUMNS,
    })?;
    let gtin = codes.gtin().map_or("", |gtin| gtin.as_str());
    let copies = codes
        .iter()
        .flat_map(|code| (0..code.copies).map(move |_| code));
    for (number, code) in (1..).zip(copies) {
        let file = file_name(number, code.name);
        csv.write_record([code.name, gtin, code.resolver_url, &file])?;
    }
    csv.into_inner().map_err(|error| error.into_error())
}
