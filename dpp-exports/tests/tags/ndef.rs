//! NDEF messages.

use dpp_exports::tags::ndef::{self, NdefError};
use proptest::prelude::*;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn message(uri: &str) -> Vec<u8> {
    let mut out = Vec::new();
    ndef::push_uri_message(&mut out, uri.as_bytes()).unwrap();
    out
}

fn type_2(uri: &str) -> Vec<u8> {
    let mut out = Vec::new();
    ndef::push_type_2(&mut out, uri.as_bytes()).unwrap();
    out
}

/// The URI of a Type 2 tag's memory, read by the standards' tables.
fn read(memory: &[u8]) -> String {
    assert_eq!((memory[0], memory[memory.len() - 1]), (0x03, 0xFE));
    let (length, message) = match memory[1] {
        0xFF => (
            usize::from(memory[2]) << 8 | usize::from(memory[3]),
            &memory[4..],
        ),
        length => (usize::from(length), &memory[2..]),
    };
    assert_eq!(length, message.len() - 1);
    let (payload, rest) = match message[0] {
        0xD1 => (usize::from(message[2]), &message[3..]),
        0xC1 => (
            u32::from_be_bytes(message[2..6].try_into().unwrap()) as usize,
            &message[6..],
        ),
        other => panic!("header {other:X}"),
    };
    assert_eq!((message[1], rest[0]), (1, b'U'));
    let prefix = match rest[1] {
        0 => "",
        1 => "http://www.",
        2 => "https://www.",
        3 => "http://",
        4 => "https://",
        other => panic!("prefix {other}"),
    };
    assert_eq!(rest.len(), 1 + payload + 1);
    format!(
        "{prefix}{}",
        std::str::from_utf8(&rest[2..=payload]).unwrap()
    )
}

#[test]
fn the_known_messages_come_out() {
    let (one, other) = (
        "https://id.example.com/01/09506000134352/21/K7M4Q2X9PRTW",
        "https://id.gs1.org/01/09506000134352/21/12345",
    );
    let expected = "D10131550469642E6578616D706C652E636F6D2F30312F30393530363030303133343335322F32\
                    312F4B374D345132583950525457";
    assert_eq!(hex(&message(one)), expected);
    assert_eq!(hex(&type_2(one)), format!("0335{expected}FE"));
    let expected = "D10126550469642E6773312E6F72672F30312F30393530363030303133343335322F32312F3132\
                    333435";
    assert_eq!(hex(&message(other)), expected);
    assert_eq!((type_2(one).len(), type_2(other).len()), (56, 45));
}

#[test]
fn the_beginning_of_a_web_address_is_one_byte() {
    for (uri, prefix, rest) in [
        ("https://www.a.eu", 2, "a.eu"),
        ("https://a.eu", 4, "a.eu"),
        ("http://www.a.eu", 1, "a.eu"),
        ("http://a.eu", 3, "a.eu"),
        ("HTTPS://A.EU", 0, "HTTPS://A.EU"),
        ("urn:epc:id:x", 0, "urn:epc:id:x"),
    ] {
        let message = message(uri);
        assert_eq!(
            (message[4], &message[5..]),
            (prefix, rest.as_bytes()),
            "{uri}"
        );
    }
}

#[test]
fn a_payload_over_255_bytes_makes_a_long_record_and_one_over_250_a_long_tlv() {
    // The prefix code is a byte of the payload.
    for (bytes, first, tlv) in [
        (249, 0xD1, 1),
        (250, 0xD1, 3),
        (254, 0xD1, 3),
        (255, 0xC1, 3),
        (300, 0xC1, 3),
    ] {
        let uri = format!("https://{}", "a".repeat(bytes));
        assert_eq!(message(&uri)[0], first, "{bytes}");
        let lengths = type_2(&uri).len() - message(&uri).len() - 2;
        assert_eq!(lengths, tlv, "{bytes}");
        assert_eq!(read(&type_2(&uri)), uri);
    }
}

#[test]
fn a_uri_that_no_type_2_tag_can_hold_is_refused() {
    let longest = "a".repeat(0xFFFE - 8);
    assert_eq!(read(&type_2(&longest)), longest);
    for bytes in [0xFFFE - 7, 0xFFFF, 0x1_0000, 200_000] {
        let uri = "a".repeat(bytes);
        let refused = ndef::push_type_2(&mut Vec::new(), uri.as_bytes());
        assert_eq!(refused, Err(NdefError::TooLong { bytes }));
    }
}

proptest! {
    #[test]
    fn every_message_is_read_back(uri in "(https?://(www\\.)?)?[a-z0-9/.%]{0,600}") {
        prop_assert_eq!(read(&type_2(&uri)), uri);
    }
}
