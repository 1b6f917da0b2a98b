//! What a path asks for.

use super::host::Host;
use super::malformed::Malformed;
use crate::gs1::{DigitalLink, MAX_LINK, ResolverBase};
use crate::identity::{LotId, MintBatchId, MintUnitId};

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A unit by its id, `/mu/<unit id>`.
    Unit(MintUnitId),
    /// A batch by its id, `/mb/<batch id>`.
    Batch(MintBatchId),
    /// A lot by its id, `/ml/<lot id>`.
    Lot(LotId),
    /// What a GS1 Digital Link names: a product, a lot or an item, `/01/<gtin>...`.
    Link(Box<DigitalLink>),
    /// What this resolver is, `/.well-known/gs1resolver` (GS1-Conformant Resolver 1.2.1).
    Description,
}

/// Where a GS1-conformant resolver describes itself.
const DESCRIPTION: &str = "/.well-known/gs1resolver";

impl Target {
    /// Reads a path, and the query that stands behind it, as they came: nothing decoded.
    ///
    /// - A path with a segment `01` is a [Digital Link](DigitalLink::parse), which also rules over
    ///   the query.
    /// - Else its last two segments are `mu`, `mb` or `ml` with the hyphenated id, in either case.
    ///   The query may be anything that a URI may have there.
    /// - Before either there may be a stem. One slash at the end is ignored.
    /// - `/.well-known/gs1resolver` stands at the root only.
    /// - At most [`MAX_LINK`] bytes, together with the scheme and the host.
    ///
    /// # Errors
    /// [`Malformed`]: no valid link looks so.
    pub fn parse(host: &Host, path: &str, query: Option<&str>) -> Result<Self, Malformed> {
        let asked = path.len() + query.map_or(0, |text| text.len() + 1);
        let length = "https://".len() + host.as_str().len() + asked;
        if length > MAX_LINK {
            return Err(Malformed::TooLong { bytes: length });
        }
        check_characters(path, query)?;
        if path == DESCRIPTION {
            return Ok(Self::Description);
        }
        if path.split('/').any(|segment| segment == "01") {
            let link = DigitalLink::parse_on(host.as_str(), path, query)?;
            return Ok(Self::Link(Box::new(link)));
        }
        by_id(path)
    }
}

fn by_id(path: &str) -> Result<Target, Malformed> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let split = path.rsplit_once('/');
    let Some((before, id)) = split else {
        return Err(Malformed::NotALink);
    };
    let Some((stem, kind)) = before.rsplit_once('/') else {
        return Err(Malformed::NotALink);
    };
    let target = match kind {
        "mu" => Target::Unit(id.parse()?),
        "mb" => Target::Batch(id.parse()?),
        "ml" => Target::Lot(id.parse()?),
        _ => return Err(Malformed::NotALink),
    };
    if !stem.is_empty() {
        let base = ResolverBase::parse(&format!("https://h{stem}"))?;
        // A slash that the parser forgives at the end of a base is an empty segment here.
        if base.stem() != stem {
            return Err(Malformed::NotALink);
        }
    }
    Ok(target)
}

/// RFC 3986: a path has `pchar` and slashes; a query may have `?` as well. Neither holds a `#`.
fn check_characters(path: &str, query: Option<&str>) -> Result<(), Malformed> {
    if !path.starts_with('/') {
        return Err(Malformed::NotALink);
    }
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:@/".contains(&byte);
    if let Some(at) = path.bytes().position(|byte| !legal(byte)) {
        return Err(Malformed::IllegalCharacter { at });
    }
    // Square brackets are no query's (RFC 3986, 3.4), yet many programs leave them as they are.
    let in_query = |byte: u8| legal(byte) || matches!(byte, b'?' | b'[' | b']');
    match query.and_then(|query| query.bytes().position(|byte| !in_query(byte))) {
        Some(at) => Err(Malformed::IllegalCharacter {
            at: path.len() + 1 + at,
        }),
        None => Ok(()),
    }
}
