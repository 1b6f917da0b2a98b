//! The packs of exports.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Asked, ListLimit, Listed, Listing, Page, PageRequest};
use crate::access::BrandScope;
use crate::export::{
    CarrierProfile, Export, ExportEvent, ExportFormat, NextPack, PackNumber, PackPath, PackStatus,
    Sha256Digest, evolve,
};
use crate::identity::MintBatchId;
use crate::ids::{ExportId, ProductId};
use crate::read::past::AsOf;
use crate::read::reads::{Reads, ReadsError};
use crate::reason::Reason;
use crate::store::log::{StreamId, StreamKind};
use crate::store::{ExportQuery, ExportRecord, Order};
use crate::time::Timestamp;

/// Which packs are listed: those for which all that is given holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PackFilter {
    /// Those of this batch.
    pub mint_batch_id: Option<MintBatchId>,
    /// Those of this export.
    pub export_id: Option<ExportId>,
}

/// A pack of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackRow {
    /// Its export.
    pub export_id: ExportId,
    /// Its batch.
    pub mint_batch_id: MintBatchId,
    /// The batch's product; none if the batch is not there, which it always is.
    pub product_id: Option<ProductId>,
    /// The product's SKU; none if the product is gone.
    pub product_sku: Option<String>,
    /// What it is.
    pub format: ExportFormat,
    /// For which printer or tag encoder.
    pub profile: Option<CarrierProfile>,
    /// Its number in its export, from 1.
    pub pack: PackNumber,
    /// Where it stands.
    #[serde(skip)]
    pub status: PackStatus,
    /// The word for that, which is another for bundles: see [`PackStatus::word_for`].
    #[serde(rename = "status")]
    pub status_word: &'static str,
    /// How many units it has.
    pub rows: u32,
    /// Where its file lies, or lay until it expired; none while it is not completed.
    pub path: Option<PackPath>,
    /// How long its file is.
    pub bytes: Option<u64>,
    /// The digest over its file.
    pub sha256: Option<Sha256Digest>,
    /// Why it could not be made.
    pub failure: Option<Reason>,
    /// When the export was asked for.
    pub requested_at: Timestamp,
    /// When the export's time is over.
    pub expires_at: Timestamp,
}

impl Listed for PackRow {
    const NAME: &'static str = "packs";
}

/// The place of a pack among those of its brand. The last of its export, in the order of reading,
/// has the number [`past_all`]: who goes on behind it need not look at that export again.
type PackKey = ([u8; 16], u32);

const fn past_all(order: Order) -> u32 {
    match order {
        Order::NewestFirst => 0,
        Order::OldestFirst => u32::MAX,
    }
}

/// A page of packs that is being put together.
struct Packs {
    limit: ListLimit,
    order: Order,
    after: Option<PackKey>,
    rows: Vec<PackRow>,
    /// Where the page ends.
    last: Option<PackKey>,
    more: bool,
}

impl Reads {
    /// The packs of a brand by their exports, newest first unless asked otherwise: those of one
    /// export from the last to the first then. What is still to be made is listed, too.
    ///
    /// # Errors
    /// [`ReadsError::Cursor`] for a cursor of another listing; [`ReadsError::Store`] and
    /// [`ReadsError::Catalogue`] when either fails; [`ReadsError::Decode`] when the log has what
    /// this release cannot read.
    pub async fn list_payload_packs(
        &self,
        scope: &BrandScope,
        filter: &PackFilter,
        request: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<PackRow>, ReadsError> {
        let asked = Asked::read(Listing::Packs, scope, filter, request)?;
        let mut packs = Packs::beyond(asked.after, request);
        self.fill(scope, filter, now, &mut packs).await?;
        let last = packs.last.filter(|_| packs.more);
        self.name_products(scope, &mut packs.rows).await?;
        Ok(Page {
            rows: packs.rows,
            next_cursor: last.map(|last| asked.cursors.cursor(&last)),
        })
    }

    /// Reads one export after the other until the page is full. Each has a pack, so that one
    /// question for exports is enough; and that another follows is known without reading it.
    async fn fill(
        &self,
        scope: &BrandScope,
        filter: &PackFilter,
        now: Timestamp,
        packs: &mut Packs,
    ) -> Result<(), ReadsError> {
        let (query, after) = packs.query(filter);
        if query.ids.is_empty() {
            return Ok(());
        }
        let (order, most) = (packs.order, packs.limit.and_one());
        let exports = self
            .store
            .exports(scope.brand(), &query, order, after, most);
        for record in exports.await? {
            if packs.is_full() {
                packs.more = true;
                break;
            }
            if let Some(export) = self.export(scope, record.export_id).await? {
                packs.add(&record, &export, now);
            }
        }
        Ok(())
    }

    /// Where an export stands; none if the brand has no such.
    ///
    /// # Errors
    /// [`ReadsError::Store`] when the log fails; [`ReadsError::Decode`] when it has what this
    /// release cannot read.
    pub async fn export(
        &self,
        scope: &BrandScope,
        export: ExportId,
    ) -> Result<Option<Export>, ReadsError> {
        let stream = StreamId::new(StreamKind::Export, *export.as_uuid());
        let events = self.past::<ExportEvent>(scope, stream, AsOf::Now).await?;
        let events = events.iter().map(|(_, event)| event);
        Ok(events.fold(None, evolve))
    }

    /// Names the products of packs; the catalogue is asked once.
    async fn name_products(
        &self,
        scope: &BrandScope,
        rows: &mut [PackRow],
    ) -> Result<(), ReadsError> {
        let batches: BTreeSet<_> = rows.iter().map(|row| row.mint_batch_id).collect();
        if batches.is_empty() {
            return Ok(());
        }
        let batches: Vec<_> = batches.into_iter().collect();
        let found = self.store.batches_with_ids(scope.brand(), &batches).await?;
        let facts = found.iter().map(|record| &record.batch.facts);
        let of: HashMap<_, _> = facts
            .map(|facts| (facts.mint_batch_id, facts.product_id))
            .collect();
        let products = self.products(scope, of.values().copied()).await?;
        for row in rows {
            row.product_id = of.get(&row.mint_batch_id).copied();
            row.product_sku = row.product_id.and_then(|id| products.sku(id));
        }
        Ok(())
    }
}

impl Packs {
    fn beyond(after: Option<PackKey>, request: &PageRequest) -> Self {
        Self {
            limit: request.limit,
            order: request.order,
            after,
            rows: Vec::new(),
            last: None,
            more: false,
        }
    }

    fn is_full(&self) -> bool {
        self.rows.len() >= self.limit.get()
    }

    /// Which exports to ask for, and beyond which.
    fn query(&self, filter: &PackFilter) -> (ExportQuery, Option<ExportId>) {
        let mut query = ExportQuery {
            batch: filter.mint_batch_id,
            ..ExportQuery::default()
        };
        if let Some(export) = filter.export_id {
            query.ids = export..=export;
        }
        let Some((id, pack)) = self.after else {
            return (query, None);
        };
        let id = ExportId::from_uuid(Uuid::from_bytes(id));
        if pack == past_all(self.order) {
            return (query, Some(id));
        }
        let (first, last) = query.ids.into_inner();
        query.ids = match self.order {
            Order::NewestFirst => first..=last.min(id),
            Order::OldestFirst => first.max(id)..=last,
        };
        (query, None)
    }

    /// Adds the packs of an export that lie beyond where the page begins, as far as there is
    /// room.
    fn add(&mut self, record: &ExportRecord, export: &Export, now: Timestamp) {
        let id = *record.export_id.as_uuid().as_bytes();
        let mut numbers: Vec<_> = (0..export.packs()).map(PackNumber::after).collect();
        numbers.retain(|pack| self.is_beyond((id, pack.get())));
        if self.order == Order::NewestFirst {
            numbers.reverse();
        }
        let last = numbers.last().copied();
        for pack in numbers {
            if self.is_full() {
                self.more = true;
                return;
            }
            self.rows.extend(row(record, export, pack, now));
            let number = match Some(pack) == last {
                true => past_all(self.order),
                false => pack.get(),
            };
            self.last = Some((id, number));
        }
    }

    fn is_beyond(&self, place: PackKey) -> bool {
        match (self.after, self.order) {
            (None, _) => true,
            (Some(after), Order::NewestFirst) => place < after,
            (Some(after), Order::OldestFirst) => place > after,
        }
    }
}

fn row(
    record: &ExportRecord,
    export: &Export,
    pack: PackNumber,
    now: Timestamp,
) -> Option<PackRow> {
    let file = export.file(pack);
    let status = match export.is_alive(now) {
        true => export.pack_status(pack)?,
        false => PackStatus::Expired,
    };
    let failure = match &export.next {
        NextPack::Failed(reason) if status == PackStatus::Failed => Some(reason.clone()),
        _ => None,
    };
    Some(PackRow {
        export_id: record.export_id,
        mint_batch_id: export.facts.mint_batch_id,
        product_id: None,
        product_sku: None,
        format: export.facts.format,
        profile: export.facts.profile.clone(),
        pack,
        status,
        status_word: status.word_for(export.facts.format),
        rows: export.slice(pack)?.rows(),
        path: file.map(|file| file.path.clone()),
        bytes: file.map(|file| file.bytes),
        sha256: file.map(|file| file.sha256),
        failure,
        requested_at: record.requested_at,
        expires_at: export.expires_at,
    })
}
