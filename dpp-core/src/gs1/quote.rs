//! Input as error messages show it.

use std::fmt::Write as _;

const MOST_CHARACTERS: usize = 200;

/// The input with its control characters escaped, cut after 200 characters: it comes from anybody, and a
/// message ends up in logs.
pub(crate) fn quote(input: &str) -> String {
    let mut shown = String::with_capacity(input.len().min(MOST_CHARACTERS));
    for character in input.chars().take(MOST_CHARACTERS) {
        push(&mut shown, character);
    }
    if input.chars().nth(MOST_CHARACTERS).is_some() {
        shown.push('…');
    }
    shown
}

fn push(shown: &mut String, character: char) {
    if character.is_control() {
        // Writing to a `String` cannot fail.
        let _ = write!(shown, "{}", character.escape_unicode());
    } else {
        shown.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(quote("a\nb\u{1b}"), "a\\u{a}b\\u{1b}");
    }

    #[test]
    fn long_input_is_cut() {
        assert_eq!(quote(&"é".repeat(200)), "é".repeat(200));
        assert_eq!(quote(&"é".repeat(201)), format!("{}…", "é".repeat(200)));
    }
}
