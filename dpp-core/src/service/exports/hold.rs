//! Holding an export, and noting what becomes of its packs.

use std::collections::HashSet;

use super::{ExportError, ExportService, decided};
use crate::access::{BrandScope, Caller, Write};
use crate::actor::WorkerName;
use crate::export::{
    Export, ExportCommand, ExportEvent, ExportRejection, PackFile, PackNumber, Slice, evolve,
};
use crate::ids::{BrandId, ExportId};
use crate::service::ATTEMPTS;
use crate::service::journal::{Draft, Folded, JournalError, export_stream};
use crate::store::log::{PageLimit, Version};
use crate::time::Timestamp;

/// An export that a worker holds, with where it stands as far as the worker knows.
///
/// Dropping it changes nothing in the log: [`release`](ExportService::release) it, or its lock
/// runs out.
#[derive(Debug, Clone)]
pub struct HeldExport {
    pub(super) scope: BrandScope<Write>,
    pub(super) id: ExportId,
    worker: WorkerName,
    folded: Folded<Export>,
}

impl HeldExport {
    /// The brand.
    pub const fn brand(&self) -> BrandId {
        self.scope.brand()
    }

    /// Its id.
    pub const fn id(&self) -> ExportId {
        self.id
    }

    /// The worker that holds it.
    pub const fn worker(&self) -> &WorkerName {
        &self.worker
    }

    /// Where it stands.
    pub const fn export(&self) -> &Export {
        &self.folded.state
    }
}

/// How many exports are looked at for one to take. To refuse those whose batch and format is
/// taken costs next to nothing.
const CANDIDATES: PageLimit = PageLimit::new(1_000);

impl ExportService {
    /// Takes the export that was asked for first, of all brands, among those that may be made
    /// now; none if there is none.
    ///
    /// One that cannot be taken does not keep those behind it back; what stopped it is told
    /// when there is no other.
    ///
    /// # Errors
    /// [`ExportError::Journal`] and [`ExportError::Reads`] when the log failed, or has what
    /// cannot be read. Call it again, after a while.
    pub async fn take(
        &self,
        worker: &WorkerName,
        now: Timestamp,
    ) -> Result<Option<HeldExport>, ExportError> {
        let due = self.store().runnable_exports(now, CANDIDATES).await?;
        let mut stopped = due.unreadable.into_iter().next().map(ExportError::from);
        let mut taken = HashSet::new();
        for due in due.exports {
            let siblings = (due.brand, due.batch, due.format);
            if taken.contains(&siblings) {
                continue;
            }
            let scope = BrandScope::of_worker(due.brand, worker.clone());
            match self.lock(scope, due.export, worker, now).await {
                Ok(held) => return Ok(Some(held)),
                Err(ExportError::Rejected { rejection, .. }) => {
                    if let ExportRejection::Locked { .. } = rejection {
                        taken.insert(siblings);
                    }
                }
                Err(error) => stopped = stopped.or(Some(error)),
            }
        }
        stopped.map_or(Ok(None), Err)
    }

    /// Takes one export for 10 minutes: free, or with a lock that ran out, or held under this
    /// worker's name. Whoever held it, or another of its batch and format, is too late from now
    /// on.
    ///
    /// # Errors
    /// [`ExportError`]: the caller may not, there is no such export, it is completed, its time
    /// is over, or another worker holds it; or a worker, be it this one, holds another export of
    /// the same batch and format.
    pub async fn hold(
        &self,
        caller: &Caller,
        brand: BrandId,
        export: ExportId,
        worker: &WorkerName,
        now: Timestamp,
    ) -> Result<HeldExport, ExportError> {
        let scope = caller.to_write(brand)?;
        self.lock(scope, export, worker, now).await
    }

    async fn lock(
        &self,
        scope: BrandScope<Write>,
        id: ExportId,
        worker: &WorkerName,
        now: Timestamp,
    ) -> Result<HeldExport, ExportError> {
        for _ in 0..ATTEMPTS {
            let folded = self.existing(scope.brand(), id).await?;
            let facts = &folded.state.facts;
            let siblings = self
                .siblings(scope.brand(), facts.mint_batch_id, facts.format, now)
                .await?;
            let command = ExportCommand::Lock {
                worker: worker.clone(),
                elsewhere: siblings.lock_beside(id, now).cloned(),
            };
            let events = decided(&folded.state, command, now)?;
            let draft = self.draft(&scope, id, folded.version, &events, now)?;
            let draft = siblings.lock_instead(id, now, draft)?;
            match draft.commit().await {
                Ok(_) => {
                    return Ok(HeldExport {
                        scope,
                        id,
                        worker: worker.clone(),
                        folded: advance(folded, &events),
                    });
                }
                Err(error) if error.lost_race() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(JournalError::Contended { attempts: ATTEMPTS }.into())
    }

    /// Begins the first pack that is not completed, and holds the export for 10 minutes more.
    /// Tells which units the pack has.
    ///
    /// # Errors
    /// [`ExportError::Rejected`] when all packs are completed, the export's time is over, or the
    /// worker's lock ran out or was lost: take it again. [`ExportError::Journal`] when the log
    /// failed: try again, which begins the same pack.
    pub async fn start_pack(
        &self,
        held: &mut HeldExport,
        now: Timestamp,
    ) -> Result<Slice, ExportError> {
        let worker = held.worker.clone();
        let next = |export: &Export| match export.next_slice() {
            Some(slice) => Ok(ExportCommand::StartPack {
                worker: worker.clone(),
                pack: slice.number(),
            }),
            None => Err(ExportRejection::Completed),
        };
        self.tell(held, next, now).await?;
        let Export { facts, .. } = held.export();
        let slice = held.export().next_slice();
        slice.ok_or_else(|| ExportError::rejected(facts, ExportRejection::Completed))
    }

    /// Notes that a pack which this worker began is there. The last one completes the export.
    ///
    /// # Errors
    /// [`ExportError::Rejected`] when another took the export meanwhile, or one of the same batch
    /// and format, or its time is over: the file is not the pack's then.
    /// [`ExportError::Journal`] when the log failed, so that it is open whether it was noted:
    /// [`start_pack`](Self::start_pack) begins the next pack if it was, and else this one again.
    pub async fn complete_pack(
        &self,
        held: &mut HeldExport,
        pack: PackNumber,
        file: PackFile,
        now: Timestamp,
    ) -> Result<(), ExportError> {
        let worker = held.worker.clone();
        let command = ExportCommand::CompletePack { worker, pack, file };
        self.tell(held, |_| Ok(command.clone()), now).await
    }

    /// Notes that a pack which this worker began could not be made, and lets the export go. It
    /// can be tried again.
    ///
    /// # Errors
    /// As [`complete_pack`](Self::complete_pack).
    pub async fn fail_pack(
        &self,
        mut held: HeldExport,
        pack: PackNumber,
        reason: String,
        now: Timestamp,
    ) -> Result<(), ExportError> {
        let worker = held.worker.clone();
        let command = ExportCommand::FailPack {
            worker,
            pack,
            reason,
        };
        self.tell(&mut held, |_| Ok(command.clone()), now).await
    }

    /// Lets an export go. One that another has taken, or that is over, is let go already.
    ///
    /// # Errors
    /// [`ExportError::Journal`] when the log failed; the lock runs out then.
    pub async fn release(&self, mut held: HeldExport, now: Timestamp) -> Result<(), ExportError> {
        let worker = held.worker.clone();
        let command = ExportCommand::Release { worker };
        let told = self.tell(&mut held, |_| Ok(command.clone()), now);
        match told.await {
            Ok(()) | Err(ExportError::Rejected { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Tells a held export what is to be told where it stands, looking anew if others changed it.
    async fn tell(
        &self,
        held: &mut HeldExport,
        command: impl Fn(&Export) -> Result<ExportCommand, ExportRejection>,
        now: Timestamp,
    ) -> Result<(), ExportError> {
        for _ in 0..ATTEMPTS {
            let Folded { state, version } = &held.folded;
            let command =
                command(state).map_err(|rejection| ExportError::rejected(&state.facts, rejection));
            let events = decided(state, command?, now)?;
            let draft = self.draft(&held.scope, held.id, *version, &events, now)?;
            match draft.commit().await {
                Ok(_) => {
                    held.folded = advance(held.folded.clone(), &events);
                    return Ok(());
                }
                Err(error) if error.lost_race() => {
                    held.folded = self.existing(held.brand(), held.id).await?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(JournalError::Contended { attempts: ATTEMPTS }.into())
    }

    pub(super) fn draft(
        &self,
        scope: &BrandScope<Write>,
        id: ExportId,
        version: Option<Version>,
        events: &[ExportEvent],
        now: Timestamp,
    ) -> Result<Draft<'_>, JournalError> {
        let draft = self.journal().begin(self.host(), scope, now)?;
        draft.write(export_stream(id), version, events)
    }
}

fn advance(folded: Folded<Export>, events: &[ExportEvent]) -> Folded<Export> {
    let mut version = folded.version;
    let mut state = folded.state;
    for event in events {
        version = Some(Version::after(version));
        if let Some(after) = evolve(Some(state.clone()), event) {
            state = after;
        }
    }
    Folded { state, version }
}
