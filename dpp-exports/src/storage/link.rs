//! Links that the host signs and serves itself, where the storage signs none.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dpp_core::Timestamp;
use dpp_core::export::PackPath;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The least bytes of a key.
pub const MIN_KEY: usize = 32;

/// How many bytes of each code a link shows: 128 bits.
const CODE: usize = 16;

/// A secret that links are signed with. It is never shown.
#[derive(Clone)]
pub struct LinkKey(Hmac<Sha256>);

/// A key is too short. Draw at least 32 random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key of {bytes} bytes was given, and links are signed with at least {MIN_KEY}")]
pub struct LinkKeyError {
    /// How many bytes were given.
    pub bytes: usize,
}

impl LinkKey {
    /// The key with these bytes.
    ///
    /// # Errors
    /// [`LinkKeyError`] when there are fewer than 32.
    pub fn new(bytes: &[u8]) -> Result<Self, LinkKeyError> {
        let refused = LinkKeyError { bytes: bytes.len() };
        match Hmac::new_from_slice(bytes) {
            Ok(mac) if bytes.len() >= MIN_KEY => Ok(Self(mac)),
            _ => Err(refused),
        }
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey(..)")
    }
}

/// Signs links to packs, and verifies those that come back. A link is
/// `<base>/<path>?expires=<seconds since 1970>&signature=<43 characters>`.
///
/// The signature is two codes, each the first 128 bits of an HMAC-SHA-256 (RFC 2104): over the
/// path, and over the path with the expiry. So a refusal can say what was changed.
///
/// ```
/// use dpp_core::Timestamp;
/// use dpp_core::export::PackPath;
/// use dpp_exports::storage::{LinkKey, LinkRefusal, LinkSigner};
///
/// // 32 random bytes, which the host draws once and keeps secret.
/// let key = LinkKey::new(&[7; 32])?;
/// let signer = LinkSigner::new("https://files.example.com/packs", key);
/// let path: PackPath = "a/manifest_001.csv".parse()?;
/// let until: Timestamp = "2027-02-18T09:35:00Z".parse()?;
/// let link = signer.sign(&path, until);
/// let begins = "https://files.example.com/packs/a/manifest_001.csv?expires=1802943300&signature=";
/// let signature = link.strip_prefix(begins).unwrap();
///
/// // Somebody comes with the link: the host takes its URL apart.
/// let verify = |expires, now| signer.verify("a/manifest_001.csv", expires, signature, now);
/// let now: Timestamp = "2027-02-18T09:30:00Z".parse()?;
/// assert_eq!(verify("1802943300", now), Ok(path));
/// assert_eq!(verify("1902943300", now), Err(LinkRefusal::OtherExpiry));
/// assert_eq!(verify("1802943300", until), Err(LinkRefusal::Late { at: until }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct LinkSigner {
    base: String,
    key: LinkKey,
    older: Vec<LinkKey>,
}

/// Why a link is not good. Whoever shows one gets nothing; let them ask for a new one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkRefusal {
    /// It is no link of this kind at all.
    #[error("the link has no path, expiry and signature as they are signed")]
    Malformed,
    /// Its path is another than was signed, or its signature was made up.
    #[error("the link's path is not the one that was signed")]
    OtherPath,
    /// Its expiry is another than was signed.
    #[error("the link's expiry is not the one that was signed")]
    OtherExpiry,
    /// It is what was signed, and its time is over.
    #[error("the link expired at {at}")]
    Late {
        /// When it was over.
        at: Timestamp,
    },
}

impl LinkSigner {
    /// Links that begin with this base, such as `https://files.example.com/packs`.
    pub fn new(base: &str, key: LinkKey) -> Self {
        Self {
            base: base.trim_end_matches('/').to_owned(),
            key,
            older: Vec::new(),
        }
    }

    /// Lets links through that were signed with a key from before, too.
    #[must_use]
    pub fn and_older(mut self, key: LinkKey) -> Self {
        self.older.push(key);
        self
    }

    /// A link to a file. It lives until the last whole second before `until`.
    pub fn sign(&self, path: &PackPath, until: Timestamp) -> String {
        let expires = until.unix_millis().div_euclid(1_000).to_string();
        let mut codes = [0; 2 * CODE];
        let (of_path, of_both) = codes.split_at_mut(CODE);
        fill(of_path, &of_path_code(&self.key, path));
        fill(of_both, &of_both_code(&self.key, path, &expires));
        let signature = URL_SAFE_NO_PAD.encode(codes);
        let base = &self.base;
        format!("{base}/{path}?expires={expires}&signature={signature}")
    }

    /// The path of a link that this signer, or one with the same key, has signed and whose time
    /// is not over: `path` as it stands in the URL behind the base, and the values of `expires`
    /// and `signature`. Codes are compared in constant time.
    ///
    /// # Errors
    /// [`LinkRefusal`], which says what was changed, or that it is late.
    pub fn verify(
        &self,
        path: &str,
        expires: &str,
        signature: &str,
        now: Timestamp,
    ) -> Result<PackPath, LinkRefusal> {
        let path = PackPath::parse(path).map_err(|_| LinkRefusal::Malformed)?;
        let at = expiry(expires).ok_or(LinkRefusal::Malformed)?;
        let codes = codes(signature).ok_or(LinkRefusal::Malformed)?;
        let (of_path, of_both) = codes.split_at(CODE);
        let keys = || std::iter::once(&self.key).chain(&self.older);
        let right = |code: &[u8]| {
            let mut of = keys().map(|key| of_path_code(key, &path));
            of.any(|known| known.verify_truncated_left(code).is_ok())
        };
        if !right(of_path) {
            return Err(LinkRefusal::OtherPath);
        }
        let mut of = keys().map(|key| of_both_code(key, &path, expires));
        if !of.any(|known| known.verify_truncated_left(of_both).is_ok()) {
            return Err(LinkRefusal::OtherExpiry);
        }
        match now < at {
            true => Ok(path),
            false => Err(LinkRefusal::Late { at }),
        }
    }
}

fn fill(code: &mut [u8], mac: &Hmac<Sha256>) {
    let whole = mac.clone().finalize().into_bytes();
    code.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
}

fn of_path_code(key: &LinkKey, path: &PackPath) -> Hmac<Sha256> {
    code(key, &["path", path.as_str()])
}

fn of_both_code(key: &LinkKey, path: &PackPath, expires: &str) -> Hmac<Sha256> {
    code(key, &["path and expiry", path.as_str(), expires])
}

/// The parts have no line feed in them, so that no two lists of them sign the same bytes.
fn code(key: &LinkKey, parts: &[&str]) -> Hmac<Sha256> {
    let mut mac = key.0.clone();
    for part in parts {
        mac.update(part.as_bytes());
        mac.update(b"\n");
    }
    mac
}

/// Plain digits, as they are signed.
fn expiry(text: &str) -> Option<Timestamp> {
    let seconds: i64 = text.parse().ok()?;
    let plain = seconds.to_string() == text;
    let millis = seconds.checked_mul(1_000).filter(|_| plain)?;
    Some(Timestamp::from_unix_millis(millis))
}

fn codes(signature: &str) -> Option<[u8; 2 * CODE]> {
    let mut codes = [0; 2 * CODE];
    let decoded = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let fits = decoded.len() == codes.len();
    codes
        .iter_mut()
        .zip(&decoded)
        .for_each(|(to, from)| *to = *from);
    fits.then_some(codes)
}
