//! Whatever is typed.

use dpp_core::read::{Cursor, MAX_QUERY, QueryTooLong, ReadsError};
use proptest::prelude::*;
use proptest::sample::select;

use crate::search::prefix::{all, check, world};
use crate::search::world::{GTIN, name};

#[test]
fn a_query_of_no_or_one_character_finds_nothing_and_one_that_is_too_long_is_refused() {
    let (world, _) = world();
    for text in ["", "0", " 0 ", "\t", "S", "é", "\u{200f}", "%", "_", "*"] {
        let page = world.search(text, None).unwrap();
        assert!(page.rows.is_empty() && !page.has_more(), "`{text}`");
    }
    for length in [MAX_QUERY - 1, MAX_QUERY] {
        assert!(
            world
                .search(&"0".repeat(length), None)
                .unwrap()
                .rows
                .is_empty()
        );
        assert!(
            world
                .search(&"é".repeat(length), None)
                .unwrap()
                .rows
                .is_empty()
        );
    }
    for length in [MAX_QUERY + 1, 10_000] {
        for character in ["0", "é", " "] {
            let error = world.search(&character.repeat(length), None).unwrap_err();
            match error {
                ReadsError::Query(error) => assert_eq!(error, QueryTooLong { length }),
                other => panic!("{other}"),
            }
        }
    }
    let text = QueryTooLong { length: 2_049 }.to_string();
    assert_eq!(
        text,
        "the query has 2049 characters, and at most 2048 are looked for"
    );
}

#[test]
fn wildcards_are_plain_characters() {
    let (world, things) = world();
    for text in [
        "%_", "%%", "__", "*?", "**", "?*", "'-", "'--", "\"x", "\\%", "01%", "SN_", "0_",
    ] {
        check(world, things, text);
    }
    assert!(all(world, "01%").is_empty());
    assert!(all(world, "SN_").is_empty());
    assert_eq!(all(world, "%_").len(), 3);
}

/// Any text, and texts close to those that mean something.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => any::<String>(),
        2 => "[\\x00-\\x7f]{0,12}",
        1 => select(vec![
            "%", "_", "*", "?", "'", "\"", "\\", "\u{202e}", "\u{200f}", "\u{feff}", "\u{1d}",
            "\0", "://", "/", "(01)", "01", "(21)", "(10)", "/mu/", "/ml/", "/mb/", "-", GTIN,
            "https://id1.example.com", "/01/", "/21/", "SN-", "01a3", "é", "🦀", "SN-00000001",
        ])
        .prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn whatever_is_typed_nothing_panics_and_nothing_is_found_that_does_not_begin_so(
        text in hostile(),
    ) {
        let (world, things) = world();
        let found = world.search(&text, None);
        if text.chars().count() > MAX_QUERY {
            prop_assert!(matches!(found, Err(ReadsError::Query(_))));
            return Ok(());
        }
        let begin_so = world.looped(things, &text);
        for hit in found.unwrap().rows {
            let typed = text.trim();
            let named = typed.contains("01") && typed.contains(GTIN)
                || ["/mu/", "/mb/", "/ml/"].iter().any(|path| typed.contains(path));
            prop_assert!(named || begin_so.contains(&name(&hit)), "`{}` finds {:?}", text, hit);
        }
    }

    #[test]
    fn bytes_that_are_no_text_at_all_are_no_danger_once_they_are_text(
        bytes in proptest::collection::vec(any::<u8>(), 0..64),
        cursor in "[A-Za-z0-9_-]{0,80}",
    ) {
        let (world, _) = world();
        let text = String::from_utf8_lossy(&bytes);
        prop_assert!(world.search(&text, None).is_ok());
        let cursor = Cursor::of_text(cursor);
        prop_assert!(world.search(&text, Some(&cursor)).is_err());
    }
}
