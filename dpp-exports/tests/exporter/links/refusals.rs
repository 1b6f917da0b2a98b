//! Links that are not what was signed, or too late.

use proptest::prelude::*;

use super::{LinkRefusal, LinkSigner, PATH, at, key, parts, path, signer, verify};

const UNTIL: i64 = 1_800_000_300_000;

fn link() -> String {
    signer().sign(&path(PATH), at(UNTIL))
}

#[test]
fn a_link_is_good_until_the_second_that_it_names() {
    for until in [UNTIL, UNTIL + 1, UNTIL + 999] {
        let link = signer().sign(&path(PATH), at(until));
        for now in [0, UNTIL - 300_000, UNTIL - 1] {
            assert_eq!(verify(&signer(), &link, at(now)), Ok(path(PATH)));
        }
        for now in [UNTIL, UNTIL + 1, until, until + 1, i64::MAX] {
            let late = LinkRefusal::Late { at: at(UNTIL) };
            assert_eq!(verify(&signer(), &link, at(now)), Err(late), "{now}");
        }
    }
}

#[test]
fn a_refusal_says_what_was_changed() {
    let link = link();
    let (of, expires, signature) = parts(&link);
    let verify = |path: &str, expires: &str, signature: &str| {
        signer()
            .verify(path, expires, signature, at(0))
            .unwrap_err()
    };
    let other_path = PATH.replace("manifest_001", "manifest_002");
    assert_eq!(
        verify(&other_path, expires, signature),
        LinkRefusal::OtherPath
    );
    let later = "1900000000";
    assert_eq!(verify(of, later, signature), LinkRefusal::OtherExpiry);
    let other = LinkSigner::new(super::BASE, key(8)).sign(&path(PATH), at(UNTIL));
    let (_, _, made_up) = parts(&other);
    assert_eq!(verify(of, expires, made_up), LinkRefusal::OtherPath);
}

/// The halves of the signature of one path, each with another expiry.
#[test]
fn signatures_cannot_be_put_together() {
    let later = signer().sign(&path(PATH), at(UNTIL + 60_000));
    let elsewhere = signer().sign(&path("another/path"), at(UNTIL + 60_000));
    let link = link();
    let (of, _, signature) = parts(&link);
    let (_, later_expires, later_signature) = parts(&later);
    let (_, _, elsewhere_signature) = parts(&elsewhere);
    let verify = |expires: &str, signature: &str| {
        signer().verify(of, expires, signature, at(0)).unwrap_err()
    };
    assert_eq!(verify(later_expires, signature), LinkRefusal::OtherExpiry);
    assert_eq!(
        verify("1800000300", later_signature),
        LinkRefusal::OtherExpiry
    );
    assert_eq!(
        verify(later_expires, elsewhere_signature),
        LinkRefusal::OtherPath
    );
}

#[test]
fn what_is_no_link_is_malformed() {
    let link = link();
    let (of, expires, signature) = parts(&link);
    let long = format!("{signature}A");
    let padded = format!("{signature}=");
    let no_paths = ["", "/", "../a", "a/../b", "a//b", "a b", "a%2e", "ä"];
    let no_seconds = [
        "",
        "soon",
        "-",
        "+1800000300",
        "01800000300",
        " 1800000300",
        "1800000300.0",
        "1e9",
        "9223372036854775807",
        "9223372036854776",
        "99999999999999999999",
    ];
    let no_signatures = [
        "",
        "A",
        "AAAA",
        &signature[1..],
        &long,
        &padded,
        "+/+/",
        "ä",
    ];
    let malformed = |path: &str, expires: &str, signature: &str| {
        let refused = signer().verify(path, expires, signature, at(0));
        assert_eq!(
            refused,
            Err(LinkRefusal::Malformed),
            "{path} {expires} {signature}"
        );
    };
    no_paths
        .iter()
        .for_each(|path| malformed(path, expires, signature));
    no_seconds
        .iter()
        .for_each(|expires| malformed(of, expires, signature));
    no_signatures
        .iter()
        .for_each(|signature| malformed(of, expires, signature));
}

#[test]
fn a_link_can_end_before_1970() {
    let link = signer().sign(&path(PATH), at(-1_500));
    assert_eq!(parts(&link).1, "-2");
    assert_eq!(verify(&signer(), &link, at(-2_001)), Ok(path(PATH)));
    let late = LinkRefusal::Late { at: at(-2_000) };
    assert_eq!(verify(&signer(), &link, at(-2_000)), Err(late));
}

fn a_path() -> impl Strategy<Value = String> {
    "[A-Za-z0-9_-]{1,12}(/[A-Za-z0-9_-]{1,12}){0,4}"
}

proptest! {
    #[test]
    fn what_was_signed_is_let_through(of in a_path(), until in 1_000..4_000_000_000_000_i64) {
        let link = signer().sign(&path(&of), at(until));
        prop_assert_eq!(verify(&signer(), &link, at(until - 1_000)), Ok(path(&of)));
    }

    /// Also one that leads to a text which decodes to the same bytes.
    #[test]
    fn a_link_with_one_other_character_is_refused(
        of in a_path(),
        place in any::<proptest::sample::Index>(),
        character in any::<char>(),
    ) {
        let link = signer().sign(&path(&of), at(UNTIL));
        let (of, expires, signature) = parts(&link);
        for part in 0..3 {
            let mut given = [of, expires, signature].map(|part| part.chars().collect::<Vec<_>>());
            let place = place.index(given[part].len());
            prop_assume!(given[part][place] != character);
            given[part][place] = character;
            let [of, expires, signature] = given.map(String::from_iter);
            prop_assert!(signer().verify(&of, &expires, &signature, at(0)).is_err());
        }
    }

    #[test]
    fn every_character_of_a_signature_counts(place in 0..43_usize, other in 0..64_usize) {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let link = link();
        let (of, expires, signature) = parts(&link);
        let mut given = signature.to_owned().into_bytes();
        prop_assume!(given[place] != alphabet[other]);
        given[place] = alphabet[other];
        let given = String::from_utf8(given).unwrap();
        prop_assert!(signer().verify(of, expires, &given, at(0)).is_err());
    }

    #[test]
    fn no_text_is_let_through_nor_panics(
        of in any::<String>(),
        expires in any::<String>(),
        signature in any::<String>(),
        now in any::<i64>(),
    ) {
        let link = link();
        let (good, in_time, signed) = parts(&link);
        for of in [of.as_str(), good] {
            for expires in [expires.as_str(), in_time] {
                let refused = signer().verify(of, expires, &signature, at(now));
                prop_assert!(refused.is_err());
                let changed = (of, expires) != (good, in_time);
                let answer = signer().verify(of, expires, signed, at(now));
                prop_assert_eq!(answer.is_err(), changed || now >= UNTIL);
            }
        }
    }

    #[test]
    fn any_number_of_seconds_is_read_without_a_panic(seconds in any::<i64>(), now in any::<i64>()) {
        let link = link();
        let (of, _, signature) = parts(&link);
        let expires = seconds.to_string();
        let answer = signer().verify(of, &expires, signature, at(now));
        let right = seconds == UNTIL / 1_000 && now < UNTIL;
        prop_assert_eq!(answer.is_ok(), right);
    }

    /// As a path cannot have a line feed in it, no two links sign the same text.
    #[test]
    fn a_link_to_one_path_never_leads_to_another(one in a_path(), other in a_path()) {
        prop_assume!(one != other);
        let link = signer().sign(&path(&one), at(UNTIL));
        let (_, expires, signature) = parts(&link);
        let refused = signer().verify(&other, expires, signature, at(0));
        prop_assert_eq!(refused, Err(LinkRefusal::OtherPath));
    }
}
