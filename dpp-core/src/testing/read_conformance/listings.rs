//! B03 and B04: batches, page by page and by what is asked for.

use std::collections::BTreeSet;

use super::case::{ORDERS, Pages, ReadCase};
use super::history::{History, Job, Told, batch_id};
use super::{ReadFixture, Violation};
use crate::PageLimit;
use crate::identity::serial::SequentialFormat;
use crate::mint::{BatchStatus, JobStatus};
use crate::store::{BatchQuery, JobKey, Order};
use crate::testing::kit::Checked;
use crate::unit::UnitStatus;

const LIMITS: [u32; 6] = [1, 2, 3, 5, 11, 12];

/// B03: batches are listed by key in either order; reading on from the key of the last gives
/// every batch once, also while batches are added.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn b03_batches_by_key_in_either_order(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "B03").await;
    let mut history = case.history();
    // Some are accepted at the same moment, and clocks go back.
    let accepted = [
        (7, 0),
        (3, 0),
        (9, 0),
        (5, 500),
        (1, -900),
        (8, 400),
        (2, 0),
        (4, 900),
    ];
    for (number, wait) in accepted.into_iter().chain([(6, 0), (12, -2_000), (11, 0)]) {
        history.wait(wait);
        let job = Job::of(&case, number, 2).product(case.product(u64::from(number) % 2));
        history.accept(job).await?;
    }
    let queries = [
        BatchQuery::default(),
        BatchQuery {
            product: Some(case.product(1)),
            ..BatchQuery::default()
        },
        BatchQuery {
            ids: Some(batch_id(&case, 3).prefix()..=batch_id(&case, 9).prefix()),
            ..BatchQuery::default()
        },
    ];
    let due: Vec<_> = history.by_key().into_iter().map(Told::key).collect();
    for query in &queries {
        // Which batches a query asks for is not this clause's.
        let due = match *query == BatchQuery::default() {
            true => due.clone(),
            false => case.keys(case.brand, query, Order::OldestFirst).await?,
        };
        for order in ORDERS {
            pages_are_whole(&case, query, order, &due).await?;
        }
    }
    for order in ORDERS {
        pages_while_added(&case, &mut history, order).await?;
    }
    Ok(())
}

async fn pages_are_whole(
    case: &ReadCase,
    query: &BatchQuery,
    order: Order,
    oldest_first: &[JobKey],
) -> Checked {
    let mut due = oldest_first.to_vec();
    if order == Order::NewestFirst {
        due.reverse();
    }
    for limit in LIMITS.map(PageLimit::new) {
        let page_of = format!("batches {order:?} by pages of {}", limit.get());
        let mut pages = Pages::of(limit);
        while pages.go_on(case)? {
            pages.add(next_page(case, query, order, &pages).await?);
        }
        case.same_list(&page_of, &pages.rows, &due)?;
    }
    Ok(())
}

async fn next_page(
    case: &ReadCase,
    query: &BatchQuery,
    order: Order,
    pages: &Pages<JobKey>,
) -> Checked<Vec<JobKey>> {
    let last = pages.rows.last().copied();
    let page = case
        .batches(case.brand, query, order, last, pages.limit)
        .await?;
    Ok(page.iter().map(|record| record.key()).collect())
}

/// While pages are read, batches are added at both ends and in between.
async fn pages_while_added(case: &ReadCase, history: &mut History<'_>, order: Order) -> Checked {
    let before: BTreeSet<_> = history.by_key().into_iter().map(Told::key).collect();
    let start = history.now;
    let query = BatchQuery::default();
    let mut pages = Pages::of(PageLimit::new(2));
    let mut waits = [-20_000_i64, 300, 30_000, -150, 450, 40_000, -30_000].into_iter();
    while pages.go_on(case)? {
        if let Some(wait) = waits.next() {
            let number = 100 + u32::try_from(history.batches.len()).unwrap_or_default();
            history.now = start;
            history.wait(wait);
            history.accept(Job::of(case, number, 2)).await?;
        }
        pages.add(next_page(case, &query, order, &pages).await?);
    }
    let seen = pages.rows;
    history.now = start;
    let pairs = seen.iter().zip(seen.iter().skip(1));
    let in_order = pairs.into_iter().all(|(one, next)| match order {
        Order::NewestFirst => one > next,
        Order::OldestFirst => one < next,
    });
    case.require(
        in_order,
        format!("batches {order:?} lose their order while some are added"),
    )?;
    let seen: BTreeSet<_> = seen.into_iter().collect();
    let missing = before.difference(&seen).next();
    case.require(
        missing.is_none(),
        format!("batches {order:?} miss {missing:?} while some are added"),
    )
}

/// B04: only batches for which all of the query holds are listed; each part of it works alone
/// and with the others.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn b04_batches_for_which_all_holds(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "B04").await;
    let mut history = case.history();
    all_sorts_of_batches(&case, &mut history).await?;
    let parts = parts(&case, &history)?;
    for (place, one) in parts.iter().enumerate() {
        is_listed(&case, &history, one).await?;
        for other in parts.iter().skip(place + 1) {
            is_listed(&case, &history, &merged(one, other)).await?;
        }
    }
    for told in history.batches.values() {
        let fitting = parts.iter().filter(|part| holds(part, told));
        let whole = fitting.fold(BatchQuery::default(), |whole, part| merged(&whole, part));
        is_listed(&case, &history, &whole).await?;
    }
    Ok(())
}

async fn all_sorts_of_batches(case: &ReadCase, history: &mut History<'_>) -> Checked {
    let other = case.product(1);
    let wrong = |error| case.violation(format!("the kit's format: {error}"));
    let format = SequentialFormat::new("SN-", 4).map_err(wrong)?;
    history.prepare(Job::of(case, 1, 3).product(other)).await?;
    history.wait(1_000);
    history
        .accept(Job::of(case, 2, 0).lots(&[("A", 2), ("B", 2)]))
        .await?;
    let begun = Job::of(case, 3, 0)
        .lots(&[("B", 3), ("a", 1)])
        .product(other);
    let begun = history.accept(begun).await?;
    history.reserve(begun, 60_000).await?;
    history.cycle(begun, 2, Some(60_000)).await?;
    history.activate_lot(begun, 0).await?;
    history.wait(1_000);
    let first = Job::of(case, 4, 12).sequential(format.clone());
    let first = history.mint(first.product(other)).await?;
    history.revoke_together(first, &[0, 1, 2]).await?;
    let second = history
        .mint(Job::of(case, 5, 5).sequential(format).product(other))
        .await?;
    history.set_status(second, BatchStatus::Exported).await?;
    history.activate(second, &[0, 1, 2, 3, 4]).await?;
    history
        .mint(Job::of(case, 6, 4).numeric().born_active())
        .await?;
    history.wait(1_000);
    let voided = history.mint(Job::of(case, 7, 4).product(other)).await?;
    history.activate(voided, &[1]).await?;
    history.set_status(voided, BatchStatus::Voided).await?;
    let failed = history
        .accept(Job::of(case, 8, 3).provided(&["A1", "A2"]))
        .await?;
    history.fail(failed, "it cannot be").await?;
    let cancelled = history.accept(Job::of(case, 9, 5)).await?;
    history.reserve(cancelled, 60_000).await?;
    history.cycle(cancelled, 1, None).await?;
    history.revoke(cancelled, &[0]).await?;
    history.cancel(cancelled).await?;
    let reserved = history.accept(Job::of(case, 10, 5).product(other)).await?;
    history.reserve(reserved, 60_000).await
}

/// Queries with one part each.
fn parts(case: &ReadCase, history: &History<'_>) -> Checked<Vec<BatchQuery>> {
    let none = BatchQuery::default;
    let mut parts = vec![none()];
    parts.extend(
        [
            BatchStatus::Draft,
            BatchStatus::Queued,
            BatchStatus::Processing,
            BatchStatus::Failed,
            BatchStatus::Minted,
            BatchStatus::Exported,
            BatchStatus::Voided,
        ]
        .map(|status| BatchQuery {
            status: Some(status),
            ..none()
        }),
    );
    parts.extend(
        [
            JobStatus::Preflighted,
            JobStatus::Reserved,
            JobStatus::Completed,
            JobStatus::Cancelled,
        ]
        .map(|status| BatchQuery {
            job_status: Some(status),
            ..none()
        }),
    );
    parts.extend([0, 1, 2].map(|number| BatchQuery {
        product: Some(case.product(number)),
        ..none()
    }));
    for code in ["A", "B", "a", "C"] {
        parts.push(BatchQuery {
            lot: Some(case.read(code)?),
            ..none()
        });
    }
    parts.extend(UnitStatus::ALL.map(|status| BatchQuery {
        holding: Some(status),
        ..none()
    }));
    parts.extend(
        [(1, 4), (4, 4), (5, 20), (20, 30)].map(|(least, greatest)| BatchQuery {
            ids: Some(batch_id(case, least).prefix()..=batch_id(case, greatest).prefix()),
            ..none()
        }),
    );
    parts.extend(serial_texts(history).into_iter().map(|text| BatchQuery {
        serials: Some(text),
        ..none()
    }));
    Ok(parts)
}

/// What serials of the batches begin with, and some that none does.
fn serial_texts(history: &History<'_>) -> BTreeSet<String> {
    let fixed = [
        "", "S", "SN-", "sn-", "SN-0012", "SN-0013", "SN-0018", "1", "~",
    ];
    let derived = history.batches.values().filter_map(|told| {
        let serial = told.identity()?.unit(0)?.serial?;
        serial.as_str().get(..6).map(str::to_owned)
    });
    fixed
        .into_iter()
        .map(str::to_owned)
        .chain(derived)
        .collect()
}

fn merged(one: &BatchQuery, other: &BatchQuery) -> BatchQuery {
    BatchQuery {
        status: one.status.or(other.status),
        job_status: one.job_status.or(other.job_status),
        product: one.product.or(other.product),
        lot: one.lot.or(other.lot),
        holding: one.holding.or(other.holding),
        ids: one.ids.clone().or_else(|| other.ids.clone()),
        serials: one.serials.clone().or_else(|| other.serials.clone()),
    }
}

fn holds(query: &BatchQuery, told: &Told) -> bool {
    let facts = told.facts();
    let lots = facts.lots.as_slice();
    let has_lot = |code| lots.iter().any(|lot| lot.lot_code == code);
    let has_unit = |status| (0..told.batch.minted).any(|index| told.standing(index) == status);
    let within = |text: &String| {
        let span = told.allocation().and_then(|serials| serials.span());
        span.is_some_and(|span| span.may_begin_with(text))
    };
    query
        .status
        .is_none_or(|status| told.batch.status == status)
        && query
            .job_status
            .is_none_or(|status| told.batch.job == status)
        && query
            .product
            .is_none_or(|product| facts.product_id == product)
        && query.lot.is_none_or(has_lot)
        && query.holding.is_none_or(has_unit)
        && query
            .ids
            .as_ref()
            .is_none_or(|ids| ids.contains(&told.id().prefix()))
        && query.serials.as_ref().is_none_or(within)
}

async fn is_listed(case: &ReadCase, history: &History<'_>, query: &BatchQuery) -> Checked {
    let due = history.batches.values().filter(|told| holds(query, told));
    let due: BTreeSet<_> = due.map(Told::key).collect();
    for order in ORDERS {
        let keys = case.keys(case.brand, query, order).await?;
        let got: BTreeSet<_> = keys.into_iter().collect();
        if let Some(more) = got.difference(&due).next() {
            return Err(case.violation(format!("{more:?} is listed for {query:?}")));
        }
        if let Some(missing) = due.difference(&got).next() {
            return Err(case.violation(format!("{missing:?} is missing for {query:?}")));
        }
    }
    Ok(())
}
