//! Why a text is not a Digital Link.

use crate::gs1::base::ResolverBaseErrorKind;
use crate::gs1::gtin::GtinError;
use crate::gs1::percent::PercentError;
use crate::gs1::quote::quote;
use crate::gs1::text::Cset82Error;

/// Why a text is not a [`DigitalLink`](super::DigitalLink). A resolver answers it with status 400.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {at} of `{input}`")]
pub struct DigitalLinkError {
    /// The byte of the input at which it goes wrong.
    pub at: usize,
    /// What is wrong there.
    pub kind: DigitalLinkErrorKind,
    pub(super) input: String,
}

/// What is wrong with a [`DigitalLink`](super::DigitalLink).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigitalLinkErrorKind {
    /// The link, as it is or in its normal form, is longer than [`MAX_LINK`](super::MAX_LINK). The caller can
    /// drop what its query carries along.
    #[error("more than {max} bytes")]
    TooLong {
        /// The most bytes.
        max: usize,
    },
    /// A character that no URI has: a space, a control character, one of ``< > { } \ ^ ` | "``, or anything
    /// outside ASCII. The caller can percent-encode it.
    #[error("`{}`, which no URI has,", quote(found.encode_utf8(&mut [0; 4])))]
    IllegalCharacter {
        /// The character.
        found: char,
    },
    /// What stands before `/01/` is not a [`ResolverBase`](crate::gs1::ResolverBase). The caller does as the
    /// kind says.
    #[error(transparent)]
    Base(#[from] ResolverBaseErrorKind),
    /// No path segment is `01`. The caller can try other meanings: it is no Digital Link, or one with another
    /// key, or a compressed one.
    #[error("no GTIN (`/01/`) in the path")]
    NoGtin,
    /// The GTIN is one of 8, 12 or 13 digits. The caller can pad it with zeros on the left to 14.
    #[error("a GTIN of {digits} digits (pad it with zeros on the left to 14)")]
    GtinNotPadded {
        /// How many digits it has.
        digits: usize,
    },
    /// The GTIN is none. The caller does as the error says.
    #[error("no GTIN: {0},")]
    Gtin(GtinError),
    /// A path segment is empty where an AI should stand. The caller can drop a slash.
    #[error("an empty path segment")]
    EmptySegment,
    /// An AI without a value, in path or query. The caller can drop the AI.
    #[error("no value for AI ({ai})")]
    NoValue {
        /// The AI.
        ai: String,
    },
    /// A path segment that is not made of digits stands where an AI should. The caller can write short names
    /// such as `ser`, which GS1 gave up, as AIs.
    #[error("`{segment}` instead of an AI")]
    NotAnAi {
        /// The segment.
        segment: String,
    },
    /// Digits that are no AI, in path or query. The caller can look for a mistyped AI, or give a parameter of its
    /// own a name with a letter in it.
    #[error("the unknown AI ({ai})")]
    UnknownAi {
        /// The digits.
        ai: String,
    },
    /// An AI in the path that does not qualify a GTIN. The caller can move a data attribute to the query.
    #[error("AI ({ai}), which does not qualify a GTIN,")]
    NotAQualifier {
        /// The AI.
        ai: String,
    },
    /// An AI comes after one that it has to precede. The caller can sort them: 22, 10, 21.
    #[error("AI ({ai}) after AI ({after})")]
    OutOfOrder {
        /// The AI that comes too late.
        ai: &'static str,
        /// The AI before it.
        after: &'static str,
    },
    /// AI (235) beside 22, 10 or 21 in the path. The caller has to decide whose serial it means.
    #[error("AI ({ai}) beside AI ({other})")]
    Exclusive {
        /// The second of the two.
        ai: &'static str,
        /// The first of the two.
        other: &'static str,
    },
    /// An AI stands there twice, in the path, the query, or one each. The caller can drop one if both have the
    /// same value.
    #[error("AI ({ai}) for the second time")]
    Duplicate {
        /// The AI.
        ai: String,
    },
    /// A value has a wrong percent escape. The caller can write a lone `%` as `%25`.
    #[error("a wrong escape: {0},")]
    Escape(PercentError),
    /// A qualifier's value is wrong. The caller does as the error says, whose byte counts in the decoded value.
    #[error("no value of its AI: {0},")]
    Value(Cset82Error),
    /// A qualifier of the GTIN stands in the query. The caller can move it to the path.
    #[error("AI ({ai}), which belongs in the path,")]
    QualifierInQuery {
        /// The AI.
        ai: String,
    },
    /// An AI in the query that is no data attribute of a GTIN. The caller has to drop it.
    #[error("AI ({ai}), which is no data attribute of a GTIN,")]
    NotAnAttribute {
        /// The AI.
        ai: String,
    },
    /// A data attribute's value has a character outside the GS1 character set 82. The caller can look for an
    /// unencoded `+`, which means a space in a query.
    #[error("a value of AI ({ai}) with `{}`, which is not in the GS1 character set 82,", quote(found.encode_utf8(&mut [0; 4])))]
    AttributeValue {
        /// The AI.
        ai: String,
        /// The character, decoded.
        found: char,
    },
}

/// Where and why reading stopped.
pub(super) type Refused = (usize, DigitalLinkErrorKind);

/// A wrong escape in a text that starts at `at`.
pub(super) fn wrong_escape(at: usize, error: PercentError) -> Refused {
    let error = error.shifted(at);
    (error.at(), DigitalLinkErrorKind::Escape(error))
}
