//! How long an export rests after one of its packs could not be made.

use std::time::Duration;

/// How long an export rests after its first failure: 1 minute. Each further one in a row doubles
/// it.
pub const EXPORT_RETRY: Duration = Duration::from_secs(60);

/// The longest that an export rests, however often it failed: 1 hour.
pub const EXPORT_RETRY_MOST: Duration = Duration::from_secs(60 * 60);

/// How long an export rests after so many failures in a row: [`EXPORT_RETRY`] after the first,
/// twice as long after each further one, at most [`EXPORT_RETRY_MOST`]; not at all before the
/// first. No command is refused meanwhile: it is for whoever looks for exports to make.
#[must_use]
pub fn retry_delay(failures: u32) -> Duration {
    let Some(further) = failures.checked_sub(1) else {
        return Duration::ZERO;
    };
    let times = 2_u32.saturating_pow(further);
    EXPORT_RETRY.saturating_mul(times).min(EXPORT_RETRY_MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_in_a_row_doubles_the_rest_up_to_an_hour() {
        let minutes = |failures| retry_delay(failures).as_secs_f64() / 60.0;
        let expected = [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0];
        for (failures, expected) in (0..).zip(expected) {
            assert_eq!(minutes(failures), expected, "{failures}");
        }
        for failures in [32, 33, 64, u32::MAX] {
            assert_eq!(retry_delay(failures), EXPORT_RETRY_MOST, "{failures}");
        }
    }
}
