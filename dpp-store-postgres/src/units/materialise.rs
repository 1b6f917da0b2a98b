//! Writing the units of a batch, 20,000 to a transaction.

use std::ops::Range;

use dpp_core::identity::{MintBatchId, ProvidedSerials};
use dpp_core::mint::{MintEvent, PROVIDED_ROWS_PER_EVENT};
use dpp_core::read::BatchUnits;
use dpp_core::store::BatchFold;
use dpp_core::store::log::StreamKind;
use dpp_core::{BrandId, TextRows};
use tokio_postgres::Row;

use super::rows::Units;
use super::{Materialised, UnitsError};
use crate::fault::Failed;
use crate::log::{COLUMNS, FeedTag, recorded};
use crate::lone::Lone;
use crate::options::Unreadable;
use crate::pipeline::Step;
use crate::store::Shared;
use crate::tables::{Loaded, Wanted};

/// One transaction writes at most so many: as many as an event has serials that the brand
/// brought, and beginning where such events do.
const AT_ONCE: u32 = PROVIDED_ROWS_PER_EVENT;

pub(super) async fn materialise(
    shared: &Shared,
    brand: BrandId,
    batch: MintBatchId,
) -> Result<Materialised, UnitsError> {
    let lone = Lone::take(&shared.pool).await?;
    let writing = Writing {
        shared,
        lone: &lone,
        brand,
        batch,
    };
    let done = writing.all().await;
    // After an error the connection may be inside a transaction: it is closed instead.
    if done.is_ok() {
        lone.finish();
    }
    done
}

struct Writing<'a> {
    shared: &'a Shared,
    lone: &'a Lone,
    brand: BrandId,
    batch: MintBatchId,
}

/// What a transaction knows once it has the turn.
struct Turn {
    tag: FeedTag,
    /// The number of the last event when the turn began: what follows is as new, or newer.
    position: i64,
    /// How many units are written.
    upto: u32,
    fold: BatchFold,
}

const ENTER: &str = "INSERT INTO unit_batch (brand_id, batch_id) VALUES ($1, $2)
  ON CONFLICT DO NOTHING";

const TURN: &str = "SELECT upto FROM unit_batch WHERE brand_id = $1 AND batch_id = $2 FOR UPDATE";

const HEAD: &str = "SELECT tag, position, unreadable FROM brand_head WHERE brand_id = $1";

const WRITTEN: &str = "UPDATE unit_batch SET upto = greatest(upto, $3), written_at = now()
  WHERE brand_id = $1 AND batch_id = $2";

const AS_OF: &str = "UPDATE unit_batch SET as_of = greatest(as_of, $3), written_at = now()
  WHERE brand_id = $1 AND batch_id = $2";

const STATUSES: &str = "SELECT index, status FROM unit
  WHERE brand_id = $1 AND batch_id = $2 AND index >= $3 AND index < $4";

const CHANGE: &str = "UPDATE unit u SET status = due.status
   FROM unnest($3::integer[], $4::text[]) AS due (index, status)
  WHERE u.brand_id = $1 AND u.batch_id = $2 AND u.index = due.index";

impl Writing<'_> {
    /// Goes through the batch from its first unit, refreshes what is there, and adds what is
    /// not.
    async fn all(&self) -> Result<Materialised, UnitsError> {
        self.check_has_units().await?;
        let (brand, batch) = (self.brand.as_uuid(), self.batch.as_uuid());
        self.lone.rows(ENTER, &[brand, batch]).await?;
        let mut since = None;
        let (mut written, mut changed) = (0, 0);
        let mut next = 0;
        loop {
            self.lone.plain("BEGIN").await?;
            let turn = self.turn(next).await?;
            let begun = *since.get_or_insert(turn.position);
            let minted = turn.fold.record.batch.minted;
            if next >= minted {
                self.lone.rows(AS_OF, &[brand, batch, &begun]).await?;
                self.lone.plain("COMMIT").await?;
                return Ok(Materialised {
                    upto: turn.upto,
                    as_of: turn.tag.position(begun),
                    written,
                    changed,
                });
            }
            let end = run_after(next).min(minted);
            let there = next..end.min(turn.upto).max(next);
            let new = there.end..end;
            changed += self.refresh(&turn, there).await?;
            written += new.end - new.start;
            self.add(&turn, new).await?;
            self.lone.plain("COMMIT").await?;
            next = end;
        }
    }

    /// A batch without units is not entered.
    async fn check_has_units(&self) -> Result<(), UnitsError> {
        let found = self.facts(0).await?;
        self.units(&found.2).map(drop)
    }

    /// Waits for the turn, and only then reads the facts: nobody who had it before knew newer
    /// ones, and so no status ever goes back.
    async fn turn(&self, from: u32) -> Result<Turn, UnitsError> {
        let params: crate::pool::Params<'_> = &[self.brand.as_uuid(), self.batch.as_uuid()];
        let rows = self.lone.rows(TURN, params).await?;
        let row = rows.first().ok_or(UnitsError::Forgotten(self.batch))?;
        let upto: i32 = row.try_get(0).map_err(Failed::because)?;
        let upto = u32::try_from(upto).unwrap_or(0);
        // Who was forgotten and begun again by another call has rows to write anew.
        if upto < from {
            return Err(UnitsError::Forgotten(self.batch));
        }
        let (tag, position, fold) = self.facts(from).await?;
        Ok(Turn {
            tag,
            position,
            upto,
            fold,
        })
    }

    /// The end of the feed, and then the batch with what happened to its units from an index on.
    async fn facts(&self, from: u32) -> Result<(FeedTag, i64, BatchFold), UnitsError> {
        let mut steps = vec![Step::With(HEAD, vec![Box::new(*self.brand.as_uuid())])];
        let wanted = Wanted::units(self.batch, from..run_after(from));
        steps.extend(wanted.steps(self.brand));
        let answers = self.lone.run(&steps).await?;
        let none = || UnitsError::NoUnits(self.batch);
        let (head, rest) = answers.split_first().ok_or_else(none)?;
        let (tag, position) = self.head(head.first().ok_or_else(none)?)?;
        let fold = Loaded::of(rest)?.batch(self.batch).ok_or_else(none)?;
        Ok((tag, position, fold))
    }

    fn head(&self, row: &Row) -> Result<(FeedTag, i64), UnitsError> {
        let read = || -> Result<_, Failed> {
            let unreadable: Option<i64> = row.try_get(2)?;
            Ok((FeedTag(row.try_get(0)?), row.try_get(1)?, unreadable))
        };
        let (tag, position, unreadable) = read()?;
        match (unreadable, self.shared.unreadable) {
            (Some(number), Unreadable::Refuse) => Err(UnitsError::Unreadable {
                brand: self.brand,
                position: tag.position(number),
            }),
            _ => Ok((tag, position)),
        }
    }

    fn units(&self, fold: &BatchFold) -> Result<BatchUnits, UnitsError> {
        BatchUnits::of(fold.record.clone()).ok_or(UnitsError::NoUnits(self.batch))
    }

    /// Brings the statuses of rows up to date; how many were not.
    async fn refresh(&self, turn: &Turn, rows: Range<u32>) -> Result<u32, UnitsError> {
        if rows.is_empty() {
            return Ok(0);
        }
        let (brand, batch) = (self.brand.as_uuid(), self.batch.as_uuid());
        let (first, end) = (rows.start as i32, rows.end as i32);
        let there = self
            .lone
            .rows(STATUSES, &[brand, batch, &first, &end])
            .await?;
        let (indexes, statuses) = outdated(turn, &there)?;
        if indexes.is_empty() {
            return Ok(0);
        }
        let params: crate::pool::Params<'_> = &[brand, batch, &indexes, &statuses];
        self.lone.rows(CHANGE, params).await?;
        Ok(u32::try_from(indexes.len()).unwrap_or(u32::MAX))
    }

    async fn add(&self, turn: &Turn, indexes: Range<u32>) -> Result<(), UnitsError> {
        if indexes.is_empty() {
            return Ok(());
        }
        let units = self.units(&turn.fold)?;
        let provided = match units.identity().needs_serials() {
            true => Some(self.provided(turn, indexes.clone()).await?),
            false => None,
        };
        let upto = indexes.end as i32;
        let new = Units {
            units: &units,
            exceptions: &turn.fold.exceptions,
            indexes,
            provided,
        };
        new.copy(self.lone).await?;
        let params: crate::pool::Params<'_> = &[self.brand.as_uuid(), self.batch.as_uuid(), &upto];
        self.lone.rows(WRITTEN, params).await?;
        Ok(())
    }

    /// The serials that the brand brought for some units of one event.
    async fn provided(
        &self,
        turn: &Turn,
        indexes: Range<u32>,
    ) -> Result<ProvidedSerials, UnitsError> {
        let run = indexes.start / AT_ONCE;
        let version = i64::from(run) + 2;
        let params: crate::pool::Params<'_> =
            &[self.brand.as_uuid(), self.batch.as_uuid(), &version];
        let rows = self.lone.rows(&event_of_batch(), params).await?;
        let event = rows.first().map(|row| recorded(turn.tag, row, 0));
        let event = event.transpose()?;
        let decoded = event
            .as_ref()
            .map(|event| self.shared.codec.decode(&event.event));
        let Some(Ok(MintEvent::SerialsProvided(brought))) = decoded else {
            let what = format_args!(
                "event {version} of batch `{}` brings no serials",
                self.batch
            );
            return Err(Failed::damaged(what).into());
        };
        let skipped = (indexes.start - run * AT_ONCE) as usize;
        let rows = brought.serials.split(' ').skip(skipped);
        let rows: TextRows = rows.take(indexes.len()).collect();
        let all = rows.len() == indexes.len() && brought.from == run * AT_ONCE;
        let serials = ProvidedSerials::new(self.batch, indexes.start, rows);
        let serials = serials.map_err(Failed::damaged)?;
        match all {
            true => Ok(serials),
            false => Err(Failed::damaged("serials that a brand brought are missing").into()),
        }
    }
}

fn event_of_batch() -> String {
    let kind = StreamKind::MintBatch.as_str();
    format!(
        "SELECT {COLUMNS} FROM event e
          WHERE e.brand_id = $1 AND e.stream_id = $2 AND e.stream_kind = '{kind}'
            AND e.version = $3"
    )
}

/// Where the next event with serials that the brand brought begins.
const fn run_after(index: u32) -> u32 {
    (index / AT_ONCE + 1) * AT_ONCE
}

/// The rows whose status is not what it should be, and what it should be.
fn outdated(turn: &Turn, there: &[Row]) -> Result<(Vec<i32>, Vec<&'static str>), Failed> {
    let (mut indexes, mut statuses) = (Vec::new(), Vec::new());
    let units = turn.fold.record.of_units();
    for row in there {
        let (index, status): (i32, &str) = (row.try_get(0)?, row.try_get(1)?);
        let due = units.status(&turn.fold.exceptions, index as u32).as_str();
        if status != due {
            indexes.push(index);
            statuses.push(due);
        }
    }
    Ok((indexes, statuses))
}
