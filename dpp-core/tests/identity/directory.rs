//! Serials of many batches and schemes side by side.

use dpp_core::Timestamp;
use dpp_core::gs1::Serial;
use dpp_core::identity::serial::{
    Block, SchemeError, SequentialFormat, SerialAllocation, SerialDirectory, SerialScheme,
};
use dpp_core::identity::{
    BatchIdentity, BatchSeed, IdentityFacts, MintBatchId, PoolSeed, SchemeVersion,
};
use dpp_core::mint::{GuessBound, PoolEvent, SerialPool};
use dpp_core::testing::strategies;
use proptest::prelude::*;

/// What a pool hands out to jobs one after the other; jobs that it refuses are left out.
fn reserved(jobs: &[(SerialScheme, u32)], seed: PoolSeed) -> Vec<Handed> {
    let mut pool = SerialPool::default();
    let mut handed = Vec::new();
    for ((scheme, quantity), at) in jobs.iter().zip(1..) {
        let at = Timestamp::from_unix_millis(1_800_000_000_000 + at);
        let batch = MintBatchId::new(at, [1; 10]);
        let bound = GuessBound::default();
        let events = pool.reserve(batch, *quantity, scheme, seed, bound, &Default::default());
        for event in events.into_iter().flatten() {
            if let PoolEvent::Reserved(reserved) = &event {
                handed.push(Handed::new(batch, *quantity, reserved.serials.clone()));
            }
            pool = pool.evolve(&event);
        }
    }
    handed
}

struct Handed {
    allocation: SerialAllocation,
    identity: BatchIdentity,
}

impl Handed {
    fn new(batch: MintBatchId, quantity: u32, allocation: SerialAllocation) -> Self {
        let facts = IdentityFacts {
            version: SchemeVersion::V1,
            seed: BatchSeed::from_bytes([batch.as_uuid().as_bytes()[5]; 32]),
            serials: allocation.clone(),
        };
        let identity = BatchIdentity::new(batch, quantity, &facts);
        Self {
            allocation,
            identity,
        }
    }
}

fn directory(handed: &[Handed]) -> SerialDirectory {
    let mut directory = SerialDirectory::default();
    for Handed {
        allocation,
        identity,
    } in handed
    {
        directory.insert(identity.batch(), allocation);
    }
    directory
}

fn looks_randomised(text: &str) -> bool {
    (12..=20).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text
            .chars()
            .all(|c| "0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(c))
}

fn looks_numeric(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'))
        && text.parse::<u64>().is_ok_and(|number| number < 1 << 38)
}

proptest! {
    #[test]
    fn a_sequential_serial_never_looks_like_one_of_another_scheme(
        format in strategies::sequential_format(),
        number in any::<u64>(),
    ) {
        let digits = usize::from(format.digits());
        let number = number % (format.last() + 1);
        let text = format!("{}{number:0digits$}", format.prefix());
        prop_assert!(!looks_randomised(&text), "{}", text);
        prop_assert!(!looks_numeric(&text), "{}", text);
        prop_assert_eq!(Block::of(&text.parse().unwrap()), None);
        prop_assert_eq!(format.number_of(text.as_bytes()), Some(number));
    }

    #[test]
    fn a_block_is_read_out_of_just_those_texts_that_look_randomised(
        text in prop_oneof![strategies::gs1::cset82(20), "[0-9A-Z]{11,20}", "[0-9A-HJ-NP-TV-Z]{4,20}"],
    ) {
        let block = Block::of(&text.parse().unwrap());
        prop_assert_eq!(block.is_some(), looks_randomised(&text));
        if let Some(block) = block {
            prop_assert_eq!(String::from(block), &text[..4]);
        }
    }

    #[test]
    fn no_block_begins_with_a_digit(text in "[0-9A-Za-z]{3,5}") {
        let looks = text.len() == 4 && looks_randomised(&(text.clone() + "00000000"));
        prop_assert_eq!(Block::try_from(text).is_ok(), looks);
    }

    #[test]
    fn the_directory_finds_the_batch_of_every_serial(
        jobs in prop::collection::vec((strategies::derived_scheme(), 1..3_000_u32), 1..40),
        seed in strategies::pool_seed(),
        index in any::<prop::sample::Index>(),
    ) {
        let handed = reserved(&jobs, seed);
        let directory = directory(&handed);
        for Handed { identity, .. } in &handed {
            let index = index.index(identity.quantity() as usize) as u32;
            let serial = identity.unit(index).unwrap().serial.unwrap();
            prop_assert_eq!(directory.batch_of(&serial), Some(identity.batch()));
            for Handed { identity: other, .. } in &handed {
                let own = other.batch() == identity.batch();
                prop_assert_eq!(other.decode_serial(&serial).is_ok(), own);
            }
        }
    }
}

#[test]
fn the_directory_knows_nothing_of_serials_that_were_not_handed_out() {
    let jobs = [
        (SerialScheme::default(), 10),
        (SerialScheme::Numeric38, 10),
        (SerialScheme::Sequential(format("SN-", 8)), 10),
    ];
    let directory = directory(&reserved(&jobs, PoolSeed::from_bytes([1; 32])));
    for text in [
        "SN-00000000",
        "SN-00000011",
        "XN-00000001",
        "SN-1",
        "A",
        "0123",
        "brand's-own",
    ] {
        let serial: Serial = text.parse().unwrap();
        assert_eq!(directory.batch_of(&serial), None, "{text}");
    }
}

fn format(prefix: &str, digits: u8) -> SequentialFormat {
    SequentialFormat::new(prefix, digits).unwrap()
}

#[test]
fn forms_that_look_like_another_scheme_are_refused() {
    let new = SequentialFormat::new;
    for (prefix, digits) in [("K7M4", 8), ("A", 11), ("KMT", 17), ("ABCDEFGHJKMN", 1)] {
        let refused = new(prefix, digits);
        assert!(
            matches!(refused, Err(SchemeError::LooksRandomised { .. })),
            "{prefix}"
        );
    }
    for (prefix, digits) in [("", 1), ("", 12), ("1", 1), ("27", 10), ("9", 11)] {
        let refused = new(prefix, digits);
        assert!(
            matches!(refused, Err(SchemeError::LooksNumeric { .. })),
            "{prefix}"
        );
    }
    for (prefix, digits) in [
        ("K7M4-", 8),
        ("k7m4", 8),
        ("ABC", 8),
        ("0", 1),
        ("", 13),
        ("OIL", 12),
    ] {
        assert!(new(prefix, digits).is_ok(), "{prefix} {digits}");
    }
}

#[test]
fn forms_that_make_no_serial_are_refused() {
    let new = SequentialFormat::new;
    for (prefix, digits) in [
        ("SN-", 0),
        ("SN-", 19),
        ("SN-", 18),
        ("-------------------", 2),
    ] {
        let refused = new(prefix, digits);
        assert!(
            matches!(refused, Err(SchemeError::Length { .. })),
            "{prefix} {digits}"
        );
    }
    let refused = new("SN 1", 4);
    assert!(matches!(
        refused,
        Err(SchemeError::PrefixCharacter { character: ' ', .. })
    ));
}

#[test]
fn schemes_are_written_in_json_as_documented() {
    for (scheme, json) in [
        (
            SerialScheme::default(),
            r#"{"scheme":"randomised","tag_length":4}"#,
        ),
        (
            SerialScheme::Sequential(format("SN-", 8)),
            r#"{"scheme":"sequential","prefix":"SN-","digits":8}"#,
        ),
        (SerialScheme::Numeric38, r#"{"scheme":"numeric38"}"#),
        (SerialScheme::Provided, r#"{"scheme":"provided"}"#),
    ] {
        assert_eq!(serde_json::to_string(&scheme).unwrap(), json);
        assert_eq!(serde_json::from_str::<SerialScheme>(json).unwrap(), scheme);
    }
    for json in [
        r#"{"scheme":"randomised","tag_length":3}"#,
        r#"{"scheme":"randomised","tag_length":13}"#,
        r#"{"scheme":"randomised","tags":5}"#,
        r#"{"scheme":"sequential","prefix":"K7M4","digits":8}"#,
        r#"{"scheme":"sequential","prefix":"SN-","digits":8,"first":7}"#,
        r#"{"scheme":"numeric39"}"#,
    ] {
        assert!(
            serde_json::from_str::<SerialScheme>(json).is_err(),
            "{json}"
        );
    }
    let short = r#"{"scheme":"randomised"}"#;
    assert_eq!(
        serde_json::from_str::<SerialScheme>(short).unwrap(),
        SerialScheme::default()
    );
}
