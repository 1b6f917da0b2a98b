//! Time as an argument: milliseconds since 1970 in UTC. Nothing here reads a clock.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

/// A moment in UTC, to the millisecond.
///
/// Text is RFC 3339 with three decimals and `Z`, for example `2027-02-18T09:30:00.000Z`.
///
/// ```
/// use dpp_core::Timestamp;
///
/// let at: Timestamp = "2027-02-18T10:30:00+01:00".parse()?;
/// assert_eq!(at.to_string(), "2027-02-18T09:30:00.000Z");
/// # Ok::<(), dpp_core::TimestampError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(DateTime<Utc>);

/// Why a text is not a moment. Pass RFC 3339 between the years 0 and 9999.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{input}` is not a time in RFC 3339: {reason}")]
pub struct TimestampError {
    /// What was given.
    pub input: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Timestamp {
    /// The moment so many milliseconds after 1970-01-01 in UTC; what lies outside the years
    /// that can be written becomes the nearest that can.
    pub fn from_unix_millis(millis: i64) -> Self {
        const FIRST: i64 = -62_167_219_200_000;
        const LAST: i64 = 253_402_300_799_999;
        let millis = millis.clamp(FIRST, LAST);
        Self(DateTime::from_timestamp_millis(millis).unwrap_or_default())
    }

    /// Milliseconds since 1970-01-01 in UTC.
    pub fn unix_millis(self) -> i64 {
        self.0.timestamp_millis()
    }

    /// This moment and so much later, at most the last that can be written.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self::from_unix_millis(self.unix_millis().saturating_add(millis))
    }

    /// How much later this is than `earlier`; zero when it is not later.
    pub fn since(self, earlier: Self) -> Duration {
        let millis = self.unix_millis().saturating_sub(earlier.unix_millis());
        Duration::from_millis(u64::try_from(millis).unwrap_or(0))
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        Self::from_unix_millis(at.timestamp_millis())
    }
}

impl From<std::time::SystemTime> for Timestamp {
    /// A host's clock reading, cut to the millisecond; before 1970 it is 1970.
    fn from(at: std::time::SystemTime) -> Self {
        let since = at
            .duration_since(std::time::SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        Self::from_unix_millis(0).after(since)
    }
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(at: Timestamp) -> Self {
        at.0
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        DateTime::parse_from_rfc3339(text)
            .map(|at| Self::from(at.with_timezone(&Utc)))
            .map_err(|error| TimestampError {
                input: text.to_owned(),
                reason: error.to_string(),
            })
    }
}

impl TryFrom<String> for Timestamp {
    type Error = TimestampError;

    fn try_from(text: String) -> Result<Self, TimestampError> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(at: Timestamp) -> Self {
        at.to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
