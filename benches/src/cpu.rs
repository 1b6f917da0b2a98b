//! Measuring by the time that the processor worked, which others on the machine do not lengthen.

use std::fs;
use std::time::Duration;

use criterion::measurement::{Measurement, ValueFormatter, WallTime};

/// The processor's time of the thread that measures, as Linux tells it; elsewhere, nothing. It
/// is exact to some milliseconds: measure many rounds together.
#[derive(Debug, Clone, Copy, Default)]
pub struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        worked()
    }

    fn end(&self, start: Duration) -> Duration {
        // No sample may have taken no time.
        worked().saturating_sub(start).max(Duration::from_nanos(1))
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        const WALL: &WallTime = &WallTime;
        WALL.formatter()
    }
}

fn worked() -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = told.split(' ').next().and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_default())
}
