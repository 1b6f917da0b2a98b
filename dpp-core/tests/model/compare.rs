//! Every read against the model.

use dpp_core::BrandScope;
use dpp_core::identity::MintUnitId;
use dpp_core::mint::JobStatus;
use dpp_core::read::{
    AsOf, BatchFilter, EventFilter, JobFilter, ListLimit, Page, PageRequest, Reads, SearchHit,
    UnitFilter, UnitRow,
};
use dpp_core::store::Order;
use dpp_core::unit::UnitStatus;

use crate::plain::{Model, PlainBatch};
use crate::plan::Step;
use crate::steps::World;
use crate::support::*;

pub async fn all(world: &World, model: &Model, step: &Step) {
    let (reads, scope) = (
        world.service.reads(),
        world.caller.to_read(brand(1)).unwrap(),
    );
    numbers(&reads, &scope, model, step).await;
    batches(&reads, &scope, model, step).await;
    units(&reads, &scope, model, step).await;
    details(&reads, &scope, model, step).await;
    single_units(&reads, &scope, model, step).await;
    events(&reads, &scope, model, step).await;
}

async fn numbers(reads: &Reads, scope: &BrandScope, model: &Model, step: &Step) {
    let kpis = reads.get_mint_kpis(scope).await.unwrap();
    assert_eq!(
        kpis.total_tokens_minted,
        model.units.len() as u64,
        "{step:?}"
    );
    assert_eq!(
        kpis.active_tokens,
        model.count(UnitStatus::Active),
        "{step:?}"
    );
    assert_eq!(kpis.batches_created, model.batches.len() as u64, "{step:?}");
    assert_eq!(kpis.completed_exports, 0);
}

fn request(rows: u32, order: Order) -> PageRequest {
    PageRequest {
        limit: ListLimit::new(rows).unwrap(),
        order,
        cursor: None,
    }
}

/// The request for the page behind one; none behind the last.
fn next<T>(page: &Page<T>, request: &PageRequest) -> Option<PageRequest> {
    let cursor = page.next_cursor.clone()?;
    Some(request.clone().after(cursor))
}

async fn batches(reads: &Reads, scope: &BrandScope, model: &Model, step: &Step) {
    let (mut rows, mut jobs) = (Vec::new(), Vec::new());
    let mut asked = Some(request(3, Order::NewestFirst));
    while let Some(request) = asked {
        let filter = BatchFilter::default();
        let page = reads
            .list_mint_batches(scope, &filter, &request)
            .await
            .unwrap();
        asked = next(&page, &request);
        rows.extend(page.rows);
    }
    let mut asked = Some(request(2, Order::OldestFirst));
    while let Some(request) = asked {
        let filter = JobFilter::default();
        let page = reads.list_jobs(scope, &filter, &request).await.unwrap();
        asked = next(&page, &request);
        jobs.extend(page.rows);
    }
    assert_eq!(
        (rows.len(), jobs.len()),
        (model.batches.len(), model.batches.len())
    );
    for (row, plain) in rows.iter().rev().zip(&model.batches) {
        let got = (
            row.mint_batch_id,
            row.status,
            row.job_status,
            row.minted as usize,
        );
        let due = (plain.id, plain.status, plain.job, plain.units.len());
        assert_eq!(got, due, "{step:?}");
        let of = |status| {
            let units = plain.units.iter();
            units.filter(|unit| model.status(unit) == status).count() as u64
        };
        let due = (of(UnitStatus::Active), of(UnitStatus::Revoked));
        assert_eq!((row.active, row.revoked), due, "{step:?}");
        let sku = format!("SKU-{}", plain.product);
        assert_eq!(row.product_sku.as_deref(), Some(sku.as_str()));
    }
    for (row, plain) in jobs.iter().zip(&model.batches) {
        let got = (row.mint_job_id, row.status, row.minted as usize);
        assert_eq!(
            got,
            (plain.id.job(), plain.job, plain.units.len()),
            "{step:?}"
        );
    }
    let running = JobFilter {
        status: Some(JobStatus::Processing),
        ..JobFilter::default()
    };
    let page = reads
        .list_jobs(scope, &running, &PageRequest::default())
        .await
        .unwrap();
    let due = model
        .batches
        .iter()
        .filter(|plain| plain.job == JobStatus::Processing);
    assert_eq!(page.rows.len(), due.count(), "{step:?}");
}

async fn list(
    reads: &Reads,
    scope: &BrandScope,
    filter: &UnitFilter,
    first: PageRequest,
) -> Vec<UnitRow> {
    let (mut rows, mut asked) = (Vec::new(), Some(first));
    while let Some(request) = asked {
        let page = reads
            .list_mint_units(scope, filter, &request)
            .await
            .unwrap();
        assert!(page.rows.len() <= request.limit.get());
        asked = next(&page, &request);
        rows.extend(page.rows);
    }
    rows
}

/// The ids of the units that a filter should find, the oldest first.
fn due(model: &Model, filter: &UnitFilter) -> Vec<MintUnitId> {
    let is_wanted = |plain: &PlainBatch, index: u32, unit: &MintUnitId| {
        let code = plain.lot_of(index).map(|lot| plain.lots[lot].code.as_str());
        filter
            .status
            .is_none_or(|status| model.status(unit) == status)
            && filter.lot_code.is_none_or(|lot| Some(lot.as_str()) == code)
    };
    let batches = model.batches.iter();
    let batches = batches.filter(|plain| filter.mint_batch_id.is_none_or(|id| id == plain.id));
    batches
        .flat_map(|plain| {
            (0..)
                .zip(&plain.units)
                .map(move |(index, unit)| (plain, index, unit))
        })
        .filter(|(plain, index, unit)| is_wanted(plain, *index, unit))
        .map(|(_, _, unit)| *unit)
        .collect()
}

async fn units(reads: &Reads, scope: &BrandScope, model: &Model, step: &Step) {
    let mut filters = vec![UnitFilter::default()];
    filters.extend(UnitStatus::ALL.map(|status| UnitFilter {
        status: Some(status),
        ..UnitFilter::default()
    }));
    filters.push(UnitFilter {
        lot_code: Some("L1".parse().unwrap()),
        ..UnitFilter::default()
    });
    filters.extend(model.batches.last().map(|plain| UnitFilter {
        status: Some(UnitStatus::Revoked),
        ..UnitFilter::of_batch(plain.id)
    }));
    filters.extend(
        model
            .batches
            .first()
            .map(|plain| UnitFilter::of_batch(plain.id)),
    );
    for filter in filters {
        let mut due = due(model, &filter);
        let oldest = list(reads, scope, &filter, request(7, Order::OldestFirst)).await;
        let ids: Vec<_> = oldest.iter().map(|row| row.mint_unit_id).collect();
        assert_eq!(ids, due, "{filter:?} after {step:?}");
        for row in &oldest {
            assert_eq!(
                row.status,
                model.status(&row.mint_unit_id),
                "{row:?} after {step:?}"
            );
        }
        due.reverse();
        let newest = list(reads, scope, &filter, request(5, Order::NewestFirst)).await;
        let ids: Vec<_> = newest.iter().map(|row| row.mint_unit_id).collect();
        assert_eq!(ids, due, "{filter:?} after {step:?}");
    }
}

async fn details(reads: &Reads, scope: &BrandScope, model: &Model, step: &Step) {
    for plain in &model.batches {
        let found = reads
            .get_mint_batch_by_id(scope, plain.id)
            .await
            .unwrap()
            .unwrap();
        let lots: Vec<_> = found.lots.iter().map(|lot| lot.activated).collect();
        let due: Vec<_> = plain.lots.iter().map(|lot| lot.activated).collect();
        assert_eq!(lots, due, "{step:?}");
        let then = reads
            .batch_as_of(scope, plain.id, AsOf::Now)
            .await
            .unwrap()
            .unwrap();
        let got = (
            then.status,
            then.job_status,
            then.minted,
            then.active,
            then.revoked,
        );
        let row = &found.row;
        let due = (
            row.status,
            row.job_status,
            row.minted,
            row.active,
            row.revoked,
        );
        assert_eq!(got, due, "{step:?}");
    }
}

async fn single_units(reads: &Reads, scope: &BrandScope, model: &Model, step: &Step) {
    for (id, plain) in model.units.iter().take(6) {
        let row = reads
            .get_mint_unit_by_id(scope, *id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (row.index, row.status),
            (plain.index, plain.status),
            "{step:?}"
        );
        assert_eq!(row.mint_batch_id, model.batches[plain.batch].id);
        let then = reads
            .unit_as_of(scope, *id, AsOf::Now)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(then.status, plain.status, "{step:?}");
        let mut texts = vec![id.to_string(), row.resolver_url.clone()];
        if !model.batches[plain.batch].lots.is_empty() {
            texts.pop();
        }
        texts.extend(plain.serial.clone());
        for text in texts {
            let found = reads.search(scope, &text, None).await.unwrap();
            let found = found.rows.iter().any(|hit| match hit {
                SearchHit::Token(unit) => unit.mint_unit_id == *id && unit.status == plain.status,
                _ => false,
            });
            assert!(found, "{text} after {step:?}");
        }
    }
}

async fn events(reads: &Reads, scope: &BrandScope, model: &Model, step: &Step) {
    for (event_type, due) in &model.events {
        let filter = EventFilter {
            event_type: Some((*event_type).to_owned()),
            ..EventFilter::default()
        };
        let (mut count, mut asked) = (0, Some(request(4, Order::NewestFirst)));
        while let Some(request) = asked {
            let page = reads
                .list_mint_events(scope, &filter, &request)
                .await
                .unwrap();
            asked = next(&page, &request);
            count += page.rows.len();
        }
        assert_eq!(count, *due, "{event_type} after {step:?}");
    }
}
