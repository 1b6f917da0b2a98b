//! Slices, paths, digests, names.

use dpp_core::export::{
    ExportFormat, PackNumber, PackPath, PackStatus, ProfileName, ROWS_PER_PACK, Sha256Digest,
    Slices,
};
use dpp_core::testing::strategies;
use proptest::prelude::*;

proptest! {
    #[test]
    fn slices_cover_each_unit_once_and_are_at_most_10_000(
        units in prop_oneof![0..=30_001_u32, strategies::quantity()],
    ) {
        let slices = Slices::of(units);
        prop_assert_eq!(slices.len(), units.div_ceil(10_000) as usize);
        let mut next = 0;
        for (slice, number) in slices.clone().zip(1..) {
            prop_assert_eq!(slice.number().get(), number);
            prop_assert_eq!(slice.indexes().start, next);
            prop_assert!((1..=ROWS_PER_PACK).contains(&slice.rows()));
            prop_assert_eq!(slice.indexes().len(), slice.rows() as usize);
            prop_assert!(slice.rows() == ROWS_PER_PACK || slice.indexes().end == units);
            prop_assert_eq!(slices.get(slice.number()), Some(slice.clone()));
            next = slice.indexes().end;
        }
        prop_assert_eq!(next, units);
        prop_assert_eq!(slices.get(PackNumber::after(Slices::count_of(units))), None);
    }

    #[test]
    fn a_digest_is_read_back_as_it_was_written(bytes in any::<[u8; 32]>()) {
        let digest = Sha256Digest::from_bytes(bytes);
        let text = digest.to_string();
        prop_assert_eq!(text.len(), 64);
        prop_assert_eq!(text.parse(), Ok(digest));
        let json = serde_json::to_string(&digest).unwrap();
        prop_assert_eq!(&json, &format!("\"{text}\""));
        prop_assert_eq!(serde_json::from_str::<Sha256Digest>(&json).unwrap(), digest);
    }

    #[test]
    fn a_path_is_read_back_and_never_leaves_its_folder(text in "[A-Za-z0-9._/-]{0,12}|.{0,5}") {
        let segments: Vec<_> = text.split('/').collect();
        let right = segments.iter().all(|segment| !["", ".", ".."].contains(segment))
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._/".contains(&byte));
        let parsed = text.parse::<PackPath>();
        prop_assert_eq!(parsed.is_ok(), right);
        if let Ok(path) = parsed {
            prop_assert_eq!(path.as_str(), &text);
            let json = serde_json::to_string(&path).unwrap();
            prop_assert_eq!(serde_json::from_str::<PackPath>(&json).unwrap(), path);
        }
    }
}

#[test]
fn slices_stand_the_largest_numbers() {
    let last = Slices::of(u32::MAX).last().unwrap();
    assert_eq!(last.indexes(), 4_294_960_000..u32::MAX);
    let beyond = PackNumber::new(u32::MAX).unwrap();
    assert_eq!(Slices::of(u32::MAX).get(beyond), None);
    assert_eq!(PackNumber::after(u32::MAX).get(), u32::MAX);
}

#[test]
fn packs_are_counted_from_1() {
    assert_eq!(PackNumber::new(0), None);
    assert_eq!(PackNumber::FIRST.get(), 1);
    assert_eq!(PackNumber::new(7).unwrap().before(), 6);
    assert_eq!(format!("{:03}", PackNumber::after(6)), "007");
    assert_eq!(serde_json::to_string(&PackNumber::after(6)).unwrap(), "7");
    assert!(serde_json::from_str::<PackNumber>("0").is_err());
    assert!(serde_json::from_str::<PackNumber>("\"1\"").is_err());
}

#[test]
fn a_path_is_relative_short_and_plain() {
    let longest = "a".repeat(512);
    for text in ["a", "a/b.csv", "...", ".a/..b/c..", "Z-9_.", &longest] {
        assert_eq!(PackPath::parse(text).unwrap().to_string(), text);
    }
    let longer = "a".repeat(513);
    for text in [
        "", "/", "/a", "a/", "a//b", ".", "..", "./a", "a/.", "../a", "a/..", "a/../b", "a b",
        "a\\b", "a%2f", "ä", "a\0", "a:b", &longer,
    ] {
        let error = PackPath::parse(text).unwrap_err();
        assert_eq!(error.input, text);
        assert!(
            serde_json::from_value::<PackPath>(text.into()).is_err(),
            "{text}"
        );
    }
}

#[test]
fn a_digest_is_64_lower_case_digits() {
    let digest = "0123456789abcdef".repeat(4);
    assert_eq!(Sha256Digest::parse(&digest).unwrap().to_string(), digest);
    assert_eq!(Sha256Digest::parse(&digest).unwrap().as_bytes()[1], 0x23);
    let upper = digest.to_uppercase();
    for text in [
        "",
        &digest[..63],
        &digest[..62],
        &format!("{digest}0"),
        &format!("{digest}00"),
    ] {
        assert!(Sha256Digest::parse(text).is_err(), "{text}");
    }
    for wrong in ["g", "A", " ", "/", ":", "`", "ä"] {
        let text = format!("{}{wrong}", &digest[..64 - wrong.len()]);
        assert!(Sha256Digest::parse(&text).is_err(), "{text}");
    }
    assert!(serde_json::from_value::<Sha256Digest>(upper.into()).is_err());
}

#[test]
fn a_profile_has_a_short_lower_case_name() {
    let longest = "a".repeat(64);
    for text in ["a", "vdp.generic-lf_2", &longest] {
        assert_eq!(ProfileName::parse(text).unwrap().to_string(), text);
    }
    let longer = "a".repeat(65);
    for text in ["", "A", "a b", "a/b", "ä", &longer] {
        assert_eq!(ProfileName::parse(text).unwrap_err().input, text);
        assert!(serde_json::from_value::<ProfileName>(text.into()).is_err());
    }
}

#[test]
fn states_of_packs_have_their_words() {
    for (status, word) in [
        (PackStatus::Pending, "pending"),
        (PackStatus::Generating, "generating"),
        (PackStatus::Completed, "completed"),
        (PackStatus::Failed, "failed"),
        (PackStatus::Expired, "expired"),
    ] {
        assert_eq!(status.to_string(), word);
        assert_eq!(serde_json::to_value(status).unwrap(), word);
    }
}

#[test]
fn a_bundle_has_words_of_its_own_for_where_its_packs_stand() {
    let told = |status: PackStatus| {
        (
            status.word_for(ExportFormat::Manifest),
            status.word_for(ExportFormat::QrBundle),
        )
    };
    assert_eq!(told(PackStatus::Pending), ("pending", "queued"));
    assert_eq!(told(PackStatus::Generating), ("generating", "generating"));
    assert_eq!(told(PackStatus::Completed), ("completed", "ready"));
    assert_eq!(told(PackStatus::Failed), ("failed", "failed"));
    assert_eq!(told(PackStatus::Expired), ("expired", "expired"));
}
