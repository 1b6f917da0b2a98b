//! Links that the host signs itself.

mod golden;
mod keys;
mod refusals;

use dpp_core::Timestamp;
use dpp_core::export::PackPath;
use dpp_exports::storage::{LinkKey, LinkRefusal, LinkSigner};

const BASE: &str = "https://files.example.com/packs";
const PATH: &str = "brand/batch/export/001-0123456789abcdef/manifest_001.csv";

fn key(byte: u8) -> LinkKey {
    LinkKey::new(&[byte; 32]).unwrap()
}

fn signer() -> LinkSigner {
    LinkSigner::new(BASE, key(7))
}

fn path(text: &str) -> PackPath {
    PackPath::parse(text).unwrap()
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_unix_millis(millis)
}

/// What a host takes out of a link: path, expiry and signature.
fn parts(link: &str) -> (&str, &str, &str) {
    let of_path = link.strip_prefix(BASE).unwrap().strip_prefix('/').unwrap();
    let (path, query) = of_path.split_once('?').unwrap();
    let (expires, signature) = query.split_once('&').unwrap();
    let expires = expires.strip_prefix("expires=").unwrap();
    (path, expires, signature.strip_prefix("signature=").unwrap())
}

fn verify(signer: &LinkSigner, link: &str, now: Timestamp) -> Result<PackPath, LinkRefusal> {
    let (path, expires, signature) = parts(link);
    signer.verify(path, expires, signature, now)
}
