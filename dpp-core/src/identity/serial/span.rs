//! Between which texts the serials of a batch lie.

use super::allocation::{SerialAllocation, sequential};

/// The least and the greatest text that serials of one batch may have, byte by byte. Of
/// `numeric38` the one serial `0` is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialSpan {
    first: String,
    last: String,
}

impl SerialSpan {
    /// The least text, which need not be a serial.
    pub fn first(&self) -> &str {
        &self.first
    }

    /// The greatest text, which need not be a serial.
    pub fn last(&self) -> &str {
        &self.last
    }

    /// Whether there is room for serials that begin with this text. That there are such, this
    /// does not say.
    pub fn may_begin_with(&self, prefix: &str) -> bool {
        let first = self.first.as_bytes();
        let starts = first.get(..prefix.len()).unwrap_or(first);
        starts <= prefix.as_bytes() && prefix.as_bytes() <= self.last.as_bytes()
    }
}

impl SerialAllocation {
    /// Between which texts its serials lie; none if they are not derived.
    pub fn span(&self) -> Option<SerialSpan> {
        match self {
            Self::None | Self::Provided => None,
            Self::Randomised { block, tag_length } => {
                let first = String::from(*block);
                let rest = tag_length.get() + 4;
                let last = format!("{first}{}", "Z".repeat(usize::from(rest)));
                Some(SerialSpan { first, last })
            }
            Self::Sequential { format, ranges } => {
                let text = |number| sequential(format, number).map(|serial| serial.to_string());
                Some(SerialSpan {
                    first: text(ranges.as_slice().first()?.first)?,
                    last: text(ranges.end().checked_sub(1)?)?,
                })
            }
            // Serials without zeros in front, but for the one that is just `0`: it is too short to
            // be looked for, and for its sake every text that begins with a zero would be.
            Self::Numeric38 { .. } => Some(SerialSpan {
                first: "1".to_owned(),
                last: "999999999999".to_owned(),
            }),
        }
    }
}
