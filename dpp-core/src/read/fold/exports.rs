//! The exports that the fold keeps: by brand, and of all brands those that are due.

use std::collections::BTreeSet;
use std::ops::Bound;

use super::brand::BrandFold;
use super::projection::{Projection, in_order};
use crate::ids::{BrandId, ExportId};
use crate::store::log::PageLimit;
use crate::store::{DueExport, ExportQuery, ExportRecord, Order};
use crate::time::Timestamp;

/// The exports of all brands that something may be to be done about, in the order in which they
/// are asked for. Those that are over are not among them: questions would go through all of
/// them.
#[derive(Debug, Default)]
pub(super) struct OpenExports {
    /// Neither completed nor expired, by when they were asked for.
    to_make: BTreeSet<Place>,
    /// Those whose files are not gone, by when their time is over.
    to_expire: BTreeSet<Place>,
}

/// Ids are a brand's own.
type Place = (Timestamp, ExportId, BrandId);

impl OpenExports {
    /// Notes what became of an export, which was otherwise before, or not there.
    pub(super) fn note(&mut self, brand: BrandId, was: Option<&ExportRecord>, is: &ExportRecord) {
        let place = |at: Timestamp| (at, is.export_id, brand);
        if let Some(was) = was {
            self.to_expire.remove(&place(was.expires_at));
        }
        if !is.files_removed {
            self.to_expire.insert(place(is.expires_at));
        }
        match is.runnable_at {
            Some(_) => self.to_make.insert(place(is.requested_at)),
            None => self.to_make.remove(&place(is.requested_at)),
        };
    }
}

impl Projection {
    pub(super) fn exports(
        &self,
        brand: BrandId,
        query: &ExportQuery,
        order: Order,
        after: Option<ExportId>,
        limit: PageLimit,
    ) -> Vec<ExportRecord> {
        let Some(fold) = self.brands.get(&brand) else {
            return Vec::new();
        };
        let ids = fold.exports_beyond(query, order, after);
        let within = ids.take_while(|id| query.ids.contains(id));
        let records = within.filter_map(|id| fold.exports.get(&id).copied());
        records.take(limit.get()).collect()
    }

    /// The exports that may be taken, but for those of the brands in `but`.
    pub(super) fn runnable_exports(
        &self,
        now: Timestamp,
        limit: PageLimit,
        but: &[BrandId],
    ) -> Vec<DueExport> {
        let places = self.open_exports.to_make.iter();
        let readable = places.filter(|(_, _, brand)| !but.contains(brand));
        let due = readable.filter_map(|place| {
            let record = self.export_at(place)?;
            let due = DueExport::of(place.2, record);
            record.is_runnable(now).then_some(due)
        });
        due.take(limit.get()).collect()
    }

    /// The exports that can be expired, but for those of the brands in `but`.
    pub(super) fn expiring_exports(
        &self,
        now: Timestamp,
        limit: PageLimit,
        but: &[BrandId],
    ) -> Vec<DueExport> {
        let places = self.open_exports.to_expire.iter();
        let over = places.take_while(|(expires_at, ..)| *expires_at <= now);
        let readable = over.filter(|(_, _, brand)| !but.contains(brand));
        let due = readable.filter_map(|place| {
            let record = self.export_at(place)?;
            Some(DueExport::of(place.2, record))
        });
        due.take(limit.get()).collect()
    }

    fn export_at(&self, (_, id, brand): &Place) -> Option<&ExportRecord> {
        self.brands.get(brand)?.exports.get(id)
    }
}

impl BrandFold {
    /// The ids of exports from where a query begins on, in its order, and beyond where it ends.
    fn exports_beyond(
        &self,
        query: &ExportQuery,
        order: Order,
        after: Option<ExportId>,
    ) -> Box<dyn Iterator<Item = ExportId> + '_> {
        let (least, greatest) = (*query.ids.start(), *query.ids.end());
        let bounds = match (order, after) {
            (Order::OldestFirst, Some(after)) if after >= least => {
                (Bound::Excluded(after), Bound::Unbounded)
            }
            (Order::OldestFirst, _) => (Bound::Included(least), Bound::Unbounded),
            (Order::NewestFirst, Some(after)) if after <= greatest => {
                (Bound::Unbounded, Bound::Excluded(after))
            }
            (Order::NewestFirst, _) => (Bound::Unbounded, Bound::Included(greatest)),
        };
        let Some(batch) = query.batch else {
            let all = self.exports.range(bounds);
            return in_order(all.map(|(id, _)| *id), order);
        };
        let of_batch = self.exports_of.get(&batch).map(|ids| ids.range(bounds));
        in_order(of_batch.into_iter().flatten().copied(), order)
    }
}
