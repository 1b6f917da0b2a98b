//! What goes on beside one another: requests, workers, downloads, and the end of exports.

use std::sync::{Arc, Mutex};

use dpp_core::export::{ExportRejection, PackFile, PackNumber, Sha256Digest, Slice};
use dpp_core::service::{ExportAnswer, ExportError, ExportRequest, ExportService, HeldExport};
use dpp_core::store::log::PageLimit;
use dpp_core::{ExportId, WorkerName};
use fastrand::Rng;

use super::outcome::{Happened, Tally};
use super::plan::request;
use crate::support::*;
use crate::world::{Clock, pause};

/// What was answered, and is to be true.
#[derive(Default)]
pub struct Told {
    pub answers: Vec<(ExportRequest, ExportAnswer)>,
    pub completed: Vec<(ExportId, PackNumber)>,
    pub downloads: usize,
}

/// What every task needs.
#[derive(Clone)]
pub struct Actor {
    pub exports: ExportService,
    pub clock: Clock,
    pub told: Arc<Mutex<Told>>,
    pub tally: Arc<Tally>,
    pub random: Rng,
}

impl Actor {
    fn note(&self, happened: Happened) {
        self.tally.note(happened);
    }

    /// Asks for something until there is an answer.
    pub async fn request(mut self) {
        let request = request(&mut self.random);
        let caller = owner(brand(1));
        loop {
            let answer = self.exports.request(&caller, &request, self.clock.now());
            match answer.await {
                Ok(answer) => {
                    self.note(match answer.is_duplicate {
                        true => Happened::Repeated,
                        false => Happened::Requested,
                    });
                    return self.told.lock().unwrap().answers.push((request, answer));
                }
                Err(ExportError::Rejected { rejection, .. }) => {
                    let locked = matches!(rejection, ExportRejection::Locked { .. });
                    assert!(locked, "{rejection}");
                    self.note(Happened::RefusedRequest);
                }
                Err(_) => self.note(Happened::Error),
            }
            pause().await;
        }
    }

    /// Takes exports and makes their packs, for ever; some of them because somebody wants just
    /// this one now.
    pub async fn work(mut self, name: WorkerName, plan: Making) {
        loop {
            let held = match self.random.f64() < plan.wanted {
                true => self.hold_one(&name).await,
                false => self.exports.take(&name, self.clock.now()).await,
            };
            match held {
                Ok(Some(held)) => {
                    self.note(Happened::Taken);
                    self.make(held, plan).await;
                }
                Ok(None) => pause().await,
                Err(ExportError::Rejected { .. }) => self.note(Happened::RefusedHold),
                Err(_) => self.note(Happened::Error),
            }
            pause().await;
        }
    }

    async fn hold_one(&mut self, name: &WorkerName) -> Result<Option<HeldExport>, ExportError> {
        let Some(id) = self.one_of_these() else {
            return Ok(None);
        };
        let (caller, now) = (owner(brand(1)), self.clock.now());
        let held = self.exports.hold(&caller, brand(1), id, name, now);
        held.await.map(Some)
    }

    /// One that was asked for.
    fn one_of_these(&mut self) -> Option<ExportId> {
        let told = self.told.lock().unwrap();
        let (_, answer) = self.random.choice(&told.answers)?;
        Some(answer.export_id)
    }

    /// Makes packs until the export is completed, lost or let go.
    pub async fn make(&mut self, mut held: HeldExport, plan: Making) {
        while !held.export().is_completed() {
            let now = self.clock.now();
            let slice = match self.exports.start_pack(&mut held, now).await {
                Ok(slice) => slice,
                Err(error) => return self.lost(&error),
            };
            for _ in 0..self.random.usize(..=plan.slow) {
                pause().await;
            }
            if self.random.f64() < plan.fail {
                return self.fail(held, &slice).await;
            }
            match self.complete(&mut held, &slice).await {
                Ok(()) => {}
                // Whether the pack was noted is open: the next one that is begun tells.
                Err(ExportError::Journal(_)) if self.random.bool() => {
                    self.note(Happened::Error);
                }
                Err(error) => return self.lost(&error),
            }
            if self.random.f64() < plan.fail / 4.0 {
                return self.release(held).await;
            }
        }
    }

    fn lost(&self, error: &ExportError) {
        match error {
            ExportError::Rejected { .. } => self.note(Happened::LostHold),
            _ => self.note(Happened::Error),
        }
    }

    async fn complete(&self, held: &mut HeldExport, slice: &Slice) -> Result<(), ExportError> {
        let (pack, now) = (slice.number(), self.clock.now());
        let id = held.id();
        let completed = self.exports.complete_pack(held, pack, file(slice), now);
        completed.await?;
        self.note(Happened::PackMade);
        self.told.lock().unwrap().completed.push((id, pack));
        Ok(())
    }

    async fn fail(&self, held: HeldExport, slice: &Slice) {
        let (reason, now) = ("the disk is full".to_owned(), self.clock.now());
        let failed = self.exports.fail_pack(held, slice.number(), reason, now);
        match failed.await {
            Ok(()) => self.note(Happened::PackFailed),
            Err(error) => self.lost(&error),
        }
    }

    async fn release(&self, held: HeldExport) {
        match self.exports.release(held, self.clock.now()).await {
            Ok(()) => self.note(Happened::Released),
            Err(error) => self.lost(&error),
        }
    }

    /// Downloads packs of what was asked for, now and then.
    pub async fn download(mut self) {
        let caller = owner(brand(1));
        loop {
            for _ in 0..self.random.usize(1..30) {
                pause().await;
            }
            let Some(id) = self.one_of_these() else {
                continue;
            };
            let (pack, now) = (PackNumber::FIRST, self.clock.now());
            match self
                .exports
                .download(&caller, brand(1), id, pack, now)
                .await
            {
                Ok(download) => {
                    assert!(now < download.until);
                    self.told.lock().unwrap().downloads += 1;
                    self.note(Happened::Downloaded);
                }
                Err(ExportError::Rejected { .. }) => self.note(Happened::RefusedDownload),
                Err(_) => self.note(Happened::Error),
            }
        }
    }

    /// Ends what is past its time, now and then.
    pub async fn sweep(mut self) {
        loop {
            self.sweep_once().await;
            for _ in 0..self.random.usize(1..60) {
                pause().await;
            }
        }
    }

    pub async fn sweep_once(&self) {
        let now = self.clock.now();
        let sweeper = WorkerName::parse("sweeper").unwrap();
        let Ok(due) = self.exports.expiring(now, PageLimit::MAX).await else {
            return self.note(Happened::Error);
        };
        for due in due.exports {
            let (of, id) = (due.brand, due.export);
            let expired = self.exports.expire(&sweeper, of, id, now).await;
            let noted = match expired {
                Ok(()) => self.exports.note_files_removed(&sweeper, of, id, now).await,
                Err(error) => Err(error),
            };
            match noted {
                Ok(()) => self.note(Happened::Expired),
                Err(ExportError::Rejected { rejection, .. }) => panic!("{rejection}"),
                Err(_) => self.note(Happened::Error),
            }
        }
    }
}

/// How a worker makes packs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Making {
    pub wanted: f64,
    pub fail: f64,
    pub slow: usize,
}

pub fn file(slice: &Slice) -> PackFile {
    PackFile {
        path: format!("pack-{}.csv", slice.number()).parse().unwrap(),
        bytes: 1,
        rows: slice.rows(),
        sha256: Sha256Digest::from_bytes([1; 32]),
    }
}
