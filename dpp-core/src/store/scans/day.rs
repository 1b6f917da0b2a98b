//! Days in UTC, as scans are counted by them.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};

use crate::serde_text::serde_as_text;
use crate::time::Timestamp;

/// A day in UTC between the years 0 and 9999.
///
/// Text is that of ISO 8601, for example `2027-02-18`.
///
/// ```
/// use dpp_core::Timestamp;
/// use dpp_core::store::ScanDay;
///
/// let at: Timestamp = "2027-02-18T00:30:00+01:00".parse()?;
/// let day = ScanDay::of(at);
/// assert_eq!(day.to_string(), "2027-02-17");
/// assert_eq!(day.before(90).to_string(), "2026-11-19");
/// # Ok::<(), dpp_core::TimestampError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScanDay(NaiveDate);

/// Why a text is no day. Pass year, month and day as `2027-02-18`, between the years 0 and 9999.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no day such as `2027-02-18`")]
pub struct ScanDayError(String);

/// The number that chrono gives to 1970-01-01.
const EPOCH: i32 = 719_163;

impl ScanDay {
    /// The first day that there is.
    pub const FIRST: Self = Self::fixed(0, 1, 1);

    /// The last day that there is.
    pub const LAST: Self = Self::fixed(9999, 12, 31);

    const fn fixed(year: i32, month: u32, day: u32) -> Self {
        match NaiveDate::from_ymd_opt(year, month, day) {
            Some(date) => Self(date),
            None => Self(NaiveDate::MIN),
        }
    }

    fn nearest(date: Option<NaiveDate>, otherwise: Self) -> Self {
        let day = date.map_or(otherwise, Self);
        day.clamp(Self::FIRST, Self::LAST)
    }

    /// The day of a moment.
    pub fn of(at: Timestamp) -> Self {
        Self(DateTime::<Utc>::from(at).date_naive())
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// [`ScanDayError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, ScanDayError> {
        let wrong = || ScanDayError(text.chars().take(32).collect());
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| wrong())?;
        let day = Self::nearest(Some(date), Self::FIRST);
        (day.to_string() == text).then_some(day).ok_or_else(wrong)
    }

    /// The day that is so many days after 1970-01-01; what lies outside becomes the nearest
    /// that there is.
    pub fn from_unix_days(days: i32) -> Self {
        let otherwise = if days < 0 { Self::FIRST } else { Self::LAST };
        let date = days
            .checked_add(EPOCH)
            .and_then(NaiveDate::from_num_days_from_ce_opt);
        Self::nearest(date, otherwise)
    }

    /// How many days it is after 1970-01-01.
    pub fn unix_days(self) -> i32 {
        self.0.num_days_from_ce() - EPOCH
    }

    /// So many days before, at least the first that there is: what a host that keeps scans for
    /// that long forgets before.
    #[must_use]
    pub fn before(self, days: u32) -> Self {
        Self::nearest(self.0.checked_sub_days(Days::new(days.into())), Self::FIRST)
    }

    /// The days of its month.
    pub fn month(self) -> ScanDays {
        let first = self.0.with_day(1);
        let next = first.and_then(|first| first.checked_add_months(Months::new(1)));
        ScanDays {
            first: Self::nearest(first, self),
            last: Self::nearest(next.and_then(|next| next.pred_opt()), self),
        }
    }
}

impl fmt::Display for ScanDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(date) = self;
        write!(
            f,
            "{:04}-{:02}-{:02}",
            date.year(),
            date.month(),
            date.day()
        )
    }
}

impl fmt::Debug for ScanDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ScanDay {
    type Err = ScanDayError;

    fn from_str(text: &str) -> Result<Self, ScanDayError> {
        Self::parse(text)
    }
}

serde_as_text!(ScanDay, "a day such as `2027-02-18`");

/// The days from the first to the last, both included; none if the last is before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ScanDays {
    /// The first.
    pub first: ScanDay,
    /// The last.
    pub last: ScanDay,
}

impl ScanDays {
    /// Every day that there is.
    pub const ALL: Self = Self {
        first: ScanDay::FIRST,
        last: ScanDay::LAST,
    };

    /// Whether a day is one of them.
    pub fn contains(&self, day: ScanDay) -> bool {
        self.first <= day && day <= self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> ScanDay {
        ScanDay::parse(text).unwrap()
    }

    #[test]
    fn a_day_is_read_and_written_in_one_form_only() {
        for text in ["2027-02-18", "2028-02-29", "0000-01-01", "9999-12-31"] {
            assert_eq!(day(text).to_string(), text);
        }
        for text in [
            "",
            "2027-2-18",
            "2027-02-30",
            "2027-02-18T00:00:00Z",
            " 2027-02-18",
            "+2027-02-18",
            "10000-01-01",
            "-0001-12-31",
            "20270218",
        ] {
            assert!(ScanDay::parse(text).is_err(), "`{text}`");
        }
    }

    #[test]
    fn a_day_ends_with_its_last_millisecond() {
        let of = |text: &str| ScanDay::of(text.parse().unwrap()).to_string();
        assert_eq!(of("2027-02-18T23:59:59.999Z"), "2027-02-18");
        assert_eq!(of("2027-02-19T00:00:00Z"), "2027-02-19");
        assert_eq!(of("1969-12-31T23:59:59.999Z"), "1969-12-31");
        let [first, last] = [i64::MIN, i64::MAX].map(Timestamp::from_unix_millis);
        assert_eq!(ScanDay::of(first), ScanDay::FIRST);
        assert_eq!(ScanDay::of(last), ScanDay::LAST);
    }

    #[test]
    fn days_are_counted_from_1970_and_never_leave_what_there_is() {
        for (text, days) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2027-02-18", 20_867),
            ("0000-01-01", -719_528),
            ("9999-12-31", 2_932_896),
        ] {
            assert_eq!(day(text).unix_days(), days);
            assert_eq!(ScanDay::from_unix_days(days), day(text));
        }
        assert_eq!(ScanDay::from_unix_days(i32::MAX), ScanDay::LAST);
        assert_eq!(ScanDay::from_unix_days(i32::MIN), ScanDay::FIRST);
        assert_eq!(day("2027-03-01").before(1), day("2027-02-28"));
        assert_eq!(day("2027-03-01").before(u32::MAX), ScanDay::FIRST);
    }

    #[test]
    fn a_month_has_its_own_days() {
        for (of, first, last) in [
            ("2028-02-18", "2028-02-01", "2028-02-29"),
            ("2027-12-31", "2027-12-01", "2027-12-31"),
            ("0000-01-01", "0000-01-01", "0000-01-31"),
            ("9999-12-05", "9999-12-01", "9999-12-31"),
        ] {
            let month = day(of).month();
            assert_eq!((month.first, month.last), (day(first), day(last)));
        }
    }
}
