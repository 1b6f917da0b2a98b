//! What the audit trail says of each event. Each field is named here: what is not, is not
//! shown, so that no secret of an event can slip through.

use serde_json::{Value, json};

use crate::export::ExportEvent;
use crate::identity::serial::SerialAllocation;
use crate::identity::{IdentityFacts, MintBatchId};
use crate::ids::{ExportId, ProductId};
use crate::mint::{BatchFacts, MintEvent, PoolEvent, QuotaEvent};
use crate::store::log::{RecordedEvent, StreamKind};
use crate::store::{Codec, DecodeError};
use crate::unit::{LotEvent, UnitEvent, UnitsEvent};

/// What an event leads to, so that its product can be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum About {
    Batch(MintBatchId),
    Product(ProductId),
    Export(ExportId),
    Nothing,
}

/// What an event says, and what it leads to.
pub(super) fn details(
    codec: &Codec,
    recorded: &RecordedEvent,
) -> Result<(Value, About), DecodeError> {
    let (stream, event) = (recorded.stream, &recorded.event);
    let own_batch = || MintBatchId::try_from(*stream.id()).map_or(About::Nothing, About::Batch);
    Ok(match stream.kind() {
        StreamKind::MintBatch => (of_mint(&codec.decode(event)?), own_batch()),
        StreamKind::UnitRevocations => (of_units(&codec.decode(event)?), own_batch()),
        StreamKind::SerialPool => {
            let product = ProductId::from_uuid(*stream.id());
            (of_pool(&codec.decode(event)?), About::Product(product))
        }
        StreamKind::ProductBatch => of_quota(&codec.decode(event)?),
        StreamKind::MintUnit => of_unit(&codec.decode(event)?),
        StreamKind::MintLot => of_lot(&codec.decode(event)?),
        StreamKind::Export => {
            let export = ExportId::from_uuid(*stream.id());
            (of_export(&codec.decode(event)?), About::Export(export))
        }
    })
}

fn of_mint(event: &MintEvent) -> Value {
    match event {
        MintEvent::Preflighted(event) | MintEvent::Queued(event) => of_facts(&event.facts),
        MintEvent::SerialsProvided(event) => json!({
            "from": event.from,
            "count": event.serials.split(' ').count(),
        }),
        MintEvent::Reserved(event) => json!({
            "worker": event.worker,
            "lease_until": event.lease_until,
            "serials": scheme_of(&event.identity),
        }),
        MintEvent::TakenOver(event) => json!({
            "worker": event.worker,
            "lease_until": event.lease_until,
        }),
        MintEvent::Started(event) => json!({ "worker": event.worker }),
        MintEvent::CycleMinted(event) => json!({
            "cycle": event.cycle,
            "from": event.from,
            "count": event.count,
            "digest": event.digest,
        }),
        MintEvent::LotsConfirmed(event) => json!({ "lots": event.lots }),
        MintEvent::Completed(event) => json!({ "minted": event.minted }),
        MintEvent::CycleFailed(event) => json!({
            "cycle": event.cycle,
            "failures": event.failures,
            "reason": event.reason,
        }),
        MintEvent::Failed(event) => json!({ "minted": event.minted, "reason": event.reason }),
        MintEvent::Cancelled(event) => json!({ "minted": event.minted, "reason": event.reason }),
        MintEvent::StatusChanged(event) => json!({
            "from": event.from,
            "to": event.to,
            "reason": event.reason,
        }),
    }
}

fn of_facts(facts: &BatchFacts) -> Value {
    json!({
        "mint_batch_id": facts.mint_batch_id,
        "product_id": facts.product_id,
        "product_batch_id": facts.product_batch_id,
        "requested_quantity": facts.requested_quantity,
        "identity_mode": facts.identity_mode,
        "activation_mode": facts.activation_mode,
        "lots": facts.lots.as_slice().len(),
        "serial_scheme": facts.serial_scheme,
        "gtin": facts.gtin,
        "resolver_base": facts.resolver_base,
        "idempotency_key": facts.idempotency_key,
    })
}

fn scheme_of(identity: &IdentityFacts) -> &'static str {
    match identity.serials {
        SerialAllocation::None => "none",
        SerialAllocation::Randomised { .. } => "randomised",
        SerialAllocation::Sequential { .. } => "sequential",
        SerialAllocation::Numeric38 { .. } => "numeric38",
        SerialAllocation::Provided => "provided",
    }
}

fn of_pool(event: &PoolEvent) -> Value {
    match event {
        PoolEvent::Opened(_) => json!({}),
        PoolEvent::Reserved(event) => json!({ "mint_batch_id": event.mint_batch_id }),
        PoolEvent::Claimed(event) => json!({
            "mint_batch_id": event.mint_batch_id,
            "quantity": event.quantity,
        }),
    }
}

fn of_quota(event: &QuotaEvent) -> (Value, About) {
    let (batch, quantity) = match event {
        QuotaEvent::Taken(event) => (event.mint_batch_id, event.quantity),
        QuotaEvent::Returned(event) => (event.mint_batch_id, event.quantity),
    };
    let details = json!({ "mint_batch_id": batch, "quantity": quantity });
    (details, About::Batch(batch))
}

fn of_unit(event: &UnitEvent) -> (Value, About) {
    match event {
        UnitEvent::Activated(event) => {
            let batch = event.mint_batch_id;
            let details = json!({ "mint_batch_id": batch, "index": event.index });
            (details, About::Batch(batch))
        }
        UnitEvent::Revoked(event) => {
            let batch = event.mint_batch_id;
            let (index, reason) = (event.index, &event.reason);
            let details = json!({ "mint_batch_id": batch, "index": index, "reason": reason });
            (details, About::Batch(batch))
        }
    }
}

fn of_lot(event: &LotEvent) -> (Value, About) {
    let LotEvent::Activated(event) = event;
    let details = json!({
        "mint_batch_id": event.mint_batch_id,
        "lot": event.lot,
        "lot_code": event.lot_code,
    });
    (details, About::Batch(event.mint_batch_id))
}

fn of_units(event: &UnitsEvent) -> Value {
    let UnitsEvent::Revoked(event) = event;
    let runs: Vec<_> = event.units.runs().take(MOST_RUNS + 1).collect();
    let shown: Vec<_> = runs
        .iter()
        .take(MOST_RUNS)
        .map(|run| [*run.start(), *run.end()])
        .collect();
    json!({
        "count": event.count,
        "first_and_last": shown,
        "and_more": runs.len() > MOST_RUNS,
        "reason": event.reason,
    })
}

/// How many runs of indexes are shown.
const MOST_RUNS: usize = 20;

fn of_export(event: &ExportEvent) -> Value {
    match event {
        ExportEvent::Requested(event) => json!({
            "mint_batch_id": event.facts.mint_batch_id,
            "format": event.facts.format,
            "units": event.facts.units,
            "profile": event.facts.profile,
            "options": event.facts.options,
            "expires_at": event.expires_at,
        }),
        ExportEvent::Locked(event) => json!({
            "worker": event.worker,
            "until": event.until,
        }),
        ExportEvent::Unlocked(event) => json!({ "worker": event.worker }),
        ExportEvent::PackStarted(event) => json!({
            "pack": event.pack,
            "worker": event.worker,
            "until": event.until,
        }),
        ExportEvent::PackCompleted(event) => json!({
            "pack": event.pack,
            "path": event.file.path,
            "bytes": event.file.bytes,
            "rows": event.file.rows,
            "sha256": event.file.sha256,
        }),
        ExportEvent::PackFailed(event) => json!({
            "pack": event.pack,
            "reason": event.reason,
        }),
        ExportEvent::Completed(event) => json!({
            "packs": event.packs,
            "expires_at": event.expires_at,
        }),
        ExportEvent::Expired(event) => json!({ "packs": event.packs }),
        ExportEvent::FilesRemoved(event) => json!({ "packs": event.packs }),
        ExportEvent::Downloaded(event) => json!({ "pack": event.pack }),
    }
}
