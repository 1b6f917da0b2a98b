//! Comparing the rows of a brand with what its events say.

use std::collections::BTreeSet;

use dpp_core::BrandId;
use dpp_core::store::{BrandCounters, Codec};
use uuid::Uuid;

use super::due;
use super::feed::{self, Head};
use super::fold::{Fold, Unreadables};
use super::lines::{Cells, Found, Key, Lines, Presence, or_null};
use super::provided::{self, Place};
use super::report::{UnreadableEvents, Verified};
use super::there::{self, Slice};
use crate::fault::Failed;
use crate::lone::Lone;
use crate::pool::Pool;

const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// How many batches are compared at once.
const BATCHES: usize = 64;

/// Compares a brand's rows with its events, both as they are at one moment.
pub(super) async fn verify(
    pool: &Pool,
    codec: &Codec,
    brand: BrandId,
    memory: usize,
) -> Result<Verified, Failed> {
    let lone = Lone::take(pool).await?;
    lone.plain(BEGIN).await?;
    let Some(head) = feed::head(&lone, brand).await? else {
        lone.plain("ROLLBACK").await?;
        lone.finish();
        return Ok(nothing(brand));
    };
    let verifying = Verifying {
        lone: &lone,
        codec,
        brand,
        head,
    };
    let (found, fold) = verifying.all(memory).await?;
    lone.plain("COMMIT").await?;
    lone.finish();
    Ok(Verified {
        brand,
        batches: fold.total,
        upto: Some(head.tag.position(head.last)).filter(|_| head.last > 0),
        differences: found.differences,
        count: found.count,
        unreadable: UnreadableEvents::of(brand, head, &fold.unreadable),
    })
}

fn nothing(brand: BrandId) -> Verified {
    Verified {
        brand,
        batches: 0,
        upto: None,
        differences: Vec::new(),
        count: 0,
        unreadable: UnreadableEvents::default(),
    }
}

struct Verifying<'a> {
    lone: &'a Lone,
    codec: &'a Codec,
    brand: BrandId,
    head: Head,
}

impl Verifying<'_> {
    /// Goes through the batches, as many at once as the memory has room for. Gives the fold of
    /// the last of them, too.
    async fn all(&self, memory: usize) -> Result<(Found, Fold), Failed> {
        let mut found = Found::default();
        let mut counters = BrandCounters::default();
        let mut first = 0;
        loop {
            let mut fold = Fold::from(self.codec, self.brand, first);
            fold.begin(self.lone, self.head, memory).await?;
            self.batches(&fold, &mut found).await?;
            self.lots(&fold, &mut found).await?;
            self.provided(&fold, &mut found).await?;
            let counted = fold.counted();
            counters.batches += counted.batches;
            counters.units.replace(Default::default(), counted.units);
            counters.completed_exports = counted.completed_exports;
            if fold.last == u128::MAX {
                self.exports(&fold, &mut found).await?;
                self.head(counters, &fold.unreadable, &mut found).await?;
                return Ok((found, fold));
            }
            first = fold.last + 1;
        }
    }

    async fn batches(&self, fold: &Fold, found: &mut Found) -> Result<(), Failed> {
        let ids: Vec<Uuid> = fold.batches.keys().copied().collect();
        let mut first = fold.first;
        let mut slices = ids.chunks(BATCHES).peekable();
        loop {
            let some = slices.next().unwrap_or_default();
            let end = some.last().filter(|_| slices.peek().is_some());
            let slice = self.slice(first, end.map_or(fold.last, Uuid::as_u128));
            let mut due = Lines::default();
            for id in some {
                if let Some(entry) = fold.batches.get(id) {
                    due::batch(&mut due, *id, entry)?;
                }
            }
            found.compare(slice.lines(fold).await?, due);
            match end {
                Some(end) => first = end.as_u128() + 1,
                None => return Ok(()),
            }
        }
    }

    const fn slice(&self, first: u128, last: u128) -> Slice<'_> {
        Slice {
            lone: self.lone,
            brand: self.brand,
            first,
            last,
        }
    }

    async fn lots(&self, fold: &Fold, found: &mut Found) -> Result<(), Failed> {
        let (mut there, mut due) = (Lines::default(), Lines::default());
        for (id, lots) in there::lots_of(self.slice(fold.first, fold.last)).await? {
            for lot in lots {
                there.add("batch_lot", id, lot_row(&lot), Cells::new());
            }
        }
        for (id, entry) in &fold.batches {
            for lot in due::lots(entry) {
                due.add("batch_lot", *id, lot_row(&lot), Cells::new());
            }
        }
        found.compare(there, due);
        Ok(())
    }

    async fn provided(&self, fold: &Fold, found: &mut Found) -> Result<(), Failed> {
        let Self {
            lone,
            codec,
            brand,
            head,
        } = *self;
        let there = provided::counts(lone, brand, (fold.first, fold.last)).await?;
        let brought = fold
            .batches
            .iter()
            .filter(|(_, entry)| !entry.runs.is_empty());
        let brought = brought.map(|(id, _)| *id);
        let batches: BTreeSet<Uuid> = there.keys().copied().chain(brought).collect();
        for id in batches {
            let place = Place {
                lone,
                codec,
                brand,
                head,
            };
            let count = there.get(&id).copied().unwrap_or(0);
            let off = provided::off(place, id, fold.batches.get(&id), count).await?;
            for row in off.missing {
                found.note_row(serial_key(id, &row), Presence::Missing);
            }
            for row in off.extra {
                found.note_row(serial_key(id, &row), Presence::Extra);
            }
        }
        Ok(())
    }

    async fn exports(&self, fold: &Fold, found: &mut Found) -> Result<(), Failed> {
        let mut due = Lines::default();
        for export in fold.exports.values() {
            due::export(&mut due, export);
        }
        found.compare(there::exports(self.lone, self.brand).await?, due);
        Ok(())
    }

    async fn head(
        &self,
        counters: BrandCounters,
        unreadable: &Unreadables,
        found: &mut Found,
    ) -> Result<(), Failed> {
        let rows = self.lone.rows(HEAD, &[self.brand.as_uuid()]).await?;
        let (mut there, mut due) = (Lines::default(), Lines::default());
        let units = counters.units;
        let cells = vec![
            ("batches", counters.batches.to_string()),
            ("units_made", units.made.to_string()),
            ("units_active", units.active.to_string()),
            ("units_revoked", units.revoked.to_string()),
            ("completed_exports", counters.completed_exports.to_string()),
            ("unreadable", or_null(unreadable.number())),
        ];
        for row in &rows {
            let mut read = Cells::new();
            for (at, (column, _)) in cells.iter().enumerate() {
                let number: Option<i64> = row.try_get(at)?;
                read.push((*column, or_null(number)));
            }
            there.add("brand_head", None, "", read);
        }
        due.add("brand_head", None, "", cells);
        found.compare(there, due);
        Ok(())
    }
}

const HEAD: &str = "SELECT batches, units_made, units_active, units_revoked, completed_exports,
       unreadable
  FROM brand_head WHERE brand_id = $1";

fn lot_row((code, accepted_at): &(String, i64)) -> String {
    format!("lot `{code}`, accepted at {accepted_at}")
}

fn serial_key(batch: Uuid, (serial, index): &provided::Row) -> Key {
    Key {
        table: "provided_serial",
        batch: Some(batch),
        row: format!("serial `{serial}` of unit {index}"),
    }
}
