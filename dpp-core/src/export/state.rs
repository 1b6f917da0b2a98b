//! Where an export stands: the fold of its events.

use super::events::{ExportEvent, ExportFacts, ExportRequested, PackCompleted};
use super::pack::PackFile;
use super::pack::PackStatus;
use super::pack::{PackNumber, Slice, Slices};
use crate::actor::WorkerName;
use crate::reason::Reason;
use crate::time::Timestamp;

/// An export, with what a later decision needs of its past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// What was fixed when it was asked for.
    pub facts: ExportFacts,
    /// The files of the packs that are completed: the first ones, in order.
    pub completed: Vec<PackFile>,
    /// How the first pack stands that is not completed, if there is one.
    pub next: NextPack,
    /// Who holds it.
    pub lock: Option<ExportLock>,
    /// When its time is over, as things stand.
    pub expires_at: Timestamp,
    /// Whether that was noted: its files are to go, or are gone.
    pub expired: bool,
    /// Whether its files are gone.
    pub files_removed: bool,
}

/// How the first pack stands that is not completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextPack {
    /// It was not begun, or whoever began it stopped.
    Pending,
    /// The worker that holds the export makes it.
    Generating,
    /// It could not be made.
    Failed(Reason),
}

/// A worker's hold on an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportLock {
    /// The worker.
    pub worker: WorkerName,
    /// When it runs out.
    pub until: Timestamp,
}

impl ExportLock {
    /// Whether it has not run out.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

impl Export {
    /// Whether its files may still be made and downloaded.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        !self.expired && now < self.expires_at
    }

    /// Whether all of its packs are there, or were until it expired.
    pub fn is_completed(&self) -> bool {
        self.next_slice().is_none()
    }

    /// How many packs it has, completed or not.
    pub const fn packs(&self) -> u32 {
        Slices::count_of(self.facts.units)
    }

    /// The units of the first pack that is not completed: where to go on. None if all are.
    pub fn next_slice(&self) -> Option<Slice> {
        self.slice(PackNumber::after(self.completed_packs()))
    }

    /// The units of a pack; none if there is no such pack.
    pub fn slice(&self, pack: PackNumber) -> Option<Slice> {
        self.facts.slices().get(pack)
    }

    /// How many packs are completed.
    pub fn completed_packs(&self) -> u32 {
        u32::try_from(self.completed.len()).unwrap_or(u32::MAX)
    }

    /// The file of a pack, if it was completed. Of an expired export it is gone.
    pub fn file(&self, pack: PackNumber) -> Option<&PackFile> {
        self.completed.get(pack.before() as usize)
    }

    /// Where a pack stands; none if there is no such pack.
    pub fn pack_status(&self, pack: PackNumber) -> Option<PackStatus> {
        self.slice(pack)?;
        let is_next = pack.before() == self.completed_packs();
        Some(match (&self.next, self.file(pack)) {
            _ if self.expired => PackStatus::Expired,
            (_, Some(_)) => PackStatus::Completed,
            (NextPack::Generating, None) if is_next => PackStatus::Generating,
            (NextPack::Failed(_), None) if is_next => PackStatus::Failed,
            _ => PackStatus::Pending,
        })
    }

    /// The lock, if it has not run out.
    pub fn live_lock(&self, now: Timestamp) -> Option<&ExportLock> {
        self.lock.as_ref().filter(|lock| lock.is_live(now))
    }

    /// Whether this worker took it last and nobody since, be the lock run out or not.
    pub(super) fn is_held_by(&self, worker: &WorkerName) -> bool {
        let holder = self.lock.as_ref().map(|lock| &lock.worker);
        holder == Some(worker)
    }
}

/// The state after an event. Only a request begins an export; what a damaged log says besides
/// changes nothing.
#[must_use]
pub fn evolve(state: Option<Export>, event: &ExportEvent) -> Option<Export> {
    match (state, event) {
        (None, ExportEvent::Requested(event)) => Some(requested(event)),
        (None, _) => None,
        (Some(mut export), event) => {
            if belongs(&export, event) {
                apply(&mut export, event);
            }
            Some(export)
        }
    }
}

fn requested(event: &ExportRequested) -> Export {
    Export {
        facts: event.facts.clone(),
        completed: Vec::new(),
        next: NextPack::Pending,
        lock: None,
        expires_at: event.expires_at,
        expired: false,
        files_removed: false,
    }
}

/// What a damaged log says out of place must not change a completed pack, put one in before
/// its turn, nor bring back what expired.
fn belongs(export: &Export, event: &ExportEvent) -> bool {
    let is_next = |pack| {
        let next = export.next_slice();
        next.is_some_and(|next| next.number() == pack)
    };
    let is_made = |pack| is_next(pack) && export.next == NextPack::Generating;
    match event {
        ExportEvent::Requested(_) => false,
        ExportEvent::FilesRemoved(_) => export.expired,
        _ if export.expired => false,
        ExportEvent::Locked(_) => !export.is_completed(),
        ExportEvent::Unlocked(event) => export.is_held_by(&event.worker),
        ExportEvent::PackStarted(event) => is_next(event.pack) && export.is_held_by(&event.worker),
        ExportEvent::PackCompleted(event) => is_made(event.pack) && is_whole(export, event),
        ExportEvent::PackFailed(event) => is_made(event.pack),
        ExportEvent::Completed(_) => export.is_completed(),
        ExportEvent::Expired(_) | ExportEvent::Downloaded(_) => true,
    }
}

fn is_whole(export: &Export, event: &PackCompleted) -> bool {
    let slice = export.slice(event.pack);
    slice.is_some_and(|slice| slice.rows() == event.file.rows)
}

fn apply(export: &mut Export, event: &ExportEvent) {
    match event {
        ExportEvent::Requested(_) | ExportEvent::Downloaded(_) => {}
        ExportEvent::Locked(event) => lock(export, &event.worker, event.until),
        ExportEvent::Unlocked(_) => let_go(export),
        ExportEvent::PackStarted(event) => {
            lock(export, &event.worker, event.until);
            export.next = NextPack::Generating;
        }
        ExportEvent::PackCompleted(event) => {
            export.completed.push(event.file.clone());
            export.next = NextPack::Pending;
        }
        ExportEvent::PackFailed(event) => {
            let_go(export);
            export.next = NextPack::Failed(event.reason.clone());
        }
        ExportEvent::Completed(event) => {
            let_go(export);
            export.expires_at = event.expires_at;
        }
        ExportEvent::Expired(_) => {
            let_go(export);
            export.expired = true;
        }
        ExportEvent::FilesRemoved(_) => export.files_removed = true,
    }
}

fn lock(export: &mut Export, worker: &WorkerName, until: Timestamp) {
    if !export.is_held_by(worker) {
        let_go(export);
    }
    export.lock = Some(ExportLock {
        worker: worker.clone(),
        until,
    });
}

/// Nobody goes on with what another began.
fn let_go(export: &mut Export) {
    export.lock = None;
    if export.next == NextPack::Generating {
        export.next = NextPack::Pending;
    }
}
