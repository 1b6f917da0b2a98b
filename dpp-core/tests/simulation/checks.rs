//! What must hold after every run, read out of the store without any cache.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use dpp_core::ProductId;
use dpp_core::gs1::Serial;
use dpp_core::identity::{MintBatchId, MintUnitId};
use dpp_core::mint::{BatchStatus, JobStatus, MintEvent};
use dpp_core::read::{BatchFilter, ListLimit, PageRequest};
use dpp_core::read::{Located, Reads};
use dpp_core::service::{MintService, SubmitAnswer};
use dpp_core::store::log::{PageLimit, StreamId, StreamKind, Version};
use dpp_core::store::{BatchRecord, Codec, EventStore};
use futures::TryStreamExt;
use futures::executor::block_on;

use crate::support::{brand, owner, production, service};
use crate::world::World;

pub fn check(world: &World) {
    let service = service(world.store.clone(), 0, world.plan.settings());
    let reads = service.reads();
    let scope = owner(brand(1)).to_read(brand(1)).unwrap();
    let page = PageRequest::default().of(ListLimit::MAX);
    let page = block_on(reads.list_mint_batches(&scope, &BatchFilter::default(), &page)).unwrap();
    assert!(!page.has_more());
    let ids = page.rows.iter().map(|row| row.mint_batch_id);
    let batches: Vec<_> = ids
        .map(|id| block_on(reads.batch(&scope, id)).unwrap().unwrap())
        .collect();
    check_answers(world, &batches);
    let mut seen = Seen::default();
    for record in &batches {
        check_batch(world, &service, record);
        block_on(check_units(&reads, record, &mut seen));
    }
    check_quota(world, &batches);
}

/// One job for each request that was accepted, however often it was asked for.
fn check_answers(world: &World, batches: &[Arc<BatchRecord>]) {
    let told = world.told.lock().unwrap();
    let mut by_request: BTreeMap<usize, HashSet<MintBatchId>> = BTreeMap::new();
    for (number, answer) in &told.accepted {
        let SubmitAnswer::Accepted { mint_batch_id, .. } = answer else {
            panic!("{answer:?}");
        };
        by_request
            .entry(*number)
            .or_default()
            .insert(*mint_batch_id);
    }
    let one_each = by_request.values().all(|batches| batches.len() == 1);
    assert!(one_each, "a request has two jobs: {by_request:?}");
    let answered: HashSet<_> = by_request.values().flatten().copied().collect();
    let there: HashSet<_> = batches
        .iter()
        .map(|b| b.batch.facts.mint_batch_id)
        .collect();
    assert_eq!(
        answered, there,
        "the jobs that were accepted are those that are there"
    );
}

fn check_batch(world: &World, service: &MintService, record: &BatchRecord) {
    let batch = &record.batch;
    let id = batch.facts.mint_batch_id;
    assert!(batch.job.is_over(), "job of {id} is {}", batch.job);
    let events = events_of(world, id);
    let minted = check_cycles(&events, world.plan.units_per_cycle);
    assert_eq!(minted, batch.minted);
    assert!(
        minted <= batch.facts.requested_quantity,
        "more than was asked for"
    );
    match batch.job {
        JobStatus::Completed => {
            assert_eq!(minted, batch.facts.requested_quantity);
            assert_eq!(batch.status, BatchStatus::Minted);
        }
        JobStatus::Cancelled if minted > 0 => assert_eq!(batch.status, BatchStatus::Minted),
        _ => assert_eq!(batch.status, BatchStatus::Failed),
    }
    check_ending(&events, batch.job);
    check_lots(&events, record);
    let verified = block_on(service.verify(&owner(brand(1)), brand(1), id)).unwrap();
    assert!(verified.is_ok(), "{verified:?}");
    assert_eq!(verified.units, minted);
}

fn events_of(world: &World, batch: MintBatchId) -> Vec<MintEvent> {
    let stream = StreamId::new(StreamKind::MintBatch, *batch.as_uuid());
    let read = world
        .store
        .read_stream(brand(1), stream, Version::FIRST, PageLimit::MAX);
    let page = block_on(read).unwrap();
    assert!(page.next.is_none());
    let codec = Codec::new();
    page.events
        .iter()
        .map(|recorded| codec.decode(&recorded.event).unwrap())
        .collect()
}

/// Cycle follows cycle without a gap, and none is too large.
fn check_cycles(events: &[MintEvent], most: u32) -> u32 {
    let (mut cycle, mut end) = (0, 0);
    for event in events {
        if let MintEvent::CycleMinted(minted) = event {
            assert_eq!((minted.cycle, minted.from), (cycle + 1, end), "{events:?}");
            assert!((1..=most).contains(&minted.count));
            cycle = minted.cycle;
            end = minted.from + minted.count;
        }
    }
    end
}

/// A job ends once, and nothing happens behind its end.
fn check_ending(events: &[MintEvent], status: JobStatus) {
    let is_end = |event: &MintEvent| {
        matches!(
            event,
            MintEvent::Completed(_) | MintEvent::Failed(_) | MintEvent::Cancelled(_)
        )
    };
    let ends: Vec<_> = events.iter().filter(|event| is_end(event)).collect();
    assert_eq!(ends.len(), 1, "{events:?}");
    assert!(events.last().is_some_and(is_end), "{events:?}");
    if status == JobStatus::Failed {
        let failures = events.iter().rev().skip(1);
        let in_a_row = failures.take_while(|event| !matches!(event, MintEvent::CycleMinted(_)));
        let failed = in_a_row
            .filter(|event| matches!(event, MintEvent::CycleFailed(_)))
            .count();
        let no_serials = !events
            .iter()
            .any(|event| matches!(event, MintEvent::Reserved(_)));
        assert!(failed == 3 || no_serials, "{events:?}");
    }
}

fn check_lots(events: &[MintEvent], record: &BatchRecord) {
    let batch = &record.batch;
    let confirmed = events.iter().find_map(|event| match event {
        MintEvent::LotsConfirmed(confirmed) => Some(confirmed),
        _ => None,
    });
    let expected = batch.job == JobStatus::Completed && !batch.facts.lots.is_empty();
    assert_eq!(confirmed.is_some(), expected);
    if let Some(confirmed) = confirmed {
        let got: Vec<_> = confirmed
            .lots
            .iter()
            .map(|lot| (lot.lot_code, lot.qty))
            .collect();
        let asked = batch.facts.lots.as_slice().iter();
        assert_eq!(
            got,
            asked.map(|lot| (lot.lot_code, lot.qty)).collect::<Vec<_>>()
        );
    }
}

#[derive(Default)]
struct Seen {
    ids: HashSet<MintUnitId>,
    serials: HashSet<(ProductId, Serial)>,
}

/// No id and no serial of a product comes twice over all jobs, and each leads back to its unit.
async fn check_units(reads: &Reads, record: &BatchRecord, seen: &mut Seen) {
    let facts = &record.batch.facts;
    if record.batch.identity.is_none() {
        assert_eq!(record.batch.minted, 0);
        return;
    }
    let scope = owner(brand(1)).to_read(brand(1)).unwrap();
    let stream = reads.units(&scope, facts.mint_batch_id, 0).await.unwrap();
    let units: Vec<_> = stream.try_collect().await.unwrap();
    assert_eq!(units.len(), record.batch.minted as usize);
    for unit in &units {
        assert!(seen.ids.insert(unit.mint_unit_id), "{unit:?} comes twice");
        assert_eq!(unit.serial.is_some(), facts.lots.is_empty(), "{unit:?}");
        let serial = unit.serial.map(|serial| (facts.product_id, serial));
        assert!(
            serial.is_none_or(|serial| seen.serials.insert(serial)),
            "{unit:?} comes twice"
        );
    }
    for unit in units.iter().step_by(13) {
        let batch = facts.mint_batch_id;
        let index = unit.index;
        let found = Located::Unit { batch, index };
        assert_eq!(
            reads.locate_unit(&scope, unit.mint_unit_id).await.unwrap(),
            found
        );
        if let Some(serial) = &unit.serial {
            let located = reads.locate_serial(&scope, facts.product_id, serial).await;
            assert_eq!(located.unwrap(), found);
        }
    }
}

/// The production batch counts what completed jobs asked for and what ended ones made.
fn check_quota(world: &World, batches: &[Arc<BatchRecord>]) {
    let naming = batches
        .iter()
        .filter(|record| record.batch.facts.product_batch_id == Some(production(4)));
    let minted: u64 = naming.map(|record| u64::from(record.batch.minted)).sum();
    let stream = StreamId::new(StreamKind::ProductBatch, *production(4).as_uuid());
    let read = world
        .store
        .read_stream(brand(1), stream, Version::FIRST, PageLimit::MAX);
    let page = block_on(read).unwrap();
    let codec = Codec::new();
    let quota = page
        .events
        .iter()
        .fold(dpp_core::mint::Quota::default(), |quota, recorded| {
            quota.evolve(&codec.decode(&recorded.event).unwrap())
        });
    assert_eq!(quota.taken(), minted);
    assert!(minted <= 300);
}
