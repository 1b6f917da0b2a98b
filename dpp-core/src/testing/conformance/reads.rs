//! R01 to R06: streams, feeds and heads by page.

use std::collections::BTreeMap;

use super::case::{Case, Checked, Tail, events, version};
use super::{Fixture, Violation};
use crate::store::log::{Commit, Conflict, Expected, FeedPage, Head, PageLimit, Position};
use crate::store::log::{ReadError, StreamId, StreamKind, StreamPage, Version};
use crate::{BrandId, Timestamp};

const LIMITS: [u32; 7] = [1, 2, 3, 6, 7, 8, 10_000];

/// R01: a stream is read from a version, that one included, in order; following `next` gives
/// every event once.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn r01_streams_by_page(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "R01").await;
    let stream = case.stream(1);
    seven_events_among_others(&case, stream).await?;
    let all = case.stream_events(case.brand, stream).await?;
    case.same("the number of events", &all.len(), &7)?;

    for limit in LIMITS.map(PageLimit::new) {
        let mut seen = Vec::new();
        let mut next = Some(version(1));
        while let Some(from) = next {
            let page = page(&case, stream, from.get(), limit).await?;
            case.require(
                page.next.is_none_or(|next| next > from),
                "`next` does not lead on",
            )?;
            seen.extend(page.events);
            next = page.next;
        }
        case.require(
            seen == all,
            format!("pages of {} give {} of 7 events", limit.get(), seen.len()),
        )?;
        for from in 1..=9 {
            let page = page(&case, stream, from, limit).await?;
            let due = (from..=7).map(version);
            let order = page.events.iter().map(|event| event.version).zip(due);
            case.require(
                order.clone().all(|(got, due)| got == due) && order.count() == page.events.len(),
                format!("reading from version {from} does not go on from there"),
            )?;
            case.require(
                from > 7 || !page.events.is_empty(),
                format!("reading from version {from} gives no event"),
            )?;
        }
    }
    Ok(())
}

async fn seven_events_among_others(case: &Case<'_>, stream: StreamId) -> Checked<Vec<Commit>> {
    let mut commits = Vec::new();
    let other = case.stream(1_000);
    for (before, count) in [(0, 1), (1, 4), (5, 2)] {
        let expected = Expected::at(Version::new(before));
        let draft = case.draft().write(stream, expected, events(0..count));
        let at_other = Version::new(commits.len() as u64 * 2);
        let draft = draft.write(other, Expected::at(at_other), events(7..9));
        commits.push(case.make(draft).await?);
    }
    Ok(commits)
}

async fn page(
    case: &Case<'_>,
    stream: StreamId,
    from: u64,
    limit: PageLimit,
) -> Checked<StreamPage> {
    let page = case
        .store
        .read_stream(case.brand, stream, version(from), limit);
    let failed = |error| case.violation(format!("reading a stream failed: {error}"));
    page.await.map_err(failed)
}

async fn feed_page(
    case: &Case<'_>,
    after: Option<Position>,
    limit: PageLimit,
) -> Checked<FeedPage> {
    let page = case.store.read_feed(case.brand, after, limit).await;
    page.map_err(|error| case.violation(format!("reading the feed failed: {error}")))
}

/// R02: a stream without events is an empty page, not an error.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn r02_no_stream_is_an_empty_page(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "R02").await;
    let stream = case.stream(1);
    let namesake = StreamId::new(StreamKind::SerialPool, *stream.id());
    let empty = StreamPage {
        events: Vec::new(),
        next: None,
    };
    for from in [1, 2, 1_000] {
        let got = page(&case, stream, from, PageLimit::MAX).await?;
        case.same("a stream of a brand without events", &got, &empty)?;
    }
    case.make(case.draft().write(stream, Expected::NoStream, events(0..2)))
        .await?;
    for (absent, from) in [(namesake, 1), (case.stream(2), 1), (case.stream(2), 2)] {
        let got = page(&case, absent, from, PageLimit::new(1)).await?;
        case.same("a stream without events", &got, &empty)?;
    }
    Ok(())
}

/// R03: no page has more events than was asked for; a page may have fewer, and `next` alone
/// tells whether more follow.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn r03_no_page_is_too_long(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "R03").await;
    let stream = case.stream(1);
    seven_events_among_others(&case, stream).await?;
    let end = case
        .feed_events(case.brand)
        .await?
        .last()
        .map(|event| event.position);
    for limit in LIMITS.map(PageLimit::new) {
        for from in 1..=8 {
            let page = page(&case, stream, from, limit).await?;
            fits(&case, page.events.len(), limit)?;
            let seen = page
                .events
                .last()
                .map_or(from - 1, |event| event.version.get());
            let told = page.next.is_some();
            case.same("whether a stream's page tells of more", &told, &(seen < 7))?;
        }
        let feed = feed_page(&case, None, limit).await?;
        fits(&case, feed.events.len(), limit)?;
        let rest = feed_page(&case, end, limit).await?;
        fits(&case, rest.events.len(), PageLimit::new(1))?;
        case.require(!rest.more, "the feed's end tells of more events")?;
        let heads = case.store.heads(None, limit).await;
        let failed = |error| case.violation(format!("reading the heads failed: {error}"));
        fits(&case, heads.map_err(failed)?.heads.len(), limit)?;
    }
    Ok(())
}

fn fits(case: &Case<'_>, rows: usize, limit: PageLimit) -> Checked {
    case.require(
        rows <= limit.get(),
        format!("a page of at most {} rows has {rows}", limit.get()),
    )
}

/// R04: the feed has every event of the brand in commit order, with positions that grow
/// strictly; reading on from `upto` gives every event once, also when a page ends inside a
/// commit.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn r04_the_feed_in_commit_order(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "R04").await;
    let nothing = FeedPage {
        events: Vec::new(),
        upto: None,
        more: false,
    };
    let got = feed_page(&case, None, PageLimit::new(1)).await?;
    case.same("an empty feed", &got, &nothing)?;

    // The writers' clocks run backwards, which must not matter.
    let mut commits = Vec::new();
    let mut tails = LIMITS.map(|limit| (Tail::new(case.brand), PageLimit::new(limit)));
    for number in 0..4 {
        let at = Timestamp::from_unix_millis(1_800_000_000_000 - number * 1_000);
        let end = u64::try_from(number).unwrap_or_default() * 3;
        let expected = Expected::at(Version::new(end));
        let mut streams = [case.stream(1), case.stream(2), case.stream(3)];
        streams.rotate_left(usize::try_from(end).unwrap_or_default() / 3 % 3);
        let draft = case.draft_at(case.brand, case.commit_id(), at);
        let draft = streams.into_iter().fold(draft, |draft, stream| {
            draft.write(stream, expected, events(0..3))
        });
        commits.push(case.make(draft).await?);
        // Some readers follow commit by commit, others come later.
        for (tail, limit) in tails.iter_mut().step_by(2) {
            tail.advance(&case, *limit).await?;
        }
    }
    let commits: Vec<_> = commits.iter().collect();
    case.holds(case.brand, &commits).await?;
    let feed = case.feed_events(case.brand).await?;
    let pairs = feed.iter().zip(feed.iter().skip(1));
    let grow = pairs
        .clone()
        .all(|(one, next)| one.position < next.position);
    case.require(grow, "positions do not grow strictly")?;

    for (mut tail, limit) in tails {
        tail.advance(&case, limit).await?;
        case.require(
            tail.seen == feed,
            format!("pages of {} give other events than one", limit.get()),
        )?;
    }
    for (event, seen) in feed.iter().zip(1..) {
        let rest = feed_page(&case, Some(event.position), PageLimit::MAX).await?;
        let due = feed.get(seen..).unwrap_or_default();
        case.require(
            due.starts_with(&rest.events) && rest.events.is_empty() == due.is_empty(),
            "reading after an event's position does not go on after it",
        )?;
    }
    Ok(())
}

/// R05: a position that another store or another brand gave is refused as `ForeignPosition`.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn r05_foreign_positions_are_refused(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "R05").await;
    let [mine, other, none] = [case.brand, case.brand(1), case.brand(2)];
    let mut commits = Vec::new();
    for (brand, count) in [(mine, 4), (other, 2)] {
        let draft = case.draft_as(brand, case.commit_id());
        let draft = draft.write(case.stream(1), Expected::NoStream, events(0..count));
        commits.push(case.make(draft).await?);
    }
    for (from, of) in [(mine, other), (other, mine), (mine, none)] {
        for event in case.feed_events(from).await? {
            foreign(&case, of, event.position).await?;
        }
    }
    for made_up in [[0; 16], [0xff; 16]] {
        foreign(&case, mine, Position::from_bytes(made_up)).await?;
    }

    // A second store over the same database is the same store, and gives the same positions.
    let second = case.open_another().await;
    let seen = second.read_feed(mine, None, PageLimit::MAX).await;
    if seen.is_ok_and(|page| !page.events.is_empty()) {
        return Ok(());
    }
    for commit in &commits {
        let receipt = second.commit(commit).await;
        let failed = |error| case.violation(format!("another store refused: {error}"));
        foreign(&case, commit.brand(), receipt.map_err(failed)?.position).await?;
    }
    Ok(())
}

async fn foreign(case: &Case<'_>, brand: BrandId, position: Position) -> Checked {
    let read = case
        .store
        .read_feed(brand, Some(position), PageLimit::MAX)
        .await;
    match read {
        Err(ReadError::ForeignPosition {
            position: told,
            brand: of,
        }) => case.same("the foreign position", &(told, of), &(position, brand)),
        Err(error) => Err(case.violation(format!("a foreign position gave `{error}`"))),
        Ok(_) => Err(case.violation("a foreign position was taken")),
    }
}

/// R06: the heads are every brand that has events, once, by brand, with the position of its
/// last event, page by page.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn r06_heads_of_all_brands(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "R06").await;
    let mut due = BTreeMap::new();
    for (number, end) in [(5, 0), (2, 0), (4, 0), (2, 2), (1, 0), (5, 2)] {
        let brand = case.brand(number);
        let expected = Expected::at(Version::new(end));
        let draft = case.draft_as(brand, case.commit_id());
        let draft = draft.write(case.stream(1), expected, events(0..2));
        let commit = case.make(draft).await?;
        due.insert(brand, case.made(&commit).await?.position);
    }
    let early = Expected::Exactly(version(1));
    let failing = case.draft_as(case.brand(3), case.commit_id());
    let failing = failing.write(case.stream(1), early, events(0..2));
    let conflict = Conflict {
        stream: case.stream(1),
        expected: early,
        actual: None,
    };
    case.conflicts(&case.build(failing)?, conflict).await?;

    let due: Vec<_> = due
        .into_iter()
        .map(|(brand, position)| Head { brand, position })
        .collect();
    for limit in [1, 2, 3, 4, 7].map(PageLimit::new) {
        let heads = heads_between(&case, Some(case.brand(0)), case.brand(6), limit).await?;
        case.same("the heads after a brand", &heads, &due)?;
    }
    let mut all = heads_between(&case, None, case.brand(6), PageLimit::MAX).await?;
    all.retain(|head| head.brand >= case.brand(0));
    case.same("the heads from the first", &all, &due)
}

/// The heads after a brand and before another; a shared store has others on both sides.
async fn heads_between(
    case: &Case<'_>,
    mut after: Option<BrandId>,
    before: BrandId,
    limit: PageLimit,
) -> Checked<Vec<Head>> {
    let mut all = Vec::new();
    loop {
        let page = case.store.heads(after, limit).await;
        let page = page.map_err(|error| case.violation(format!("heads failed: {error}")))?;
        for head in page.heads {
            let ordered = after < Some(head.brand);
            case.require(ordered, "the heads are not each once and by brand")?;
            after = Some(head.brand);
            if head.brand >= before {
                return Ok(all);
            }
            all.push(head);
        }
        if !page.more {
            return Ok(all);
        }
    }
}
