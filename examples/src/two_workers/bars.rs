//! A live bar for each of the two workers.

use std::io;

use dpp_core::store::log::WorkerName;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::trail::Trail;
use crate::progress::CHARS;

/// How a worker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waits,
    Works,
    Killed,
    Ended,
}

/// Two bars on standard error, which stay there at the end. They are not drawn where that is no
/// terminal.
pub(super) struct Bars {
    both: MultiProgress,
    bars: [(WorkerName, ProgressBar); 2],
    killed: Option<WorkerName>,
}

impl Bars {
    pub(super) fn of(units: u32, workers: [WorkerName; 2]) -> Self {
        Self::on(ProgressDrawTarget::stderr(), units, workers)
    }

    pub(super) fn hidden(units: u32, workers: [WorkerName; 2]) -> Self {
        Self::on(ProgressDrawTarget::hidden(), units, workers)
    }

    fn on(target: ProgressDrawTarget, units: u32, workers: [WorkerName; 2]) -> Self {
        let both = MultiProgress::with_draw_target(target);
        let bars = workers.map(|worker| {
            let bar = both.add(ProgressBar::new(units.into()));
            bar.set_prefix(super::shown(&worker));
            (worker, bar)
        });
        let bars = Self {
            both,
            bars,
            killed: None,
        };
        bars.each(|_| State::Waits);
        bars
    }

    /// Writes lines above them.
    pub(super) fn above(&self, write: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        self.both.suspend(write)
    }

    pub(super) fn killed(&mut self, worker: &WorkerName) {
        self.killed = Some(worker.clone());
    }

    pub(super) fn show(&self, trail: &Trail) {
        let holder = trail.holds().last().map(|hold| &hold.worker);
        self.each(|worker| match (self.killed.as_ref(), holder) {
            (Some(killed), _) if killed == worker => State::Killed,
            (_, Some(holder)) if holder == worker && trail.is_over() => State::Ended,
            (_, Some(holder)) if holder == worker => State::Works,
            _ => State::Waits,
        });
        for (worker, bar) in &self.bars {
            bar.set_position(trail.made_by(worker).0.into());
        }
    }

    fn each(&self, state: impl Fn(&WorkerName) -> State) {
        for (worker, bar) in &self.bars {
            let (color, message) = match state(worker) {
                State::Waits => ("cyan", "waits for a job"),
                State::Works => ("cyan", "works"),
                State::Killed => ("red", "killed"),
                State::Ended => ("cyan", "has ended the job"),
            };
            bar.set_style(style(color));
            bar.set_message(message);
        }
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        for (_, bar) in &self.bars {
            bar.abandon();
        }
    }
}

fn style(color: &str) -> ProgressStyle {
    let template = format!("  {{prefix}}  {{bar:40.{color}/dim}} {{human_pos:>9}} units  {{msg}}");
    let style = ProgressStyle::with_template(&template);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    style.progress_chars(CHARS)
}
