//! Names of schemas.

use std::fmt;

/// The schema that the store's tables are in: 1 to 63 characters of `a-z`, `0-9` and `_`, the
/// first no digit. `dpp` unless another is named.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SchemaName(String);

/// A text is no name of a schema. Take 1 to 63 characters of `a-z`, `0-9` and `_`, the first no
/// digit, and not beginning with `pg_`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no name of a schema: 1 to 63 of a-z, 0-9 and _, the first no digit, not pg_...")]
pub struct SchemaNameError(String);

impl SchemaName {
    /// The name.
    ///
    /// # Errors
    /// [`SchemaNameError`] when it is none.
    pub fn parse(text: &str) -> Result<Self, SchemaNameError> {
        let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        let begins_well = text
            .bytes()
            .next()
            .is_some_and(|byte| !byte.is_ascii_digit());
        let is_name =
            begins_well && text.len() <= 63 && text.bytes().all(plain) && !text.starts_with("pg_");
        match is_name {
            true => Ok(Self(text.to_owned())),
            false => Err(SchemaNameError(text.to_owned())),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for SchemaName {
    fn default() -> Self {
        Self("dpp".to_owned())
    }
}

impl fmt::Display for SchemaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
