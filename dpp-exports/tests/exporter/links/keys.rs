//! Keys: which are taken, which links they let through, and that nothing shows them.

use dpp_exports::storage::{LinkKeyError, MIN_KEY};

use super::{BASE, LinkKey, LinkRefusal, LinkSigner, PATH, at, key, path, verify};

#[test]
fn a_key_under_32_bytes_is_refused() {
    for bytes in 0..MIN_KEY {
        let refused = LinkKey::new(&vec![7; bytes]).unwrap_err();
        assert_eq!(refused, LinkKeyError { bytes });
    }
    let told = "a key of 31 bytes was given, and links are signed with at least 32";
    assert_eq!(LinkKeyError { bytes: 31 }.to_string(), told);
    LinkKey::new(&[7; MIN_KEY]).unwrap();
}

#[test]
fn links_of_an_older_key_are_let_through_and_the_newest_signs() {
    let old = LinkSigner::new(BASE, key(1));
    let changed = LinkSigner::new(BASE, key(2)).and_older(key(1));
    let twice = LinkSigner::new(BASE, key(3))
        .and_older(key(2))
        .and_older(key(1));
    let of = |signer: &LinkSigner| signer.sign(&path(PATH), at(300_000));
    for (signer, link) in [
        (&changed, of(&old)),
        (&twice, of(&old)),
        (&twice, of(&changed)),
        (&twice, of(&twice)),
    ] {
        assert_eq!(verify(signer, &link, at(0)), Ok(path(PATH)));
    }
    assert_eq!(of(&changed), of(&LinkSigner::new(BASE, key(2))));
}

#[test]
fn links_of_an_unknown_key_are_refused() {
    let link = LinkSigner::new(BASE, key(1)).sign(&path(PATH), at(300_000));
    let other = LinkSigner::new(BASE, key(2)).and_older(key(3));
    assert_eq!(verify(&other, &link, at(0)), Err(LinkRefusal::OtherPath));
}

#[test]
fn nothing_shows_a_key() {
    let secret = b"a secret that must not be shown!";
    let key = LinkKey::new(secret).unwrap();
    assert_eq!(format!("{key:?}"), "LinkKey(..)");
    let signer = LinkSigner::new(BASE, key.clone()).and_older(key);
    for shown in [format!("{signer:?}"), format!("{signer:#?}")] {
        assert!(!shown.contains("secret"), "{shown}");
        let number = format!("{}, {}", secret[0], secret[1]);
        assert!(!shown.contains(&number), "{shown}");
    }
}

#[test]
fn a_base_is_the_same_with_and_without_a_slash_at_its_end() {
    let with = LinkSigner::new("https://files.example.com/packs/", key(7));
    let without = LinkSigner::new("https://files.example.com/packs", key(7));
    let until = at(300_000);
    assert_eq!(
        with.sign(&path(PATH), until),
        without.sign(&path(PATH), until)
    );
}
