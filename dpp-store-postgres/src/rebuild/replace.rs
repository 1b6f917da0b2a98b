//! Replacing the rows of a brand, batch by batch, while others commit.

use std::collections::{BTreeMap, BTreeSet};

use dpp_core::BrandId;
use dpp_core::store::Codec;
use uuid::Uuid;

use super::due;
use super::feed::{self, Head};
use super::fold::Fold;
use super::provided::{self, Off, Place};
use super::report::{Progress, Rebuilt, UnreadableEvents};
use super::there::{self, Lots, Slice};
use crate::fault::Failed;
use crate::lone::Lone;
use crate::pipeline::{Param, Step};
use crate::pool::Pool;
use crate::tables::{Tables, write_exports};

/// Replaces a brand's rows by what its events say.
pub(super) async fn rebuild(
    pool: &Pool,
    codec: &Codec,
    brand: BrandId,
    memory: usize,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Rebuilt, Failed> {
    let lone = Lone::take(pool).await?;
    let mut done = 0;
    let mut first = 0;
    loop {
        let Some(head) = feed::head(&lone, brand).await? else {
            lone.finish();
            return Ok(nothing(brand));
        };
        let mut fold = Fold::from(codec, brand, first);
        fold.begin(&lone, head, memory).await?;
        let last = fold.last;
        let of = fold.total;
        let mut replacing = Replacing::new(&lone, codec, fold).await?;
        let knew: BTreeSet<Uuid> = replacing.fold.batches.keys().copied().collect();
        for id in replacing.ids(&knew).await? {
            replacing.batch(id).await?;
            done += u64::from(knew.contains(&id));
            progress(Progress {
                brand,
                batch: id,
                done,
                of,
            });
        }
        if last == u128::MAX {
            let head = replacing.whole().await?;
            let fold = replacing.fold;
            lone.finish();
            return Ok(Rebuilt {
                brand,
                batches: done,
                upto: Some(head.tag.position(head.last)).filter(|_| head.last > 0),
                unreadable: UnreadableEvents::of(brand, head, &fold.unreadable),
            });
        }
        first = last + 1;
    }
}

fn nothing(brand: BrandId) -> Rebuilt {
    Rebuilt {
        brand,
        batches: 0,
        upto: None,
        unreadable: UnreadableEvents::default(),
    }
}

/// The batches of one fold, and what there is of their rows that no index leads to.
struct Replacing<'a> {
    lone: &'a Lone,
    codec: &'a Codec,
    brand: BrandId,
    fold: Fold,
    lots: Lots,
    serials: BTreeMap<Uuid, u64>,
}

impl<'a> Replacing<'a> {
    /// What is there is looked at after the fold has begun: what it then knows to be missing or
    /// too many stays so, since whoever commits writes the rows of new events only.
    async fn new(lone: &'a Lone, codec: &'a Codec, fold: Fold) -> Result<Self, Failed> {
        let brand = fold.brand;
        let slice = Slice {
            lone,
            brand,
            first: fold.first,
            last: fold.last,
        };
        Ok(Self {
            lots: there::lots_of(slice).await?,
            serials: provided::counts(lone, brand, (fold.first, fold.last)).await?,
            lone,
            codec,
            brand,
            fold,
        })
    }

    /// The batches that the log knew, and those that only the tables know.
    async fn ids(&self, knew: &BTreeSet<Uuid>) -> Result<BTreeSet<Uuid>, Failed> {
        let slice = Slice {
            lone: self.lone,
            brand: self.brand,
            first: self.fold.first,
            last: self.fold.last,
        };
        let mut ids = knew.clone();
        ids.extend(slice.ids().await?);
        ids.extend(self.lots.keys());
        ids.extend(self.serials.keys());
        Ok(ids)
    }

    /// Replaces the rows of one batch.
    async fn batch(&mut self, id: Uuid) -> Result<(), Failed> {
        loop {
            let Some(head) = feed::head(self.lone, self.brand).await? else {
                return Ok(());
            };
            self.fold.catch_up(self.lone, head).await?;
            let off = self.serials_off(head, id).await?;
            let runs = self.runs(id);
            self.lone.plain("BEGIN").await?;
            self.catch_up_locked().await?;
            // Serials were brought meanwhile: what looks too many may be theirs.
            if self.runs(id) != runs {
                self.lone.plain("ROLLBACK").await?;
                continue;
            }
            self.lone.run(&self.steps(id, off)?).await?;
            return Ok(());
        }
    }

    async fn serials_off(&self, head: Head, id: Uuid) -> Result<Off, Failed> {
        let place = Place {
            lone: self.lone,
            codec: self.codec,
            brand: self.brand,
            head,
        };
        let there = self.serials.get(&id).copied().unwrap_or(0);
        provided::off(place, id, self.fold.batches.get(&id), there).await
    }

    fn runs(&self, id: Uuid) -> usize {
        let entry = self.fold.batches.get(&id);
        entry.map_or(0, |entry| entry.runs.len())
    }

    /// Locks the head and takes in what was committed until then.
    async fn catch_up_locked(&mut self) -> Result<Head, Failed> {
        let gone = || Failed::damaged("the head of a brand is gone");
        let head = feed::lock(self.lone, self.brand).await?.ok_or_else(gone)?;
        self.fold.catch_up(self.lone, head).await?;
        Ok(head)
    }

    fn steps(&self, id: Uuid, off: Off) -> Result<Vec<Step<'static>>, Failed> {
        let brand = *self.brand.as_uuid();
        let of_batch = |sql| Step::With(sql, vec![Box::new(brand), Box::new(id)]);
        let mut steps: Vec<Step<'static>> = DELETE.into_iter().map(of_batch).collect();
        steps.extend(self.lots_to_remove(id));
        steps.extend(serials(REMOVE_SERIALS, brand, id, off.extra));
        let entry = self.fold.batches.get(&id);
        if let Some((fold, entry)) = entry.and_then(|entry| Some((entry.fold.clone()?, entry))) {
            steps.extend(Tables::of_batch(self.brand, fold, &entry.reserved).steps()?);
        }
        steps.extend(serials(ADD_SERIALS, brand, id, off.missing));
        steps.push(Step::Plain("COMMIT"));
        Ok(steps)
    }

    fn lots_to_remove(&self, id: Uuid) -> Option<Step<'static>> {
        let entry = self.fold.batches.get(&id);
        let due = entry.map(due::lots).unwrap_or_default();
        let there = self.lots.get(&id)?.iter().cloned();
        let (codes, times): (Vec<String>, Vec<i64>) =
            there.filter(|lot| !due.contains(lot)).unzip();
        let params: Vec<Param<'static>> = vec![
            Box::new(*self.brand.as_uuid()),
            Box::new(id),
            Box::new(codes),
            Box::new(times),
        ];
        Some(Step::With(REMOVE_LOTS, params))
    }

    /// Replaces what is of the brand as a whole: exports, counters, and the mark of what cannot
    /// be read. By now the rows of all batches are as they should be, so that sums over them are
    /// right.
    async fn whole(&mut self) -> Result<Head, Failed> {
        self.lone.plain("BEGIN").await?;
        let head = self.catch_up_locked().await?;
        let brand = *self.brand.as_uuid();
        let unreadable = self.fold.unreadable.number();
        let mut steps = vec![Step::With(REMOVE_EXPORTS, vec![Box::new(brand)])];
        steps.extend(write_exports(brand, self.fold.exports.values()));
        steps.push(Step::With(
            COUNT,
            vec![Box::new(brand), Box::new(unreadable)],
        ));
        steps.push(Step::Plain("COMMIT"));
        self.lone.run(&steps).await?;
        Ok(head)
    }
}

const DELETE: [&str; 4] = [
    "DELETE FROM batch WHERE brand_id = $1 AND batch_id = $2",
    "DELETE FROM batch_units WHERE brand_id = $1 AND batch_id = $2",
    "DELETE FROM unit_exceptions WHERE brand_id = $1 AND batch_id = $2",
    "DELETE FROM serial_allocation WHERE brand_id = $1 AND batch_id = $2",
];

const REMOVE_LOTS: &str = "DELETE FROM batch_lot l
  USING unnest($3::text[], $4::bigint[]) AS gone (lot_code, accepted_at)
  WHERE l.brand_id = $1 AND l.batch_id = $2 AND l.lot_code = gone.lot_code COLLATE \"C\"
    AND l.accepted_at = gone.accepted_at";

const REMOVE_SERIALS: &str = "DELETE FROM provided_serial p
  USING unnest($3::text[], $4::integer[]) AS gone (serial, index)
  WHERE p.brand_id = $1 AND p.batch_id = $2 AND p.serial = gone.serial COLLATE \"C\"
    AND p.index = gone.index";

const ADD_SERIALS: &str = "INSERT INTO provided_serial (brand_id, batch_id, serial, index)
  SELECT $1, $2, * FROM unnest($3::text[], $4::integer[])
  ON CONFLICT DO NOTHING";

fn serials(
    sql: &'static str,
    brand: Uuid,
    batch: Uuid,
    rows: Vec<provided::Row>,
) -> Option<Step<'static>> {
    let any = !rows.is_empty();
    let (serials, indexes): (Vec<String>, Vec<i32>) = rows.into_iter().unzip();
    let params: Vec<Param<'static>> = vec![
        Box::new(brand),
        Box::new(batch),
        Box::new(serials),
        Box::new(indexes),
    ];
    any.then_some(Step::With(sql, params))
}

const REMOVE_EXPORTS: &str = "DELETE FROM export WHERE brand_id = $1";

const COUNT: &str = "UPDATE brand_head h
   SET unreadable = $2::bigint,
       batches = (SELECT count(*) FROM batch WHERE brand_id = $1),
       units_made = u.made, units_active = u.active, units_revoked = u.revoked,
       completed_exports = (SELECT count(*) FROM export WHERE brand_id = $1 AND completed)
  FROM (SELECT coalesce(sum(made), 0)::bigint AS made, coalesce(sum(active), 0)::bigint AS active,
               coalesce(sum(revoked), 0)::bigint AS revoked
          FROM batch_units WHERE brand_id = $1) u
 WHERE h.brand_id = $1";
