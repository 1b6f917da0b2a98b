//! Styles that load nothing: `style` attributes, style sheets, and attributes with values as in
//! CSS.
//!
//! What loads in CSS is an at-rule or a function (`url`, `image-set`, ...), whose name can be
//! spelled with escapes. So there are no at-rules and no escapes, and functions are those for
//! colours and transforms, and `url` of a fragment.

use super::LogoError;
use super::error::cut;

const FUNCTIONS: [&str; 13] = [
    "rgb",
    "rgba",
    "hsl",
    "hsla",
    "matrix",
    "translate",
    "translatex",
    "translatey",
    "scale",
    "rotate",
    "skewx",
    "skewy",
    "calc",
];

pub(super) fn check(style: &str) -> Result<(), LogoError> {
    if let Some(found) = style.find(['@', '\\']) {
        return Err(not_allowed(style.get(found..).unwrap_or_default()));
    }
    let mut rest = style;
    while let Some((before, after)) = rest.split_once('(') {
        check_function(before, after)?;
        rest = after;
    }
    Ok(())
}

fn check_function(before: &str, after: &str) -> Result<(), LogoError> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let name = before.rfind(|c| !is_name(c)).map_or(before, |end| {
        before
            .get(end..)
            .map_or("", |name| name.trim_start_matches(|c| !is_name(c)))
    });
    match name.to_ascii_lowercase().as_str() {
        "url" => check_url(after),
        name if FUNCTIONS.contains(&name) => Ok(()),
        name => Err(not_allowed(&format!("{name}("))),
    }
}

fn check_url(after: &str) -> Result<(), LogoError> {
    let url = after.split(')').next().unwrap_or_default();
    let url = url.trim_matches(|c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\''));
    match url.strip_prefix('#') {
        Some(_) => Ok(()),
        None => Err(LogoError::External {
            reference: cut(url),
        }),
    }
}

fn not_allowed(found: &str) -> LogoError {
    let end = found.find(|c: char| c.is_whitespace() || matches!(c, ';' | '{'));
    LogoError::Style {
        found: cut(found.get(..end.unwrap_or(found.len())).unwrap_or_default()),
    }
}
