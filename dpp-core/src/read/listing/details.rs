//! What the audit trail says of each event. Each field is named here: what is not, is not
//! shown, so that no secret of an event can slip through.

use serde_json::{Value, json};

use crate::export::ExportEvent;
use crate::identity::IdentityFacts;
use crate::identity::serial::SerialAllocation;
use crate::mint::{BatchFacts, MintEvent, PoolEvent, QuotaEvent};
use crate::store::log::{RecordedEvent, StreamKind};
use crate::store::{Codec, DecodeError};
use crate::unit::{LotEvent, UnitEvent, UnitsEvent};

pub(super) fn details(codec: &Codec, recorded: &RecordedEvent) -> Result<Value, DecodeError> {
    let event = &recorded.event;
    Ok(match recorded.stream.kind() {
        StreamKind::MintBatch => of_mint(&codec.decode(event)?),
        StreamKind::SerialPool => of_pool(&codec.decode(event)?),
        StreamKind::ProductBatch => of_quota(&codec.decode(event)?),
        StreamKind::MintUnit => of_unit(&codec.decode(event)?),
        StreamKind::MintLot => of_lot(&codec.decode(event)?),
        StreamKind::UnitRevocations => of_units(&codec.decode(event)?),
        StreamKind::Export => of_export(&codec.decode(event)?),
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

fn of_quota(event: &QuotaEvent) -> Value {
    match event {
        QuotaEvent::Taken(event) => json!({
            "mint_batch_id": event.mint_batch_id,
            "quantity": event.quantity,
        }),
        QuotaEvent::Returned(event) => json!({
            "mint_batch_id": event.mint_batch_id,
            "quantity": event.quantity,
        }),
    }
}

fn of_unit(event: &UnitEvent) -> Value {
    match event {
        UnitEvent::Activated(event) => json!({
            "mint_batch_id": event.mint_batch_id,
            "index": event.index,
        }),
        UnitEvent::Revoked(event) => json!({
            "mint_batch_id": event.mint_batch_id,
            "index": event.index,
            "reason": event.reason,
        }),
    }
}

fn of_lot(event: &LotEvent) -> Value {
    let LotEvent::Activated(event) = event;
    json!({
        "mint_batch_id": event.mint_batch_id,
        "lot": event.lot,
        "lot_code": event.lot_code,
    })
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
            "mint_batch_id": event.mint_batch_id,
            "format": event.format,
        }),
        ExportEvent::Completed(event) => json!({ "packs": event.packs }),
    }
}
