//! T01 to T06: brands, races, readers and restarts.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use futures::future::{Either, join};

use super::case::{Case, Checked, Tail, events, outcome, value, version};
use super::{Fixture, Violation};
use crate::store::log::{ClaimGroup, ClaimSpace, Commit, CommitBuilder, CommitError};
use crate::store::log::{Expected, PageLimit, Receipt, RecordedEvent, TakenClaim, Version};

const KEYS: ClaimSpace = ClaimSpace::IDEMPOTENCY_KEYS;
const RACERS: u64 = 16;
const ROUNDS: u64 = 8;

/// T01: brands are apart: the same stream ids, claims and commit ids in two brands have
/// nothing to do with one another.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t01_brands_are_apart(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "T01").await;
    let brands = [case.brand, case.brand(1)];
    let stream = case.stream(1);
    let ids = [case.commit_id(), case.commit_id()];
    let mut made: [Vec<Commit>; 2] = Default::default();
    for (id, end) in ids.into_iter().zip([0, 2]) {
        let key = format!("key {end}");
        for (brand, made) in brands.into_iter().zip(&mut made) {
            let before: Vec<_> = made.iter().collect();
            case.holds(brand, &before).await?;
            let free = case.claimed(brand, KEYS, &[&key]).await?;
            case.same("a key that another brand took", &free, &vec![None])?;
            let owner = value(brand.as_uuid().as_bytes());
            let draft = case
                .draft_as(brand, id)
                .write(stream, Expected::at(Version::new(end)), events(0..2))
                .claim(ClaimGroup::one(KEYS, &key, owner));
            made.push(case.make(draft).await?);
        }
    }
    for (brand, made) in brands.into_iter().zip(&made) {
        let made: Vec<_> = made.iter().collect();
        case.holds(brand, &made).await?;
        let owner = Some(value(brand.as_uuid().as_bytes()));
        let kept = case.claimed(brand, KEYS, &["key 0", "key 2"]).await?;
        case.same("what holds the keys of a brand", &kept, &vec![owner; 2])?;
    }
    Ok(())
}

/// T02: of many commits that race with the same expectation exactly one is made.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t02_one_writer_wins(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "T02").await;
    let mut made = Vec::new();
    for round in 0..ROUNDS {
        // Two rounds a stream: one for its beginning, one for going on.
        let stream = case.stream(round / 2);
        let expected = Expected::at(Version::new(round % 2 * 2));
        let racer = |_| case.draft().write(stream, expected, events(0..2));
        let (winner, losers) = one_winner(&case, racer)?;
        for error in losers {
            let CommitError::Conflict(conflict) = error else {
                return Err(case.violation(format!("a lost race gave `{error}`")));
            };
            let told = (conflict.stream, conflict.expected);
            case.same("what a lost race tells", &told, &(stream, expected))?;
        }
        made.push(winner);
    }
    let made: Vec<_> = made.iter().collect();
    case.holds(case.brand, &made).await
}

/// Races commits: the one that was made, and why the others were not.
fn one_winner(
    case: &Case<'_>,
    racer: impl Fn(u64) -> CommitBuilder,
) -> Checked<(Commit, Vec<CommitError>)> {
    let commits = (0..RACERS).map(|number| case.build(racer(number)));
    let commits = commits.collect::<Checked<Vec<_>>>()?;
    let raced = case.race(&commits)?;
    let mut winners = Vec::new();
    let mut losers = Vec::new();
    for (commit, result) in commits.into_iter().zip(raced) {
        match result {
            Ok(_) => winners.push(commit),
            Err(error) => losers.push(error),
        }
    }
    let count = winners.len();
    match (winners.pop(), count) {
        (Some(winner), 1) => Ok((winner, losers)),
        _ => Err(case.violation(format!("of {RACERS} racing commits {count} were made"))),
    }
}

/// T03: of many commits that race for the same key exactly one is made.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t03_one_claim_wins(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "T03").await;
    let mut made = Vec::new();
    for round in 0..ROUNDS {
        let key = format!("key {round}");
        let own = |number| format!("key {round} of {number}");
        let racer = |number: u64| {
            let stream = case.stream(round * RACERS + number);
            let owner = value(&number.to_be_bytes());
            case.draft()
                .write(stream, Expected::NoStream, events(0..2))
                .claim(ClaimGroup::one(KEYS, &own(number), owner))
                .claim(ClaimGroup::one(KEYS, &key, owner))
        };
        let (winner, losers) = one_winner(&case, racer)?;
        let Some(owner) = winner.claims().map(|claim| claim.value).next() else {
            return Err(case.violation("the kit raced without claims"));
        };
        let due = vec![TakenClaim {
            space: KEYS,
            key: key.clone(),
            value: owner,
        }];
        for error in losers {
            match error {
                CommitError::ClaimsTaken { taken } => case.same("what is taken", &taken, &due)?,
                error => return Err(case.violation(format!("a lost race gave `{error}`"))),
            }
        }
        let asked: Vec<_> = (0..RACERS).map(own).chain([key]).collect();
        let asked: Vec<_> = asked.iter().map(String::as_str).collect();
        let held = case.claimed(case.brand, KEYS, &asked).await?;
        let held: Vec<_> = held.into_iter().flatten().collect();
        case.same("the keys that are held", &held, &vec![owner; 2])?;
        made.push(winner);
    }
    let made: Vec<_> = made.iter().collect();
    case.holds(case.brand, &made).await
}

/// T04: the same commit made many times at once is made once, and each caller gets the same
/// receipt.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t04_the_same_commit_is_made_once(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "T04").await;
    let mut made = Vec::new();
    for round in 0..ROUNDS {
        let draft = case
            .draft()
            .write(case.stream(2 * round), Expected::NoStream, events(0..2))
            .write(case.stream(2 * round + 1), Expected::NoStream, events(2..4))
            .claim(ClaimGroup::one(KEYS, &format!("key {round}"), value(b"v")));
        let commit = case.build(draft)?;
        let commits: Vec<_> = (0..RACERS).map(|_| commit.clone()).collect();
        let mut receipts = Vec::new();
        for result in case.race(&commits)? {
            let told = outcome(&result);
            let failed = |_| case.violation(format!("making a commit at once gave {told}"));
            receipts.push(result.map_err(failed)?);
        }
        receipts.dedup();
        case.same("the number of different receipts", &receipts.len(), &1)?;
        made.push(commit);
    }
    let made: Vec<_> = made.iter().collect();
    case.holds(case.brand, &made).await
}

/// T05: nothing turns up behind a reader: once a page says `upto` a position, no event at or
/// below it appears later, while any number of writers commit.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t05_nothing_turns_up_behind_a_reader(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "T05").await;
    for head_start in 0..8 {
        a_slow_commit_is_not_passed(&case, head_start).await?;
    }
    let case = Case::open(fixture, "T05").await;
    many_writers_and_a_reader(&case).await
}

/// A large commit has begun; a small one is made; the feed is read; the large one ends. The
/// large one is driven on all the while, since a store may let the small one wait for it.
async fn a_slow_commit_is_not_passed(case: &Case<'_>, head_start: u32) -> Checked {
    let [a, b] = [0, 1].map(|which| case.stream(u64::from(head_start) * 2 + which));
    let large = case.build(case.draft().write(a, Expected::NoStream, events(0..60)))?;
    let small = case.build(case.draft().write(b, Expected::NoStream, events(0..1)))?;
    let mut tail = Tail::new(case.brand);
    tail.advance(case, PageLimit::MAX).await?;

    let mut large = pin!(case.made(&large));
    let mut done = None;
    for _ in 0..head_start {
        if done.is_none() {
            done = std::future::poll_fn(|context| {
                Poll::Ready(match large.as_mut().poll(context) {
                    Poll::Ready(receipt) => Some(receipt),
                    Poll::Pending => None,
                })
            })
            .await;
        }
    }
    let large = match done {
        Some(done) => Either::Left(std::future::ready(done)),
        None => Either::Right(large),
    };
    let read = async {
        case.made(&small).await?;
        for _ in 0..4 {
            tail.advance(case, PageLimit::MAX).await?;
        }
        Ok(())
    };
    let (made, read) = join(large, read).await;
    made?;
    read?;
    tail.advance(case, PageLimit::MAX).await?;
    saw_everything(case, &tail.seen).await
}

async fn saw_everything(case: &Case<'_>, seen: &[RecordedEvent]) -> Checked {
    let feed = case.feed_events(case.brand).await?;
    case.require(
        feed == seen,
        format!(
            "a reader that followed saw {} events, and the feed has {} or others",
            seen.len(),
            feed.len()
        ),
    )
}

const WRITERS: u64 = 8;
const COMMITS: u64 = 40;
const STREAMS: u64 = 3;

async fn many_writers_and_a_reader(case: &Case<'_>) -> Checked {
    let plans = (0..WRITERS).map(|writer| plan(case, writer));
    let plans = plans.collect::<Checked<Vec<_>>>()?;
    let writing = AtomicUsize::new(plans.len());
    let mut tail = Tail::new(case.brand);
    let writers = plans.iter();
    let writers = writers.map(|plan| Either::Left(write_all(case, plan, Writing(&writing))));
    let mut threads: Vec<_> = writers.collect();
    threads.push(Either::Right(follow(case, &mut tail, &writing)));
    case.together(threads)?;

    saw_everything(case, &tail.seen).await?;
    let of_event = plans.iter().flatten().flat_map(|commit| {
        let events = commit.writes().iter().flat_map(|write| &write.events);
        events.map(move |event| (event.metadata.event_id, commit))
    });
    let of_event: HashMap<_, _> = of_event.collect();
    let commits = tail.seen.iter().map(|event| &event.event.metadata.event_id);
    let mut commits: Vec<_> = commits.filter_map(|id| of_event.get(id).copied()).collect();
    commits.dedup_by_key(|commit| commit.id());
    case.holds(case.brand, &commits).await?;
    let all = usize::try_from(WRITERS * COMMITS).unwrap_or(usize::MAX);
    case.same("the number of commits in the feed", &commits.len(), &all)
}

/// One writer that is still at work, also if it ends by panicking.
struct Writing<'a>(&'a AtomicUsize);

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What one writer commits: each time some events on each of its streams.
fn plan(case: &Case<'_>, writer: u64) -> Checked<Vec<Commit>> {
    let mut ends = [0; STREAMS as usize];
    let commits = (0..COMMITS).map(|number| {
        let mut draft = case.draft();
        for (end, which) in ends.iter_mut().zip(0..) {
            let stream = case.stream(writer * STREAMS + which);
            let count = u32::try_from((number + which) % 4 + 1).unwrap_or(1);
            draft = draft.write(stream, Expected::at(Version::new(*end)), events(0..count));
            *end += u64::from(count);
        }
        case.build(draft)
    });
    commits.collect()
}

async fn write_all(case: &Case<'_>, plan: &[Commit], writing: Writing<'_>) -> Checked {
    for commit in plan {
        case.made(commit).await?;
    }
    drop(writing);
    Ok(())
}

async fn follow(case: &Case<'_>, tail: &mut Tail, writing: &AtomicUsize) -> Checked {
    for limit in [7, 64, 10_000].map(PageLimit::new).into_iter().cycle() {
        let last = writing.load(Ordering::SeqCst) == 0;
        tail.advance(case, limit).await?;
        if last {
            break;
        }
    }
    Ok(())
}

/// T06: a store that was closed and opened again has everything that was committed, and still
/// knows the ids of commits. A store that lives in memory is its own reopening.
///
/// # Errors
/// The [`Violation`], if the store does not keep it.
pub async fn t06_reopened_as_it_was(fixture: &Fixture) -> Result<(), Violation> {
    let case = Case::open(fixture, "T06").await;
    let brands = [case.brand, case.brand(1)];
    let key = |brand, number| format!("key {number} of {brand}");
    let mut made: [Vec<(Commit, Receipt)>; 2] = Default::default();
    for (brand, made) in brands.into_iter().zip(&mut made) {
        for number in 0..3 {
            let draft = case
                .draft_as(brand, case.commit_id())
                .write(case.stream(number), Expected::NoStream, events(0..3))
                .claim(ClaimGroup::one(KEYS, &key(brand, number), value(b"v")));
            let commit = case.build(draft)?;
            let receipt = case.made(&commit).await?;
            made.push((commit, receipt));
        }
    }

    let case = case.reopen().await;
    for (brand, made) in brands.into_iter().zip(&made) {
        let mut commits: Vec<_> = made.iter().map(|(commit, _)| commit).collect();
        case.holds(brand, &commits).await?;
        let keys = [0, 1, 2, 3].map(|number| key(brand, number));
        let keys = keys.each_ref().map(String::as_str);
        let keys = case.claimed(brand, KEYS, &keys);
        let held = Some(value(b"v"));
        case.same("the claims", &keys.await?, &vec![held, held, held, None])?;
        for (commit, receipt) in made {
            let again = case.made(commit).await?;
            case.same("the receipt of a repeated commit", &again, receipt)?;
        }
        let draft = case.draft_as(brand, case.commit_id());
        let next = draft.write(case.stream(0), Expected::Exactly(version(3)), events(3..5));
        let next = case.make(next).await?;
        commits.push(&next);
        case.holds(brand, &commits).await?;

        let kept = made.last().map(|(_, receipt)| receipt.position);
        let on = case.store.read_feed(brand, kept, PageLimit::MAX).await;
        let failed = |error| case.violation(format!("reading on failed: {error}"));
        let first = on.map_err(failed)?.events.into_iter().next();
        let first = first.map(|event| (event.stream, event.version));
        let due = Some((case.stream(0), version(4)));
        case.same("what follows a position kept from before", &first, &due)?;
    }
    Ok(())
}
