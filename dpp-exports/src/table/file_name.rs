//! What the file of a pack is called.

use dpp_core::export::{ExportFormat, PackNumber, ProfileName};
use dpp_core::identity::MintBatchId;

const BATCH: &str = "{batch}";
const PACK: &str = "{pack}";
const FORMAT: &str = "{format}";
const PROFILE: &str = "{profile}";

/// The most bytes of a name.
const MAX_NAME: usize = 100;

/// How long what stands for `{batch}`, `{pack}` and `{format}` can be.
const LONGEST: [(&str, usize); 3] = [(BATCH, 36), (PACK, 10), (FORMAT, 13)];

/// How the files of packs are called: a text with `{pack}` (the number of the pack, at least
/// three digits), and perhaps `{batch}`, `{format}` and `{profile}`.
///
/// The names have at most 100 bytes of `A-Z a-z 0-9 - . _`, begin with a letter or digit, and
/// end with an extension. So they never leave the folder that they are in, are never hidden, and
/// mean the same in a file system, in an object store and in a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
// INVARIANT: no braces but those of placeholders.
pub(crate) struct FileName(String);

/// Why a text does not say how files are called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileNameError {
    /// A slash or backslash: files lie in the folder that the host chose. Leave it out.
    #[error("file name `{input}` leaves its folder")]
    LeavesFolder {
        /// What was given.
        input: String,
    },
    /// A character that names do not have. Write another one, such as `-`.
    #[error("file name `{input}` has `{}`: there may be `A-Z a-z 0-9 - . _`", found.escape_debug())]
    Character {
        /// The character.
        found: char,
        /// What was given.
        input: String,
    },
    /// Braces around something else than a placeholder. Write one of those that there are.
    #[error(
        "file name `{input}` has `{{{found}}}`: there are `{BATCH}`, `{PACK}`, `{FORMAT}` and \
         `{PROFILE}`"
    )]
    Placeholder {
        /// What stands between the braces.
        found: String,
        /// What was given.
        input: String,
    },
    /// The packs would have one name. Add `{pack}`.
    #[error(
        "file name `{input}` has no `{PACK}`, so that the files of two packs would have one name"
    )]
    NoPack {
        /// What was given.
        input: String,
    },
    /// The names would begin with something else than a letter or digit. Put one in front.
    #[error("file name `{input}` does not begin with a letter or digit")]
    Beginning {
        /// What was given.
        input: String,
    },
    /// The names would not end with an extension. Add one, such as `.csv`.
    #[error("file name `{input}` does not end with `.` and 1 to 8 letters or digits")]
    NoExtension {
        /// What was given.
        input: String,
    },
    /// A name could be longer than 100 bytes. Shorten it, or leave a placeholder out.
    #[error("file name `{input}` can become one of {bytes} bytes, and may have {MAX_NAME}")]
    TooLong {
        /// How many bytes the longest name has.
        bytes: usize,
        /// What was given.
        input: String,
    },
}

use FileNameError as Error;

impl FileName {
    /// Reads how the files of a profile are called.
    pub(crate) fn parse(text: &str, profile: &ProfileName) -> Result<Self, FileNameError> {
        check_characters(text)?;
        let input = text.to_owned();
        let longest = longest(text, profile);
        if !text.contains(PACK) {
            return Err(Error::NoPack { input });
        }
        if !longest.starts_with(|first: char| first.is_ascii_alphanumeric()) {
            return Err(Error::Beginning { input });
        }
        if !has_extension(text) {
            return Err(Error::NoExtension { input });
        }
        match longest.len() {
            0..=MAX_NAME => Ok(Self(input)),
            bytes => Err(Error::TooLong { bytes, input }),
        }
    }

    /// Without a profile.
    pub(super) fn of_format(format: ExportFormat) -> Self {
        Self(format!("{format}_{PACK}.csv"))
    }

    /// The same for one format and profile.
    pub(crate) fn of_profile(&self, format: ExportFormat, profile: &ProfileName) -> Self {
        let name = self.0.replace(FORMAT, format.as_str());
        Self(name.replace(PROFILE, profile.as_str()))
    }

    pub(super) fn of_pack(&self, batch: MintBatchId, pack: PackNumber) -> String {
        let number = format!("{:03}", pack.get());
        let name = self.0.replace(PACK, &number);
        name.replace(BATCH, &batch.to_string())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

fn check_characters(text: &str) -> Result<(), FileNameError> {
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once('{') {
        check_literal(before, text)?;
        let (found, after) = inside.split_once('}').unwrap_or((inside, ""));
        if !matches!(found, "batch" | "pack" | "format" | "profile") || !inside.contains('}') {
            return Err(Error::Placeholder {
                found: found.to_owned(),
                input: text.to_owned(),
            });
        }
        rest = after;
    }
    check_literal(rest, text)
}

fn check_literal(literal: &str, text: &str) -> Result<(), FileNameError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let input = text.to_owned();
    match literal.chars().find(|character| !allowed(*character)) {
        Some('/' | '\\') => Err(Error::LeavesFolder { input }),
        Some(found) => Err(Error::Character { found, input }),
        None => Ok(()),
    }
}

fn has_extension(text: &str) -> bool {
    let (_, extension) = text.rsplit_once('.').unwrap_or_default();
    let right = |byte: u8| byte.is_ascii_alphanumeric();
    (1..=8).contains(&extension.len()) && extension.bytes().all(right)
}

/// A name that is as long as one can be.
fn longest(text: &str, profile: &ProfileName) -> String {
    let name = text.replace(PROFILE, profile.as_str());
    let fill = |name: String, (placeholder, bytes)| name.replace(placeholder, &"x".repeat(bytes));
    LONGEST.into_iter().fold(name, fill)
}
