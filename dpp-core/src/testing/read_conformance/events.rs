//! E01 and E02: events, page by page and by what is asked for.

use super::case::{ORDERS, Pages, ReadCase, difference};
use super::history::{History, Job, batch_id};
use super::{ReadFixture, Violation};
use crate::export::ExportFormat;
use crate::mint::BatchStatus;
use crate::store::log::{EventType, Position, RecordedEvent};
use crate::store::{Entity, EntityKind, EventQuery, Order};
use crate::testing::kit::Checked;
use crate::{PageLimit, ProductBatchId, Timestamp};

/// E01: events are listed in feed order, or against it, each once, also while events are
/// added; they are as they were committed.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn e01_events_as_they_were_committed(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "E01").await;
    let mut history = case.history();
    all_sorts_of_events(&case, &mut history).await?;
    let few = [1, 2, 3].map(PageLimit::new);
    let queries = [
        EventQuery::default(),
        of_kind(EntityKind::MintUnit),
        EventQuery {
            entity: Some(Entity::MintBatch(batch_id(&case, 1))),
            ..EventQuery::default()
        },
    ];
    for query in &queries {
        pages_are_whole(&case, &history, query, &few).await?;
    }
    // Far more events than one look at the log may give.
    let large = history.mint(Job::of(&case, 9, 600)).await?;
    let all: Vec<_> = (0..600).collect();
    history.activate(large, &all).await?;
    let many = [100, 256, 257, 10_000].map(PageLimit::new);
    pages_are_whole(&case, &history, &EventQuery::default(), &many).await?;
    for order in ORDERS {
        pages_while_added(&case, &mut history, order).await?;
    }
    Ok(())
}

fn of_kind(kind: EntityKind) -> EventQuery {
    EventQuery {
        kind: Some(kind),
        ..EventQuery::default()
    }
}

/// Events of each type that reads tell of, at times that also go back.
async fn all_sorts_of_events(case: &ReadCase, history: &mut History<'_>) -> Checked {
    let production = ProductBatchId::from_uuid(case.uuid("production", 0));
    let lots = Job::of(case, 1, 0).lots(&[("A", 4), ("B", 2)]);
    let one = history.prepare(lots.production(production)).await?;
    history.wait(1_000);
    history.queue_prepared(one).await?;
    let two = history.accept(Job::of(case, 2, 3)).await?;
    history.reserve(one, 60_000).await?;
    history.cycle(one, 2, None).await?;
    history.wait(1_000);
    history.fail_cycle(one, "the disk is full").await?;
    history.take_over(one, 60_000).await?;
    history.activate_lot(one, 0).await?;
    history.cycle(one, 4, None).await?;
    history.wait(-1_500);
    history.revoke(one, &[0, 5]).await?;
    history.revoke_together(one, &[0, 1]).await?;
    history.activate(one, &[4]).await?;
    history.wait(2_000);
    history
        .request_export(case.export(1), one, ExportFormat::Manifest)
        .await?;
    history
        .request_export(case.export(2), one, ExportFormat::QrBundle)
        .await?;
    history.complete_export(case.export(1)).await?;
    history.set_status(one, BatchStatus::Exported).await?;
    history.reserve(two, 60_000).await?;
    history.fail(two, "it cannot be").await?;
    let brought = Job::of(case, 3, 2).product(case.product(1));
    let brought = history.accept(brought.provided(&["A1", "A2"])).await?;
    history.cancel(brought).await
}

async fn pages_are_whole(
    case: &ReadCase,
    history: &History<'_>,
    query: &EventQuery,
    limits: &[PageLimit],
) -> Checked {
    let mut feed = written(case, history).await?;
    if *query != EventQuery::default() {
        // Which events a query asks for is not this clause's.
        let order = Order::OldestFirst;
        let asked = case
            .events(case.brand, query, order, None, PageLimit::MAX)
            .await?;
        feed.retain(|event| asked.iter().any(|asked| asked.position == event.position));
    }
    for order in ORDERS {
        let mut due = feed.clone();
        if order == Order::NewestFirst {
            due.reverse();
        }
        for limit in limits {
            let mut pages = Pages::of(*limit);
            while pages.go_on(case)? {
                pages.add(next_page(case, query, order, &pages).await?);
            }
            same_events(case, &pages.rows, &due, order)?;
        }
    }
    Ok(())
}

async fn next_page(
    case: &ReadCase,
    query: &EventQuery,
    order: Order,
    pages: &Pages<RecordedEvent>,
) -> Checked<Vec<RecordedEvent>> {
    let last = pages.rows.last().map(|event| event.position);
    case.events(case.brand, query, order, last, pages.limit)
        .await
}

/// The feed, which must be what the kit wrote: else it is the log that is wrong.
async fn written(case: &ReadCase, history: &History<'_>) -> Checked<Vec<RecordedEvent>> {
    let feed = case.feed(case.brand).await?;
    let told = feed.iter().map(|event| (event.stream, &event.event));
    let same = told.eq(history
        .events
        .iter()
        .map(|(stream, event)| (*stream, event)));
    case.require(same, "the log itself does not give what was committed")?;
    Ok(feed)
}

fn same_events(
    case: &ReadCase,
    got: &[RecordedEvent],
    due: &[RecordedEvent],
    order: Order,
) -> Checked {
    let positions = |events: &[RecordedEvent]| -> Vec<Position> {
        events.iter().map(|event| event.position).collect()
    };
    let wrong = |what: String| Err(case.violation(format!("events {order:?}: {what}")));
    if let Some(difference) = difference(&positions(got), &positions(due)) {
        return wrong(difference);
    }
    let mut pairs = got.iter().zip(due);
    match pairs.find(|(got, due)| got != due) {
        Some((event, _)) => wrong(format!("{event:?} is not as it was committed")),
        None => Ok(()),
    }
}

async fn pages_while_added(case: &ReadCase, history: &mut History<'_>, order: Order) -> Checked {
    let before = case.feed(case.brand).await?;
    let query = EventQuery::default();
    let mut pages = Pages::of(PageLimit::new(150));
    let mut numbers = 0..8_u64;
    while pages.go_on(case)? {
        if let Some(number) = numbers.next() {
            let export = case.export(1_000 + before.len() as u64 + number);
            let batch = batch_id(case, 1);
            history
                .request_export(export, batch, ExportFormat::Manifest)
                .await?;
        }
        pages.add(next_page(case, &query, order, &pages).await?);
    }
    let mut seen: Vec<_> = pages.rows.iter().map(|event| event.position).collect();
    let pairs = seen.iter().zip(seen.iter().skip(1));
    let in_order = pairs.into_iter().all(|(one, next)| match order {
        Order::NewestFirst => one > next,
        Order::OldestFirst => one < next,
    });
    case.require(
        in_order,
        format!("events {order:?} lose their order while some are added"),
    )?;
    seen.sort_unstable();
    let missing = before
        .iter()
        .find(|event| seen.binary_search(&event.position).is_err());
    case.require(
        missing.is_none(),
        format!("events {order:?} miss {missing:?} while some are added"),
    )
}

/// E02: only events for which all of the query holds are listed.
///
/// # Errors
/// The [`Violation`], if the read side does not keep it.
pub async fn e02_events_for_which_all_holds(fixture: &ReadFixture) -> Result<(), Violation> {
    let case = ReadCase::open(fixture, "E02").await;
    let mut history = case.history();
    all_sorts_of_events(&case, &mut history).await?;
    let feed = written(&case, &history).await?;
    let parts = parts(&case, &history)?;
    for (place, one) in parts.iter().enumerate() {
        is_listed(&case, &feed, one).await?;
        for other in parts.iter().skip(place + 1) {
            is_listed(&case, &feed, &merged(one, other)).await?;
        }
    }
    for event in &feed {
        let fitting = parts.iter().filter(|part| holds(part, event));
        let whole = fitting.fold(EventQuery::default(), |whole, part| merged(&whole, part));
        is_listed(&case, &feed, &whole).await?;
    }
    Ok(())
}

/// Queries with one part each.
fn parts(case: &ReadCase, history: &History<'_>) -> Checked<Vec<EventQuery>> {
    let none = EventQuery::default;
    let mut parts = vec![none()];
    parts.extend(EntityKind::ALL.map(of_kind));
    let types = [
        "mint_job_preflighted",
        "mint_job_queued",
        "mint_units_created",
        "mint_lots_confirmed",
        "mint_batch_status_changed",
        "mint_unit_revoked",
        "mint_units_revoked",
        "export_requested",
        "nothing_of_this_kind",
    ];
    parts.extend(types.map(|name| EventQuery {
        event_type: Some(EventType::new(name)),
        ..none()
    }));
    parts.extend(
        entities(case, history)?
            .into_iter()
            .map(|entity| EventQuery {
                entity: Some(entity),
                ..none()
            }),
    );
    let first = history
        .events
        .first()
        .map_or(0, |(_, event)| event.metadata.at.unix_millis());
    for at in [0, 500, 501, 1_000, 2_000, 9_000] {
        let at = Some(Timestamp::from_unix_millis(first + at));
        parts.push(EventQuery { from: at, ..none() });
        parts.push(EventQuery {
            until: at,
            ..none()
        });
    }
    Ok(parts)
}

fn entities(case: &ReadCase, history: &History<'_>) -> Checked<Vec<Entity>> {
    let [one, two, unknown] = [1, 2, 99].map(|number| batch_id(case, number));
    let told = history.told(one)?;
    let identity = told.identity();
    let unit = identity.as_ref().and_then(|identity| identity.unit(0));
    let lots = identity
        .as_ref()
        .map(|identity| identity.lot_ids(&told.facts().lots));
    let production = ProductBatchId::from_uuid(case.uuid("production", 0));
    let mut entities = vec![
        Entity::MintJob(one.job()),
        Entity::MintBatch(one),
        Entity::MintJob(two.job()),
        Entity::MintBatch(two),
        Entity::MintBatch(unknown),
        Entity::SerialPool(case.product(0)),
        Entity::ProductBatch(production),
        Entity::Export(case.export(1)),
    ];
    entities.extend(unit.map(|unit| Entity::MintUnit(unit.id)));
    entities.extend(lots.into_iter().flatten().map(Entity::MintLot));
    Ok(entities)
}

fn merged(one: &EventQuery, other: &EventQuery) -> EventQuery {
    EventQuery {
        kind: one.kind.or(other.kind),
        event_type: one.event_type.clone().or_else(|| other.event_type.clone()),
        entity: one.entity.or(other.entity),
        from: one.from.or(other.from),
        until: one.until.or(other.until),
    }
}

fn holds(query: &EventQuery, recorded: &RecordedEvent) -> bool {
    let (stream, event) = (recorded.stream, &recorded.event);
    let kind = EntityKind::of(stream.kind(), &event.event_type);
    let (name, at) = (event.event_type.as_str(), event.metadata.at);
    query.kind.is_none_or(|wanted| wanted == kind)
        && query
            .event_type
            .as_ref()
            .is_none_or(|wanted| wanted.as_str() == name)
        && query
            .entity
            .is_none_or(|entity| entity.streams().contains(&stream))
        && query.from.is_none_or(|from| at >= from)
        && query.until.is_none_or(|until| at < until)
}

async fn is_listed(case: &ReadCase, feed: &[RecordedEvent], query: &EventQuery) -> Checked {
    let due: Vec<_> = feed.iter().filter(|event| holds(query, event)).collect();
    for order in ORDERS {
        let got = case
            .events(case.brand, query, order, None, PageLimit::MAX)
            .await?;
        if let Some(more) = got.iter().find(|event| !holds(query, event)) {
            return Err(case.violation(format!("{more:?} is listed for {query:?}")));
        }
        let listed = |event: &&&RecordedEvent| got.iter().any(|got| got.position == event.position);
        if let Some(missing) = due.iter().find(|event| !listed(event)) {
            return Err(case.violation(format!("{missing:?} is missing for {query:?}")));
        }
    }
    Ok(())
}
