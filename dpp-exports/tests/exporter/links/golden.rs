//! A link is what RFC 2104 and the documentation of `LinkSigner` say, byte by byte.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::{BASE, LinkKey, LinkSigner, PATH, at, path, signer, verify};

/// The bytes of this link never change: links that were handed out have to be good after an
/// update.
const GOLDEN: &str = "https://files.example.com/packs/brand/batch/export/\
     001-0123456789abcdef/manifest_001.csv?expires=1800000300\
     &signature=AEOzcFl3NYevM6K19LvZA_BcGIV9XrvxxUSL8HzXZ7E";

/// HMAC as RFC 2104 defines it: H(K XOR opad, H(K XOR ipad, text)), with blocks of 64 bytes.
fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut block = [0; 64];
    match key.len() > block.len() {
        true => block[..32].copy_from_slice(&Sha256::digest(key)),
        false => block[..key.len()].copy_from_slice(key),
    }
    let inner = Sha256::new()
        .chain_update(block.map(|byte| byte ^ 0x36))
        .chain_update(text)
        .finalize();
    let outer = Sha256::new()
        .chain_update(block.map(|byte| byte ^ 0x5c))
        .chain_update(inner);
    outer.finalize().into()
}

/// RFC 4231, test case 2.
#[test]
fn the_hmac_of_this_test_is_hmac() {
    let code = hmac(b"Jefe", b"what do ya want for nothing?");
    let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    let hex: String = code.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, expected);
}

fn link(key: &[u8], path: &str, expires: &str) -> String {
    let of_path = hmac(key, format!("path\n{path}\n").as_bytes());
    let of_both = format!("path and expiry\n{path}\n{expires}\n");
    let of_both = hmac(key, of_both.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode([&of_path[..16], &of_both[..16]].concat());
    format!("{BASE}/{path}?expires={expires}&signature={signature}")
}

#[test]
fn a_link_has_fixed_bytes() {
    let signed = signer().sign(&path(PATH), at(1_800_000_300_000));
    assert_eq!(signed, GOLDEN);
    assert_eq!(signed, link(&[7; 32], PATH, "1800000300"));
    verify(&signer(), GOLDEN, at(1_800_000_000_000)).unwrap();
}

#[test]
fn a_key_of_any_length_signs_as_hmac_says() {
    for bytes in [32, 63, 64, 65, 200] {
        let key = vec![9; bytes];
        let signer = LinkSigner::new(BASE, LinkKey::new(&key).unwrap());
        let signed = signer.sign(&path(PATH), at(1_800_000_300_999));
        assert_eq!(signed, link(&key, PATH, "1800000300"), "{bytes}");
    }
}
