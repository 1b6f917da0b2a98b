//! Who asks for a linkset by what it accepts.

use crate::resolver::request::quality;

/// The media type of a linkset in JSON: RFC 9264, 4.2.
pub const LINKSET_MEDIA_TYPE: &str = "application/linkset+json";

/// Whether an `Accept` header names `application/linkset+json`, with a quality over 0. Ranges (`*/*`,
/// `application/*`) do not name it: browsers send them, and want to be redirected. An element with a malformed
/// quality is skipped.
///
/// Source: GS1-Conformant Resolver 1.2.1, 2.10; RFC 9110, 12.5.1.
///
/// ```
/// use dpp_core::resolver::wants_linkset;
///
/// assert!(wants_linkset(Some(b"application/linkset+json, */*;q=0.1")));
/// assert!(!wants_linkset(Some(b"text/html, */*;q=0.8")));
/// assert!(!wants_linkset(None));
/// ```
pub fn wants_linkset(accept: Option<&[u8]>) -> bool {
    let accept = accept.unwrap_or_default();
    split_unquoted(accept, b',').any(|element| names_linkset(element).unwrap_or(false))
}

fn names_linkset(element: &[u8]) -> Option<bool> {
    // Most elements are something else, and go at a glance.
    let element = element.trim_ascii_start();
    let head = element.get(..LINKSET_MEDIA_TYPE.len())?;
    if !head.eq_ignore_ascii_case(LINKSET_MEDIA_TYPE.as_bytes()) {
        return None;
    }
    let mut parts = split_unquoted(element, b';').map(<[u8]>::trim_ascii);
    if parts.next()?.len() != head.len() {
        return None;
    }
    let texts = parts.filter_map(|part| std::str::from_utf8(part).ok());
    let mut qualities = texts.filter_map(quality::of_parameter);
    let quality = qualities.next().unwrap_or(Some(quality::FULL))?;
    Some(quality > 0)
}

/// The parts between separators that do not stand in a quoted string: RFC 9110, 5.6.4.
fn split_unquoted(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |&byte| {
        let separates = byte == separator && !quoted;
        quoted ^= byte == b'"' && !escaped;
        escaped = quoted && byte == b'\\' && !escaped;
        separates
    })
}
