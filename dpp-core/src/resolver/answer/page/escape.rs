//! Texts as they may stand in markup.

use std::fmt::{self, Write as _};

/// A text for the content of an element, or the quoted value of an attribute.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                _ if character.is_control() => f.write_char(' ')?,
                _ if reorders(character) || is_noncharacter(character) => {}
                _ => f.write_char(character)?,
            }
        }
        Ok(())
    }
}

/// The bidi controls that reach beyond the text they stand in. The marks (U+200E, U+200F, U+061C) do not, and
/// Hebrew and Arabic texts need them.
const fn reorders(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

const fn is_noncharacter(character: char) -> bool {
    matches!(character, '\u{FDD0}'..='\u{FDEF}') || character as u32 & 0xFFFE == 0xFFFE
}

/// Whether a text is an address on the web: `http://` or `https://`, in any case, and then visible ASCII.
pub(super) fn is_web_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let is_web = ["http", "https"].map(|web| scheme.eq_ignore_ascii_case(web));
    is_web.contains(&true)
        && rest.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '[')
        && rest.bytes().all(|byte| byte.is_ascii_graphic())
}
