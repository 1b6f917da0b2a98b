//! The exports of one batch and format, of which one is held at a time.
//!
//! INVARIANT: whoever asks for one of them, or takes one, looks for the next turn, then for the
//! exports, and takes the turn with its commit. So it has seen all that the turns before it
//! came to; and of two that saw the same, the second is refused its turn, and has to look anew.

use super::{ExportError, ExportService};
use crate::export::{
    Export, ExportCommand, ExportContext, ExportEvent, ExportFormat, ExportLock, decide,
};
use crate::identity::MintBatchId;
use crate::ids::{BrandId, ExportId};
use crate::service::journal::{Draft, Folded, JournalError, export_stream};
use crate::store::log::{ClaimGroup, ClaimSpace, ClaimValue, PageLimit};
use crate::store::{ExportQuery, ExportRecord, Order};
use crate::text_rows::TextRows;
use crate::time::Timestamp;

const PAGE: PageLimit = PageLimit::new(1_000);

/// How many turns are looked at together. Few batches have as many in a format.
const TURNS: u32 = 256;

/// The exports of one batch and format.
pub(super) struct Siblings {
    batch: MintBatchId,
    turn: String,
    /// Those that may still be made or downloaded, the oldest first.
    pub(super) living: Vec<(ExportId, Folded<Export>)>,
}

impl Siblings {
    /// The live lock of one of them other than this.
    pub(super) fn lock_beside(&self, export: ExportId, now: Timestamp) -> Option<&ExportLock> {
        let mut others = self.beside(export);
        others.find_map(|(_, other)| other.state.live_lock(now))
    }

    /// Adds to the commit that asks for an export that nothing came before it.
    pub(super) fn ask_beside<'a>(&self, export: ExportId, draft: Draft<'a>) -> Draft<'a> {
        let draft = self.take_turn(export, draft);
        self.beside(export).fold(draft, |draft, (other, of)| {
            draft.check(export_stream(*other), of.version)
        })
    }

    /// Adds to the commit that locks an export that nothing came before it, and lets go those
    /// whose lock ran out: their workers are too late from now on, whatever their clocks say.
    pub(super) fn lock_instead<'a>(
        &self,
        export: ExportId,
        now: Timestamp,
        draft: Draft<'a>,
    ) -> Result<Draft<'a>, JournalError> {
        let mut draft = self.take_turn(export, draft);
        for (other, of) in self.beside(export) {
            let stream = export_stream(*other);
            let events = let_go(&of.state, now);
            draft = match events.is_empty() {
                true => draft.check(stream, of.version),
                false => draft.write(stream, of.version, &events)?,
            };
        }
        Ok(draft)
    }

    fn beside(&self, export: ExportId) -> impl Iterator<Item = &(ExportId, Folded<Export>)> {
        let living = self.living.iter();
        living.filter(move |(id, _)| *id != export)
    }

    fn take_turn<'a>(&self, export: ExportId, draft: Draft<'a>) -> Draft<'a> {
        let space = ClaimSpace::exports_of(self.batch);
        let value = ClaimValue::of_parts(export.as_uuid().as_bytes(), &[0; 16]);
        draft.claim(ClaimGroup::one(space, &self.turn, value))
    }
}

fn let_go(export: &Export, now: Timestamp) -> Vec<ExportEvent> {
    let Some(lock) = &export.lock else {
        return Vec::new();
    };
    let worker = lock.worker.clone();
    let command = ExportCommand::Release { worker };
    decide(Some(export), command, &ExportContext { now }).unwrap_or_default()
}

impl ExportService {
    /// What there is of a batch and format now.
    pub(super) async fn siblings(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        format: ExportFormat,
        now: Timestamp,
    ) -> Result<Siblings, ExportError> {
        let turn = self.next_turn(brand, batch, format).await?;
        let mut living = Vec::new();
        for record in self.records(brand, batch, format).await? {
            if record.expired || record.expires_at <= now {
                continue;
            }
            if let Some(found) = self.load(brand, record.export_id).await? {
                living.push((record.export_id, found));
            }
        }
        Ok(Siblings {
            batch,
            turn,
            living,
        })
    }

    /// The key of the first turn of a batch and format that nobody has taken.
    async fn next_turn(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        format: ExportFormat,
    ) -> Result<String, ExportError> {
        let space = ClaimSpace::exports_of(batch);
        let mut first = 1;
        loop {
            let turns = first..first + u64::from(TURNS);
            let keys: Vec<_> = turns.map(|turn| format!("{format}/{turn}")).collect();
            let rows: TextRows = keys.iter().map(String::as_str).collect();
            let taken = self.journal().store().claimed(brand, space, &rows).await?;
            let free = keys.into_iter().zip(taken).find(|(_, by)| by.is_none());
            if let Some((key, _)) = free {
                return Ok(key);
            }
            first += u64::from(TURNS);
        }
    }

    async fn records(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        format: ExportFormat,
    ) -> Result<Vec<ExportRecord>, ExportError> {
        let query = ExportQuery {
            batch: Some(batch),
            ..ExportQuery::default()
        };
        let mut records = Vec::new();
        let mut after = None;
        loop {
            let page = self
                .store()
                .exports(brand, &query, Order::OldestFirst, after, PAGE)
                .await?;
            let full = page.len() == PAGE.get();
            after = page.last().map(|last| last.export_id);
            records.extend(page.into_iter().filter(|record| record.format == format));
            if !full {
                return Ok(records);
            }
        }
    }
}
