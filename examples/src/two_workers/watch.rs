//! Looking on from outside: what the log tells while the workers work, and the kill.

use std::time::{Duration, Instant};

use dpp_core::Timestamp;
use dpp_core::store::log::WorkerName;

use super::bars::Bars;
use super::children::Pair;
use super::report::Report;
use super::trail::{Hold, Trail};
use super::{TwoWorkersError, shown};
use crate::database::Store;
use crate::now;
use crate::show::{count, duration};

/// How often to look.
const EVERY: Duration = Duration::from_millis(25);

/// How long nothing may go on.
const PATIENCE: Duration = Duration::from_secs(60);

/// Both workers, and what is seen of them.
pub(super) struct Watch<'a, 'b> {
    store: &'a Store,
    pair: Pair,
    bars: Bars,
    trail: Trail,
    units: u32,
    report: &'a mut Report<'b>,
}

/// What was seen.
pub(super) struct Seen {
    pub(super) trail: Trail,
    pub(super) killed: WorkerName,
    pub(super) made_before: u32,
    pub(super) takeover: Duration,
    workers: [WorkerName; 2],
}

impl Seen {
    pub(super) fn cycles(&self) -> Vec<(WorkerName, u32)> {
        let both = self.workers.iter();
        both.map(|worker| (worker.clone(), self.trail.made_by(worker).1))
            .collect()
    }
}

impl<'a, 'b> Watch<'a, 'b> {
    pub(super) fn of(
        store: &'a Store,
        pair: Pair,
        trail: Trail,
        units: u32,
        report: &'a mut Report<'b>,
    ) -> Self {
        Self {
            store,
            bars: report.bars(units, pair.names()),
            pair,
            trail,
            units,
            report,
        }
    }

    /// Kills the worker that holds the job when a third of it is made, and waits until it is
    /// over.
    pub(super) async fn follow(mut self) -> Result<Seen, TwoWorkersError> {
        self.until(|trail| !trail.holds().is_empty()).await?;
        let first = self.holder()?;
        self.tell(&format!("{} took the job", shown(&first.worker)))?;

        let third = self.units / 3;
        self.until(|trail| trail.made() >= third).await?;
        let killed = self.holder()?.worker;
        if self.trail.is_over() {
            return Err(TwoWorkersError::TooFast);
        }
        self.pair.kill(&killed)?;
        let killed_at = now();
        self.bars.killed(&killed);
        self.tell_of_the_kill(&killed)?;

        let taken = |trail: &Trail| taken_over(trail, &killed).is_some();
        self.until(|trail| trail.is_over() || taken(trail)).await?;
        let by = taken_over(&self.trail, &killed).cloned();
        let by = by.ok_or(TwoWorkersError::TooFast)?;
        let takeover = by.at.since(killed_at);
        self.tell_of_the_takeover(&by, killed_at)?;

        self.until(Trail::is_over).await?;
        self.tell(&format!("{} ended it", shown(&by.worker)))?;
        Ok(Seen {
            workers: self.pair.names(),
            trail: self.trail,
            killed,
            made_before: by.before,
            takeover,
        })
    }

    /// Looks on until something is so.
    async fn until(&mut self, is_so: impl Fn(&Trail) -> bool) -> Result<(), TwoWorkersError> {
        let mut last = Instant::now();
        loop {
            if self.trail.read_on().await? {
                last = Instant::now();
            }
            self.bars.show(&self.trail);
            if is_so(&self.trail) {
                return Ok(());
            }
            self.pair.check()?;
            if last.elapsed() > PATIENCE {
                return Err(TwoWorkersError::Stuck(PATIENCE));
            }
            self.store.pause(EVERY).await;
        }
    }

    fn holder(&self) -> Result<Hold, TwoWorkersError> {
        let last = self.trail.holds().last();
        last.cloned().ok_or(TwoWorkersError::TooFast)
    }

    fn tell(&mut self, what: &str) -> Result<(), TwoWorkersError> {
        let report = &mut *self.report;
        Ok(self.bars.above(|| report.done(what))?)
    }

    fn tell_of_the_kill(&mut self, killed: &WorkerName) -> Result<(), TwoWorkersError> {
        self.bars.show(&self.trail);
        let made = count(self.trail.made().into(), "unit", "units");
        self.tell(&format!("{} was killed after {made}", shown(killed)))
    }

    fn tell_of_the_takeover(
        &mut self,
        by: &Hold,
        killed_at: Timestamp,
    ) -> Result<(), TwoWorkersError> {
        let (worker, time) = (shown(&by.worker), duration(by.at.since(killed_at)));
        let why = "when the lease had run out";
        self.tell(&format!("{worker} took the job over {time} later, {why}"))
    }
}

/// The hold of another after the last of the one that was killed.
fn taken_over<'t>(trail: &'t Trail, killed: &WorkerName) -> Option<&'t Hold> {
    let last = trail.holds().last();
    last.filter(|hold| hold.worker != *killed)
}
