//! Exports: asked for, made pack by pack, expired.

use std::time::Duration;

use super::History;
use crate::export::{
    EXPORT_LOCK, EXPORT_RETENTION, ExportCompleted, ExportDownloaded, ExportEvent, ExportExpired,
    ExportFacts, ExportFilesRemoved, ExportFormat, ExportLocked, ExportOptions, ExportRequested,
    ExportUnlocked, PackCompleted, PackFailed, PackFile, PackNumber, PackStarted, ROWS_PER_PACK,
    Sha256Digest,
};
use crate::identity::MintBatchId;
use crate::store::ExportRecord;
use crate::store::log::{StreamId, StreamKind};
use crate::testing::kit::Checked;
use crate::{ExportId, Timestamp};

const MINUTE: i64 = 60_000;

impl History<'_> {
    /// Asks for an export.
    pub(in super::super) async fn request_export(
        &mut self,
        export: ExportId,
        batch: MintBatchId,
        format: ExportFormat,
    ) -> Checked {
        self.request_export_for(export, batch, format, EXPORT_RETENTION)
            .await
    }

    /// Asks for an export whose time is over so long after.
    pub(in super::super) async fn request_export_for(
        &mut self,
        export_id: ExportId,
        mint_batch_id: MintBatchId,
        format: ExportFormat,
        lasts: Duration,
    ) -> Checked {
        let (now, expires_at) = (self.now, self.now.after(lasts));
        let facts = ExportFacts {
            mint_batch_id,
            format,
            units: 3 * ROWS_PER_PACK,
            profile: None,
            options: ExportOptions::default(),
        };
        let event = ExportEvent::Requested(ExportRequested { facts, expires_at });
        self.tell_export(export_id, &event).await?;
        let record = ExportRecord {
            export_id,
            mint_batch_id,
            format,
            requested_at: now,
            completed: false,
            expired: false,
            files_removed: false,
            expires_at,
            failures: 0,
            runnable_at: Some(now),
        };
        self.exports.insert(export_id, record);
        Ok(())
    }

    /// A worker takes an export, or holds it for longer.
    pub(in super::super) async fn lock_export(&mut self, export: ExportId) -> Checked {
        let (worker, until) = (self.worker("kit")?, self.now.after(EXPORT_LOCK));
        let event = ExportEvent::Locked(ExportLocked { worker, until });
        self.tell_export(export, &event).await?;
        self.now_it(export, |record| record.runnable_at = Some(until))
    }

    /// A worker lets an export go.
    pub(in super::super) async fn unlock_export(&mut self, export: ExportId) -> Checked {
        let worker = self.worker("kit")?;
        let event = ExportEvent::Unlocked(ExportUnlocked { worker });
        self.tell_export(export, &event).await?;
        let now = self.now;
        self.now_it(export, |record| record.runnable_at = Some(now))
    }

    /// A worker begins a pack, and holds its export for longer.
    pub(in super::super) async fn start_pack(&mut self, export: ExportId, pack: u32) -> Checked {
        let (worker, until) = (self.worker("kit")?, self.now.after(EXPORT_LOCK));
        let event = ExportEvent::PackStarted(PackStarted {
            pack: PackNumber::after(pack),
            worker,
            until,
        });
        self.tell_export(export, &event).await?;
        self.now_it(export, |record| record.runnable_at = Some(until))
    }

    pub(in super::super) async fn complete_pack(&mut self, export: ExportId, pack: u32) -> Checked {
        let file = PackFile {
            path: self.case.read("kit/pack.csv")?,
            bytes: 1,
            rows: ROWS_PER_PACK,
            sha256: Sha256Digest::from_bytes([1; 32]),
        };
        let pack = PackNumber::after(pack);
        let event = ExportEvent::PackCompleted(PackCompleted { pack, file });
        self.tell_export(export, &event).await?;
        self.now_it(export, |record| record.failures = 0)
    }

    /// A pack could not be made, and the export rests.
    pub(in super::super) async fn fail_pack(&mut self, export: ExportId, pack: u32) -> Checked {
        let event = ExportEvent::PackFailed(PackFailed {
            pack: PackNumber::after(pack),
            reason: self.case.read("the disk is full")?,
        });
        self.tell_export(export, &event).await?;
        let now = self.now.unix_millis();
        self.now_it(export, |record| {
            record.failures += 1;
            let minutes = match record.failures {
                failures @ 1..=6 => 1 << (failures - 1),
                _ => 60,
            };
            let rested = Timestamp::from_unix_millis(now + minutes * MINUTE);
            record.runnable_at = Some(rested);
        })
    }

    /// All packs of an export are there; its files stay for as long as they usually do.
    pub(in super::super) async fn complete_export(&mut self, export: ExportId) -> Checked {
        let millis = EXPORT_RETENTION.as_millis();
        let millis = i64::try_from(millis).unwrap_or(i64::MAX);
        self.complete_export_until(export, millis).await
    }

    /// The same, and its files stay so long.
    pub(in super::super) async fn complete_export_until(
        &mut self,
        export: ExportId,
        millis: i64,
    ) -> Checked {
        let expires_at = self.later(millis);
        let event = ExportEvent::Completed(ExportCompleted {
            packs: 3,
            expires_at,
        });
        self.tell_export(export, &event).await?;
        self.now_it(export, |record| {
            record.completed = true;
            record.expires_at = expires_at;
            record.runnable_at = None;
        })
    }

    /// Notes that an export's time is over. What is told of it stays.
    pub(in super::super) async fn expire_export(&mut self, export: ExportId) -> Checked {
        let event = ExportEvent::Expired(ExportExpired { packs: 1 });
        self.tell_export(export, &event).await?;
        self.now_it(export, |record| {
            record.expired = true;
            record.runnable_at = None;
        })
    }

    /// Notes that the files of an export that expired are gone.
    pub(in super::super) async fn remove_files(&mut self, export: ExportId) -> Checked {
        let event = ExportEvent::FilesRemoved(ExportFilesRemoved { packs: 1 });
        self.tell_export(export, &event).await?;
        self.now_it(export, |record| record.files_removed = true)
    }

    /// Ends what is not over, so that a shared database does not fill with exports to make.
    pub(in super::super) async fn expire_exports(&mut self) -> Checked {
        let open = self.exports.values().filter(|record| !record.files_removed);
        let open: Vec<_> = open.copied().collect();
        for record in open {
            if !record.expired {
                self.expire_export(record.export_id).await?;
            }
            self.remove_files(record.export_id).await?;
        }
        Ok(())
    }

    pub(in super::super) async fn download(&mut self, export: ExportId) -> Checked {
        let pack = PackNumber::FIRST;
        let event = ExportEvent::Downloaded(ExportDownloaded { pack });
        self.tell_export(export, &event).await
    }

    fn now_it(&mut self, export: ExportId, is: impl FnOnce(&mut ExportRecord)) -> Checked {
        let record = self.exports.get_mut(&export);
        let lost = || self.case.violation("the kit lost one of its exports");
        record.map(is).ok_or_else(lost)
    }

    async fn tell_export(&mut self, export: ExportId, event: &ExportEvent) -> Checked {
        let stream = StreamId::new(StreamKind::Export, *export.as_uuid());
        let write = (stream, vec![self.body(event)?]);
        self.commit(vec![write], None).await
    }
}
