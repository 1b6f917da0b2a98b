//! Asking for an export.

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::siblings::Siblings;
use super::{ExportError, ExportService};
use crate::access::{BrandScope, Caller, Write};
use crate::export::{
    CarrierProfile, Export, ExportCommand, ExportContext, ExportFacts, ExportFormat, ExportOptions,
    RepeatOrNew, decide, evolve, repeat_or_new,
};
use crate::identity::MintBatchId;
use crate::ids::{BrandId, ExportId};
use crate::mint::BatchStatus;
use crate::service::ATTEMPTS;
use crate::service::journal::JournalError;
use crate::time::Timestamp;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportRequest {
    /// The brand.
    pub brand_id: BrandId,
    /// Its batch.
    pub mint_batch_id: MintBatchId,
    /// What is to be made.
    pub format: ExportFormat,
    /// For which printer or tag encoder; none for the format as it is. This service does not
    /// know which there are.
    pub profile: Option<CarrierProfile>,
    /// What else is chosen.
    pub options: ExportOptions,
}

impl ExportRequest {
    /// A batch in a format as it is.
    pub fn of(brand_id: BrandId, mint_batch_id: MintBatchId, format: ExportFormat) -> Self {
        Self {
            brand_id,
            mint_batch_id,
            format,
            profile: None,
            options: ExportOptions::default(),
        }
    }
}

/// The export that answers a request. On the wire with `ok: true` in front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportAnswer {
    /// The export.
    pub export_id: ExportId,
    /// Its batch.
    pub mint_batch_id: MintBatchId,
    /// What it makes.
    pub format: ExportFormat,
    /// How many units it has: those that were made when it was asked for.
    pub units: u32,
    /// How many packs.
    pub packs: u32,
    /// How many of these are there.
    pub completed_packs: u32,
    /// Whether it was there before, and nothing new was made.
    pub is_duplicate: bool,
}

impl ExportAnswer {
    fn of(export_id: ExportId, export: &Export, is_duplicate: bool) -> Self {
        Self {
            export_id,
            mint_batch_id: export.facts.mint_batch_id,
            format: export.facts.format,
            units: export.facts.units,
            packs: export.packs(),
            completed_packs: export.completed_packs(),
            is_duplicate,
        }
    }
}

impl Serialize for ExportAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut answer = serializer.serialize_struct("ExportAnswer", 8)?;
        answer.serialize_field("ok", &true)?;
        answer.serialize_field("export_id", &self.export_id)?;
        answer.serialize_field("mint_batch_id", &self.mint_batch_id)?;
        answer.serialize_field("format", &self.format)?;
        answer.serialize_field("units", &self.units)?;
        answer.serialize_field("packs", &self.packs)?;
        answer.serialize_field("completed_packs", &self.completed_packs)?;
        answer.serialize_field("is_duplicate", &self.is_duplicate)?;
        answer.end()
    }
}

impl ExportService {
    /// Asks for an export of all units that a batch has made. One with the same facts whose time
    /// is not over is the answer as it stands, be it completed or half made: it goes on after
    /// its last completed pack. Of any number of equal requests at the same time one makes it.
    ///
    /// # Errors
    /// [`ExportError`]: the caller may not, there is no such batch, it is voided, it has no unit,
    /// or a worker makes another export of the same batch and format right now.
    pub async fn request(
        &self,
        caller: &Caller,
        request: &ExportRequest,
        now: Timestamp,
    ) -> Result<ExportAnswer, ExportError> {
        let scope = caller.to_write(request.brand_id)?;
        for _ in 0..ATTEMPTS {
            let facts = self.facts(&scope.to_read(), request).await?;
            let siblings = self
                .siblings(scope.brand(), facts.mint_batch_id, facts.format, now)
                .await?;
            if let Some(answer) = repeated(&facts, &siblings, now)? {
                return Ok(answer);
            }
            match self.begin(&scope, facts, &siblings, now).await {
                Err(ExportError::Journal(error)) if error.lost_race() => {}
                answer => return answer,
            }
        }
        Err(JournalError::Contended { attempts: ATTEMPTS }.into())
    }

    /// What an export of this batch would be fixed to now.
    ///
    /// # Errors
    /// [`ExportError`]: there is no such batch, it is voided, or the reads failed.
    pub async fn facts(
        &self,
        scope: &BrandScope,
        request: &ExportRequest,
    ) -> Result<ExportFacts, ExportError> {
        let batch = request.mint_batch_id;
        let found = self.store().batch(scope.brand(), batch).await?;
        let record = found.ok_or(ExportError::NoSuchBatch(batch))?;
        if record.batch.status == BatchStatus::Voided {
            return Err(ExportError::Voided(batch));
        }
        Ok(ExportFacts {
            mint_batch_id: batch,
            format: request.format,
            units: record.batch.minted,
            profile: request.profile.clone(),
            options: request.options,
        })
    }

    async fn begin(
        &self,
        scope: &BrandScope<Write>,
        facts: ExportFacts,
        siblings: &Siblings,
        now: Timestamp,
    ) -> Result<ExportAnswer, ExportError> {
        let id = self.host().export_id(now)?;
        let command = ExportCommand::Request(facts.clone());
        let events = decide(None, command, &ExportContext { now })
            .map_err(|rejection| ExportError::rejected(&facts, rejection))?;
        let draft = self.draft(scope, id, None, &events, now)?;
        siblings.ask_beside(id, draft).commit().await?;
        let export = events.iter().fold(None, evolve);
        let export = export.ok_or(ExportError::NoSuchExport(id))?;
        Ok(ExportAnswer::of(id, &export, false))
    }
}

/// The export that has just what is asked for, if there is one.
fn repeated(
    facts: &ExportFacts,
    siblings: &Siblings,
    now: Timestamp,
) -> Result<Option<ExportAnswer>, ExportError> {
    let living = siblings.living.iter();
    let mut living = living.map(|(id, folded)| (*id, &folded.state));
    let repeat = repeat_or_new(facts, living.clone(), now)
        .map_err(|rejection| ExportError::rejected(facts, rejection))?;
    let RepeatOrNew::Repeat(export) = repeat else {
        return Ok(None);
    };
    let found = living.find(|(id, _)| *id == export);
    Ok(found.map(|(id, export)| ExportAnswer::of(id, export, true)))
}
