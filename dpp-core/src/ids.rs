//! The ids of everything that has one. Each is a UUID in a type of its own, so that a
//! product's id cannot be passed where a batch's is meant.
//!
//! Text is the hyphenated lower-case form; parsing takes either case, and no other form.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;
use uuid::fmt::Hyphenated;

use crate::serde_text::serde_as_text;

/// Why a text is not an id. Pass the hyphenated form of a UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{input}` is not {kind}: {reason}")]
pub struct IdError {
    /// Which id was expected, with its article.
    pub kind: &'static str,
    /// What was given.
    pub input: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Reads the hyphenated form and no other: neither bare hexadecimal digits, nor braces, nor
/// `urn:uuid:`.
pub(crate) fn parse_hyphenated(text: &str, kind: &'static str) -> Result<Uuid, IdError> {
    let parsed = text.parse::<Hyphenated>();
    parsed.map(Hyphenated::into_uuid).map_err(|error| IdError {
        kind,
        input: text.to_owned(),
        reason: error.to_string(),
    })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident, $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The id with this UUID.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID.
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }

            /// Reads the hyphenated form.
            ///
            /// # Errors
            /// [`IdError`] when the text is not a UUID, or one in another form.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_hyphenated(text, $kind).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        serde_as_text!($name, $kind);
    )*};
}

ids! {
    /// A brand: the tenant. Everything belongs to exactly one.
    BrandId, "a brand id";
    /// A product of a brand's catalogue.
    ProductId, "a product id";
    /// An ERP production run of a product.
    ProductBatchId, "a production batch id";
    /// An export of a batch in one format.
    ExportId, "an export id";
    /// A person or program that acts for a brand.
    UserId, "a user id";
    /// One event of the log.
    EventId, "an event id";
    /// One commit to the log; repeating it settles a lost answer.
    CommitId, "a commit id";
    /// Ties together the events that one request caused.
    CorrelationId, "a correlation id";
}
