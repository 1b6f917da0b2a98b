//! EPCs made and read in another way than the crate does: as texts of `0` and `1`.

use dpp_core::gs1::{Gtin, check_digit};

fn binary(number: u128, width: usize) -> String {
    let bits = format!("{number:0width$b}");
    assert_eq!(bits.len(), width, "{number} in {width} bits");
    bits
}

fn number(bits: &str) -> u128 {
    match bits {
        "" => 0,
        bits => u128::from_str_radix(bits, 2).unwrap(),
    }
}

/// Of the digits of a company prefix: its bits, and those of the item with its indicator.
fn widths(digits: usize) -> (usize, usize) {
    // The fewest bits for the digits of each, and what is over to the item.
    let prefix = (digits as f64 * 10_f64.log2()).ceil() as usize;
    (prefix, 44 - prefix)
}

pub(crate) fn partitioned(header: u8, filter: u8, gtin: Gtin, digits: usize) -> String {
    let gtin = gtin.as_str();
    let (prefix, item) = widths(digits);
    let item_text = format!("{}{}", &gtin[..1], &gtin[1 + digits..13]);
    [
        binary(header.into(), 8),
        binary(filter.into(), 3),
        binary(12 - digits as u128, 3),
        binary(gtin[1..=digits].parse().unwrap(), prefix),
        binary(item_text.parse().unwrap(), item),
    ]
    .concat()
}

pub(crate) fn sgtin_96(filter: u8, gtin: Gtin, digits: usize, serial: u64) -> String {
    partitioned(0x30, filter, gtin, digits) + &binary(serial.into(), 38)
}

pub(crate) fn sgtin_198(filter: u8, gtin: Gtin, digits: usize, serial: &str) -> String {
    let serial: String = serial.bytes().map(|byte| binary(byte.into(), 7)).collect();
    partitioned(0x36, filter, gtin, digits) + &format!("{serial:0<140}")
}

/// Filled up to whole words, in hexadecimal digits.
pub(crate) fn hex(bits: &str) -> String {
    let length = bits.len().next_multiple_of(16);
    let padded = format!("{bits:0<length$}");
    let nibbles = padded.as_bytes().chunks(4);
    nibbles
        .map(|nibble| format!("{:X}", number(std::str::from_utf8(nibble).unwrap())))
        .collect()
}

/// Filter, GTIN and serial, read back from hexadecimal digits.
pub(crate) fn read(hex: &str) -> (u8, Gtin, String) {
    let bits: String = hex
        .chars()
        .map(|digit| binary(digit.to_digit(16).unwrap().into(), 4))
        .collect();
    let (header, rest) = bits.split_at(8);
    match number(header) {
        0x30 => read_partitioned(rest, |serial| number(&serial[..38]).to_string()),
        0x36 => read_partitioned(rest, |serial| read_ascii(&serial[..140], 20)),
        0xF7 => read_plus(rest),
        other => panic!("header {other:X}"),
    }
}

fn read_partitioned(bits: &str, serial: impl Fn(&str) -> String) -> (u8, Gtin, String) {
    let digits = 12 - number(&bits[3..6]) as usize;
    let (prefix_bits, _) = widths(digits);
    let (prefix, item) = bits[6..50].split_at(prefix_bits);
    let prefix = format!("{:0digits$}", number(prefix));
    let item = format!("{:0width$}", number(item), width = 13 - digits);
    let data = format!("{}{prefix}{}", &item[..1], &item[1..]);
    let check = check_digit(data.as_bytes()).unwrap();
    let gtin = format!("{data}{check}").parse().unwrap();
    (number(&bits[..3]) as u8, gtin, serial(&bits[50..]))
}

fn read_plus(bits: &str) -> (u8, Gtin, String) {
    assert_eq!(&bits[..1], "0", "no +AIDC data");
    let gtin: String = (0..14)
        .map(|digit| number(&bits[4 + 4 * digit..8 + 4 * digit]).to_string())
        .collect();
    let (indicator, rest) = bits[60..].split_at(3);
    let (length, rest) = rest.split_at(5);
    let length = number(length) as usize;
    let serial = read_serial(number(indicator), length, rest);
    (number(&bits[1..4]) as u8, gtin.parse().unwrap(), serial)
}

fn read_serial(indicator: u128, length: usize, bits: &str) -> String {
    let each = |width: usize, alphabet: &str| -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..length)
            .map(|at| alphabet[number(&bits[width * at..width * (at + 1)]) as usize])
            .collect()
    };
    match indicator {
        0 => {
            let width = (length as f64 * 10_f64.log2()).ceil() as usize;
            format!("{:0length$}", number(&bits[..width]))
        }
        1 => each(4, "0123456789ABCDEF"),
        2 => each(4, "0123456789abcdef"),
        3 => each(
            6,
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
        ),
        4 => read_ascii(bits, length),
        5 => read_code_40(bits, length),
        other => panic!("encoding {other}"),
    }
}

fn read_ascii(bits: &str, most: usize) -> String {
    let values = (0..most).map(|at| number(&bits[7 * at..7 * at + 7]) as u8);
    let text = values.take_while(|value| *value != 0);
    text.map(char::from).collect()
}

fn read_code_40(bits: &str, length: usize) -> String {
    let alphabet = b"\0ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789";
    let triples = (0..length.div_ceil(3)).map(|at| number(&bits[16 * at..16 * at + 16]) - 1);
    let values = triples.flat_map(|triple| [triple / 1600, triple / 40 % 40, triple % 40]);
    let text: String = values
        .map(|value| char::from(alphabet[value as usize]))
        .collect();
    assert!(text[length..].bytes().all(|byte| byte == 0));
    text[..length].to_owned()
}
