//! The audit trail: events, as listings show them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::details::{About, details};
use super::page::{Listed, Page, PageRequest};
use super::{Asked, Listing};
use crate::access::BrandScope;
use crate::identity::MintBatchId;
use crate::ids::{CorrelationId, EventId, ProductId};
use crate::read::reads::{Reads, ReadsError};
use crate::store::log::{EventType, PageLimit, Position, RecordedEvent};
use crate::store::{Entity, EntityKind, EventQuery, ExportQuery, Order};
use crate::time::Timestamp;

/// Which events to list: those for which all that is given holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventFilter {
    /// What they tell of.
    pub entity_kind: Option<EntityKind>,
    /// The one thing that they tell of.
    pub entity: Option<Entity>,
    /// Their type, for example `mint_units_created`. Of a type that there is not, there is no
    /// event.
    pub event_type: Option<String>,
    /// They happened at this time or later.
    pub from: Option<Timestamp>,
    /// They happened before this time.
    pub until: Option<Timestamp>,
}

/// An event, as a listing shows it. Secrets that the log holds (the seeds of batches and
/// pools) are not in it, and long lists are counted only.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventRow {
    /// Names the event, for ever.
    pub event_id: EventId,
    /// Its type.
    pub event_type: String,
    /// What it tells of.
    pub entity_kind: EntityKind,
    /// The id of that.
    pub entity_id: String,
    /// When it happened.
    pub at: Timestamp,
    /// Who caused it: `user:<id>`, `worker:<name>` or `scan`.
    pub actor: String,
    /// The request that it belongs to.
    pub correlation_id: CorrelationId,
    /// The product that it is about.
    pub product_id: Option<ProductId>,
    /// The product's SKU as it is now; none if the product is gone.
    pub product_sku: Option<String>,
    /// What happened, field by field.
    pub details: Value,
}

impl Listed for EventRow {
    const NAME: &'static str = "events";
}

impl Reads {
    /// What happened in a brand, in the order in which it was committed, or against it.
    ///
    /// # Errors
    /// [`ReadsError::Cursor`] for a cursor of another listing; [`ReadsError::Store`] when the
    /// log fails; [`ReadsError::Catalogue`] when the catalogue does; [`ReadsError::Decode`] when
    /// the log has what this release cannot read.
    pub async fn list_mint_events(
        &self,
        scope: &BrandScope,
        filter: &EventFilter,
        request: &PageRequest,
    ) -> Result<Page<EventRow>, ReadsError> {
        let asked: Asked<Position> = Asked::read(Listing::Events, scope, filter, request)?;
        let query = EventQuery {
            kind: filter.entity_kind,
            event_type: filter.event_type.clone().map(EventType::from_stored),
            entity: filter.entity,
            from: filter.from,
            until: filter.until,
        };
        let PageRequest { limit, order, .. } = asked.request;
        let found = self
            .store
            .events(scope.brand(), &query, order, asked.after, limit.and_one());
        let page = asked.page(found.await?, |event| event.position, |event| event);
        let told: Result<Vec<_>, _> = page.rows.iter().map(|event| self.event(event)).collect();
        Ok(Page {
            rows: self.with_products(scope, told?).await?,
            next_cursor: page.next_cursor,
        })
    }

    /// Names the products of events; the catalogue is asked once.
    async fn with_products(
        &self,
        scope: &BrandScope,
        told: Vec<(EventRow, About)>,
    ) -> Result<Vec<EventRow>, ReadsError> {
        let of = self.products_told_of(scope, &told).await?;
        let products = self.products(scope, of.values().copied().flatten()).await?;
        let named = told.into_iter().map(|(row, about)| {
            let product_id = of.get(&about).copied().flatten();
            EventRow {
                product_id,
                product_sku: product_id.and_then(|id| products.sku(id)),
                ..row
            }
        });
        Ok(named.collect())
    }

    /// The product of each thing that events tell about. All batches are asked for at once.
    async fn products_told_of(
        &self,
        scope: &BrandScope,
        told: &[(EventRow, About)],
    ) -> Result<HashMap<About, Option<ProductId>>, ReadsError> {
        let mut batches = HashMap::new();
        for (_, about) in told {
            if !batches.contains_key(about) {
                batches.insert(*about, self.batch_of(scope, *about).await?);
            }
        }
        let ids: Vec<_> = batches.values().flatten().copied().collect();
        let records = match ids.is_empty() {
            true => Vec::new(),
            false => self.store.batches_with_ids(scope.brand(), &ids).await?,
        };
        let facts = records.iter().map(|record| &record.batch.facts);
        let products: HashMap<_, _> = facts
            .map(|facts| (facts.mint_batch_id, facts.product_id))
            .collect();
        let product_of = |(about, batch): (About, Option<MintBatchId>)| match about {
            About::Product(product) => (about, Some(product)),
            _ => (about, batch.and_then(|batch| products.get(&batch).copied())),
        };
        Ok(batches.into_iter().map(product_of).collect())
    }

    async fn batch_of(
        &self,
        scope: &BrandScope,
        about: About,
    ) -> Result<Option<MintBatchId>, ReadsError> {
        Ok(match about {
            About::Nothing | About::Product(_) => None,
            About::Batch(batch) => Some(batch),
            About::Export(export) => {
                let (brand, one) = (scope.brand(), PageLimit::new(1));
                let query = ExportQuery {
                    ids: export..=export,
                    batch: None,
                };
                let order = Order::OldestFirst;
                let found = self.store.exports(brand, &query, order, None, one).await?;
                found.first().map(|export| export.mint_batch_id)
            }
        })
    }

    fn event(&self, recorded: &RecordedEvent) -> Result<(EventRow, About), ReadsError> {
        let (stream, event) = (recorded.stream, &recorded.event);
        let metadata = &event.metadata;
        let kind = EntityKind::of(stream.kind(), &event.event_type);
        let (details, about) =
            details(&self.codec, recorded).map_err(|source| ReadsError::Decode {
                event: metadata.event_id,
                source,
            })?;
        let row = EventRow {
            event_id: metadata.event_id,
            event_type: event.event_type.to_string(),
            entity_kind: kind,
            entity_id: Entity::id_told_by(recorded).to_string(),
            at: metadata.at,
            actor: metadata.actor.to_string(),
            correlation_id: metadata.correlation,
            product_id: None,
            product_sku: None,
            details,
        };
        Ok((row, about))
    }
}
