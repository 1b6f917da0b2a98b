//! GTINs, and texts of the GS1 character set 82.

use dpp_core::gs1::percent::{PercentError, decode, encode, push_encoded};
use dpp_core::gs1::{
    Cset82Error, Gtin, GtinError, LotCode, ProductVariant, Serial, ThirdPartySerial, check_digit,
    is_cset82,
};
use dpp_core::testing::strategies::gs1 as strategies;
use proptest::prelude::*;

#[test]
fn check_digits_are_those_of_the_published_vectors() {
    let vectors = [
        ("0950600013435", 2),
        ("0952012345678", 8),
        ("0952123454321", 3),
        ("401234598765", 2),
        ("9638507", 4),
        ("7952114112345", 3),
        ("61414112345", 2),
        ("0234567", 3),
        ("41600033610", 8),
        ("123456789012", 8),
        ("1234567890123", 1),
        ("12345678901234567", 5),
    ];
    for (data, expected) in vectors {
        assert_eq!(check_digit(data.as_bytes()), Some(expected), "{data}");
        assert_eq!(
            check_digit(format!("000{data}").as_bytes()),
            Some(expected),
            "{data} padded"
        );
    }
}

#[test]
fn nothing_but_digits_has_a_check_digit() {
    assert_eq!(check_digit(b""), None);
    assert_eq!(check_digit(b"12 4"), None);
    assert_eq!(check_digit(&[b'9'; 100_000]), Some(0));
}

#[test]
fn gtins_of_all_four_lengths_are_padded_to_14_digits() {
    for (input, expected) in [
        ("96385074", "00000096385074"),
        ("02345673", "00000002345673"),
        ("416000336108", "00416000336108"),
        ("614141123452", "00614141123452"),
        ("1234567890128", "01234567890128"),
        ("4012345987652", "04012345987652"),
        ("12345678901231", "12345678901231"),
    ] {
        let gtin = Gtin::parse(input).unwrap();
        assert_eq!(gtin.as_str(), expected);
        assert_eq!(gtin.to_string(), expected);
        assert_eq!(gtin.as_bytes(), expected.as_bytes());
        assert_eq!(expected.parse::<Gtin>().unwrap(), gtin);
    }
}

#[test]
fn a_wrong_check_digit_is_refused_with_the_right_one() {
    for input in [
        "12345673",
        "416000336109",
        "1234567890129",
        "12345678901232",
        "09506000134353",
    ] {
        let expected = check_digit(&input.as_bytes()[..input.len() - 1]).unwrap();
        let found = input.bytes().last().unwrap() - b'0';
        let error = Gtin::parse(input).unwrap_err();
        assert_eq!(
            error,
            GtinError::WrongCheckDigit {
                expected,
                found,
                input: input.to_owned()
            }
        );
    }
}

#[test]
fn a_gtin_of_another_length_is_refused() {
    for length in (0..40).filter(|length| ![8, 12, 13, 14].contains(length)) {
        let input = "0".repeat(length);
        let error = Gtin::parse(&input).unwrap_err();
        assert_eq!(error, GtinError::WrongLength { length, input });
    }
}

#[test]
fn a_gtin_with_another_character_is_refused_at_its_byte() {
    for (input, at, found) in [
        ("0950600013435X", 13, 'X'),
        ("9 506000134352", 1, ' '),
        ("-", 0, '-'),
        ("95٣", 2, '٣'),
        ("９", 0, '９'),
    ] {
        assert_eq!(
            Gtin::parse(input).unwrap_err(),
            GtinError::NotADigit {
                at,
                found,
                input: input.to_owned()
            }
        );
    }
}

#[test]
fn messages_name_the_input() {
    assert_eq!(
        Gtin::parse("09506000134353").unwrap_err().to_string(),
        "the check digit of GTIN `09506000134353` is 3, but should be 2"
    );
    assert_eq!(
        Gtin::parse("123").unwrap_err().to_string(),
        "GTIN `123` has 3 digits instead of 8, 12, 13 or 14"
    );
    assert_eq!(
        Gtin::parse("12x").unwrap_err().to_string(),
        "`x` at byte 2 of GTIN `12x` is not a digit"
    );
    assert_eq!(
        Serial::parse("a b").unwrap_err().to_string(),
        "` ` at byte 1 of the value of AI (21), `a b`, is not in the GS1 character set 82"
    );
    assert_eq!(
        LotCode::parse(&"A".repeat(21)).unwrap_err().to_string(),
        "the value of AI (10), `AAAAAAAAAAAAAAAAAAAAA`, has 21 characters instead of at most 20"
    );
    assert_eq!(
        ProductVariant::parse("").unwrap_err().to_string(),
        "the value of AI (22), ``, is empty"
    );
}

#[test]
fn the_character_set_has_82_characters() {
    let set: String = (0..=u8::MAX)
        .filter(|&byte| is_cset82(byte))
        .map(char::from)
        .collect();
    assert_eq!(
        set,
        "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
    );
    let bitmap = [0x0000_0000_67ff_ffff_u64, 0x7fff_ffe1_7fff_ffe0];
    for byte in 0..128_u8 {
        let bit = bitmap[usize::from(byte / 64)] >> (63 - byte % 64) & 1;
        assert_eq!(is_cset82(byte), bit == 1, "{byte}");
    }
}

#[test]
fn texts_are_as_long_as_their_ai_allows() {
    assert_eq!(Serial::parse(&"A".repeat(20)).unwrap().len(), 20);
    assert_eq!(LotCode::parse("A").unwrap().len(), 1);
    assert_eq!(ThirdPartySerial::parse(&"z".repeat(28)).unwrap().len(), 28);
    assert_eq!(Serial::parse(""), Err(Cset82Error::Empty { ai: "21" }));
    let input = "z".repeat(29);
    let error = ThirdPartySerial::parse(&input).unwrap_err();
    assert_eq!(
        error,
        Cset82Error::TooLong {
            ai: "235",
            length: 29,
            max: 28,
            input
        }
    );
}

#[test]
fn a_text_with_another_character_is_refused_at_its_byte() {
    for found in [
        '\0', ' ', '#', '$', '@', '[', '\\', ']', '^', '`', '{', '|', '}', '~', '\u{7f}', 'é', 'Ａ',
    ] {
        let input = format!("ab{found}");
        match Serial::parse(&input).unwrap_err() {
            Cset82Error::IllegalCharacter {
                ai: "21",
                found: shown,
                at: 2,
                ..
            } => assert_eq!(shown, found),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn values_are_small_and_readable_in_debug_output() {
    assert_eq!(std::mem::size_of::<Serial>(), 21);
    assert_eq!(std::mem::size_of::<Option<Gtin>>(), 15);
    assert_eq!(
        format!("{:?}", Serial::parse("32a/b").unwrap()),
        "Serial(\"32a/b\")"
    );
    assert_eq!(
        format!("{:?}", Gtin::parse("96385074").unwrap()),
        "Gtin(00000096385074)"
    );
}

#[test]
fn every_other_character_of_the_set_is_percent_encoded() {
    assert_eq!(
        encode(b"!\"#%&'()*+,/:;<=>?"),
        "%21%22%23%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F"
    );
    assert_eq!(encode(b"AZaz09-._~"), "AZaz09-._~");
}

#[test]
fn wrong_escapes_are_refused_at_their_byte() {
    assert_eq!(decode("ab%"), Err(PercentError::Truncated { at: 2 }));
    assert_eq!(decode("ab%2"), Err(PercentError::Truncated { at: 2 }));
    assert_eq!(decode("%2g"), Err(PercentError::NotHex { at: 0 }));
    assert_eq!(decode("%%41"), Err(PercentError::NotHex { at: 0 }));
    assert_eq!(decode("a%+1"), Err(PercentError::NotHex { at: 1 }));
    assert_eq!(decode("a%é1"), Err(PercentError::NotHex { at: 1 }));
    assert_eq!(decode("a%00"), Err(PercentError::Zero { at: 1 }));
    assert_eq!(decode("%2f%2F+"), Ok(b"//+".to_vec()));
}

proptest! {
    #[test]
    fn every_gtin_round_trips(gtin in strategies::gtin()) {
        prop_assert_eq!(Gtin::parse(gtin.as_str()).unwrap(), gtin);
        let json = serde_json::to_string(&gtin).unwrap();
        prop_assert_eq!(&json, &format!("\"{gtin}\""));
        prop_assert_eq!(serde_json::from_str::<Gtin>(&json).unwrap(), gtin);
    }

    #[test]
    fn one_wrong_digit_never_makes_a_gtin(gtin in strategies::gtin(), at in 0..14_usize, by in 1..10_u8) {
        let mut digits = *gtin.as_bytes();
        digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
        prop_assert!(Gtin::parse(std::str::from_utf8(&digits).unwrap()).is_err());
    }

    #[test]
    fn every_text_of_the_set_round_trips(text in strategies::cset82(20)) {
        let serial = Serial::parse(&text).unwrap();
        prop_assert_eq!(serial.as_str(), &text);
        prop_assert_eq!(serial.as_bytes(), text.as_bytes());
        prop_assert_eq!(serial.to_string().parse::<Serial>().unwrap(), serial);
        let json = serde_json::to_string(&serial).unwrap();
        prop_assert_eq!(serde_json::from_str::<Serial>(&json).unwrap(), serial);
        prop_assert_eq!(decode(&encode(text.as_bytes())).unwrap(), text.as_bytes());
    }

    #[test]
    fn texts_are_ordered_by_their_bytes(one in strategies::cset82(20), other in strategies::cset82(20)) {
        let (lot, other_lot) = (LotCode::parse(&one).unwrap(), LotCode::parse(&other).unwrap());
        prop_assert_eq!(lot.cmp(&other_lot), one.as_bytes().cmp(other.as_bytes()));
    }

    #[test]
    fn any_bytes_survive_percent_encoding(bytes in prop::collection::vec(1..=u8::MAX, 0..40)) {
        let mut encoded = Vec::new();
        push_encoded(&mut encoded, &bytes);
        prop_assert_eq!(decode(std::str::from_utf8(&encoded).unwrap()).unwrap(), bytes);
    }

    #[test]
    fn no_input_makes_a_parser_panic(text in any::<String>()) {
        let _ = (Gtin::parse(&text), Serial::parse(&text), ThirdPartySerial::parse(&text), decode(&text));
    }
}
