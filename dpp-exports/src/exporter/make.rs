//! Making one pack: on a thread of its own, a chunk at a time, into the storage, and then known.

use std::io::{self, Write};

use dpp_core::Timestamp;
use dpp_core::export::{Export, PackFile, PackPath, Slice};
use dpp_core::service::{ExportError, HeldExport, PackSource};
use object_store::PutPayload;
use tokio::sync::mpsc;
use tokio::task;

use super::Exporter;
use super::error::PackFailure;
use super::paths::ExportFolder;
use super::recipe::{Making, Recipe};
use crate::pack::{PackError, PackUnits, PackWritten};
use crate::storage::{Chunk, Upload};

/// What all packs of a held export are made with.
#[derive(Debug, Clone)]
pub(super) struct Kit {
    source: PackSource,
    recipe: Recipe,
}

/// What became of a pack.
#[derive(Debug)]
pub(super) enum Made {
    /// It is there.
    Completed(PackFile),
    /// It could not be made, which the export has noted.
    Failed(Slice, PackFailure),
}

/// How many chunks wait for the storage beside the one that is being filled.
const WAITING: usize = 1;

impl Exporter {
    /// Makes the next pack of a held export. The export is held on if it was completed, and let
    /// go if it failed.
    pub(super) async fn make_next(
        &self,
        held: &mut HeldExport,
        kit: &mut Option<Kit>,
        now: Timestamp,
        then: impl Fn() -> Timestamp,
    ) -> Result<Made, ExportError> {
        let service = &self.inner.service;
        let slice = service.start_pack(held, now).await?;
        let pack = slice.number();
        match self.make(held, kit, slice.clone()).await {
            Ok(file) => {
                let completed = service
                    .complete_pack(held, pack, file.clone(), then())
                    .await;
                if let Err(error) = completed {
                    if error.rejection().is_some() {
                        self.forget(held, &file.path).await;
                    }
                    return Err(error);
                }
                if held.export().is_completed() {
                    self.tidy_up(&folder_of(held)).await;
                }
                Ok(Made::Completed(file))
            }
            Err(failure) => {
                let reason = failure.to_string();
                service
                    .fail_pack(held.clone(), pack, reason, then())
                    .await?;
                Ok(Made::Failed(slice, failure))
            }
        }
    }

    async fn make(
        &self,
        held: &HeldExport,
        kit: &mut Option<Kit>,
        slice: Slice,
    ) -> Result<PackFile, PackFailure> {
        let kit = match kit {
            Some(kit) => kit,
            none => none.insert(self.kit(held).await?),
        };
        let service = &self.inner.service;
        let batch = held.export().facts.mint_batch_id;
        let folder = folder_of(held);
        let temporary = folder.temporary(&service.temporary_name()?)?;
        let provided = service.provided(held, &kit.source, &slice).await?;
        let (units, statuses) = (kit.source.units.clone(), kit.source.statuses.clone());
        let units = PackUnits::new(units, slice.clone(), provided, statuses)?;
        let name = kit.recipe.file_name(batch, slice.number());
        let made = self.write(kit, units, &temporary).await;
        let published = match made {
            Ok(written) => {
                let path = folder.pack(slice.number(), &written.sha256, &name)?;
                let storage = &self.inner.storage;
                let published = storage.publish(&temporary, &path, written.bytes).await;
                published
                    .map(|()| file_of(path, &written))
                    .map_err(Into::into)
            }
            Err(failure) => Err(failure),
        };
        if published.is_err() {
            // The failure is what is told; what is left here goes when the export is complete.
            self.inner.storage.remove(&temporary).await.ok();
        }
        published
    }

    async fn kit(&self, held: &HeldExport) -> Result<Kit, PackFailure> {
        let facts = &held.export().facts;
        let source = self.inner.service.source(held).await?;
        let logo = self.kept_logo(held.brand(), facts).await?;
        let recipe = Recipe::of(facts, held.brand(), &self.inner.profiles, logo)?;
        Ok(Kit { source, recipe })
    }

    /// Writes the file of a pack under its temporary name.
    async fn write(
        &self,
        kit: &Kit,
        units: PackUnits,
        temporary: &PackPath,
    ) -> Result<PackWritten, PackFailure> {
        let (sender, mut chunks) = mpsc::channel(WAITING);
        let recipe = kit.recipe.clone();
        let making = Making {
            at: kit.source.requested_at,
            threads: self.inner.threads,
        };
        let maker = task::spawn_blocking(move || {
            let mut out = ChunkWriter::new(sender);
            let written = recipe.write(&units, making, &mut out)?;
            out.finish()?;
            Ok::<_, PackError>(written)
        });
        let mut upload = Upload::new(&self.inner.storage, temporary.clone());
        let mut sent = Ok(());
        while let Some(chunk) = chunks.recv().await {
            sent = upload.write(chunk).await;
            if sent.is_err() {
                break;
            }
        }
        // Whoever still writes is told so, and ends.
        drop(chunks);
        let made = maker.await;
        let made = made.map_err(|error| PackFailure::BrokenOff(error.to_string()));
        // That nobody takes its bytes any more is not why it failed.
        let whole = match sent {
            Err(error) => Err(error.into()),
            Ok(()) => made.and_then(|made| made.map_err(Into::into)),
        };
        match whole {
            Ok(written) => {
                upload.finish().await?;
                Ok(written)
            }
            Err(failure) => {
                upload.abort().await;
                Err(failure)
            }
        }
    }

    /// A file whose pack was not completed. Another may have made the same, so that it lies
    /// where theirs does: it goes with its export's folder, unless that is gone already. Only
    /// the log knows: this worker's own view of the export is as old as its lock.
    async fn forget(&self, held: &HeldExport, path: &PackPath) {
        let found = self.inner.service.of_worker(held.brand(), held.id()).await;
        if let Ok(Some(Export { expired: true, .. })) = found {
            self.inner.storage.remove(path).await.ok();
        }
    }

    /// Of an export that is completed: what others left half written. If it fails now it goes
    /// with the export's folder.
    pub(super) async fn tidy_up(&self, folder: &ExportFolder) {
        if let Ok(temporaries) = folder.temporaries() {
            self.inner.storage.remove_folder(&temporaries).await.ok();
        }
    }
}

fn folder_of(held: &HeldExport) -> ExportFolder {
    let batch = held.export().facts.mint_batch_id;
    ExportFolder::of(held.brand(), batch, held.id())
}

fn file_of(path: PackPath, written: &PackWritten) -> PackFile {
    PackFile {
        path,
        bytes: written.bytes,
        rows: written.rows,
        sha256: written.sha256,
    }
}

/// Hands what is written on in chunks, and waits while the storage is slower.
struct ChunkWriter {
    sender: mpsc::Sender<PutPayload>,
    chunk: Chunk,
}

impl ChunkWriter {
    fn new(sender: mpsc::Sender<PutPayload>) -> Self {
        Self {
            sender,
            chunk: Chunk::new(),
        }
    }

    fn send(&mut self) -> io::Result<()> {
        let ended = |_| io::Error::new(io::ErrorKind::BrokenPipe, "the storage takes no more");
        self.sender.blocking_send(self.chunk.take()).map_err(ended)
    }

    fn finish(mut self) -> io::Result<()> {
        match self.chunk.is_empty() {
            true => Ok(()),
            false => self.send(),
        }
    }
}

impl Write for ChunkWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.chunk.fill(bytes);
        if self.chunk.is_full() {
            self.send()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
