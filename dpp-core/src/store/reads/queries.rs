//! What can be asked of the read port.

use std::fmt;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::export::ExportEvent;
use crate::gs1::LotCode;
use crate::identity::{BatchPrefix, LotId, MintBatchId, MintJobId, MintUnitId};
use crate::ids::{ExportId, ProductBatchId, ProductId};
use crate::mint::{BatchStatus, JobStatus, MintEvent, PoolEvent, QuotaEvent};
use crate::store::codec::TypedEvents;
use crate::store::log::{EventType, RecordedEvent, StreamId, StreamKind};
use crate::time::Timestamp;
use crate::unit::{LotEvent, UnitEvent, UnitStatus, UnitsEvent};

use super::exports::ExportRecord;
use super::records::BatchRecord;

/// From which end a listing is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// What came last comes first.
    #[default]
    NewestFirst,
    /// What came first comes first.
    OldestFirst,
}

/// Which batches are asked for: those for which all that is given holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BatchQuery {
    /// Where the batch stands.
    pub status: Option<BatchStatus>,
    /// Where its job stands.
    pub job_status: Option<JobStatus>,
    /// Its product.
    pub product: Option<ProductId>,
    /// A lot that it has.
    pub lot: Option<LotCode>,
    /// It has made a unit that stands there.
    pub holding: Option<UnitStatus>,
    /// Its id has a prefix in this range.
    pub ids: Option<RangeInclusive<BatchPrefix>>,
    /// Derived serials of it may begin with this text: the
    /// [span](crate::identity::serial::SerialAllocation::span) of its serials has room for
    /// such.
    pub serials: Option<String>,
}

impl BatchQuery {
    /// Whether all that is given holds for this batch.
    pub fn matches(&self, record: &BatchRecord) -> bool {
        let facts = &record.batch.facts;
        self.status
            .is_none_or(|status| record.batch.status == status)
            && self
                .job_status
                .is_none_or(|status| record.batch.job == status)
            && self
                .product
                .is_none_or(|product| facts.product_id == product)
            && self.lot.is_none_or(|code| {
                let mut lots = facts.lots.as_slice().iter();
                lots.any(|lot| lot.lot_code == code)
            })
            && self
                .holding
                .is_none_or(|status| record.units.of(status) > 0)
            && self
                .ids
                .as_ref()
                .is_none_or(|ids| ids.contains(&facts.mint_batch_id.prefix()))
            && self.serials.as_ref().is_none_or(|prefix| {
                let span = record
                    .batch
                    .identity
                    .as_ref()
                    .and_then(|fixed| fixed.serials.span());
                span.is_some_and(|span| span.may_begin_with(prefix))
            })
    }
}

/// Which exports are asked for: those for which all that is given holds; by default all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportQuery {
    /// Its id lies in this range.
    pub ids: RangeInclusive<ExportId>,
    /// Its batch.
    pub batch: Option<MintBatchId>,
}

impl ExportQuery {
    /// Every export.
    pub const ALL: Self = Self {
        ids: ExportId::from_uuid(Uuid::nil())..=ExportId::from_uuid(Uuid::max()),
        batch: None,
    };

    /// Whether all that is given holds for this export.
    pub fn matches(&self, record: &ExportRecord) -> bool {
        self.ids.contains(&record.export_id)
            && self.batch.is_none_or(|batch| record.mint_batch_id == batch)
    }
}

impl Default for ExportQuery {
    fn default() -> Self {
        Self::ALL
    }
}

/// What an event tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntityKind {
    /// A mint job.
    MintJob,
    /// A mint batch, or many of its units together.
    MintBatch,
    /// One unit.
    MintUnit,
    /// One lot.
    MintLot,
    /// The serials of a product.
    SerialPool,
    /// The quota of a production batch.
    ProductBatch,
    /// An export.
    Export,
}

impl EntityKind {
    /// Every kind there is.
    pub const ALL: [Self; 7] = [
        Self::MintJob,
        Self::MintBatch,
        Self::MintUnit,
        Self::MintLot,
        Self::SerialPool,
        Self::ProductBatch,
        Self::Export,
    ];

    /// What an event of this type in a stream of this kind tells of.
    pub fn of(stream: StreamKind, event_type: &EventType) -> Self {
        match stream {
            StreamKind::MintBatch => match event_type.as_str() {
                "mint_units_created" | "mint_lots_confirmed" | "mint_batch_status_changed" => {
                    Self::MintBatch
                }
                _ => Self::MintJob,
            },
            StreamKind::UnitRevocations => Self::MintBatch,
            StreamKind::MintUnit => Self::MintUnit,
            StreamKind::MintLot => Self::MintLot,
            StreamKind::SerialPool => Self::SerialPool,
            StreamKind::ProductBatch => Self::ProductBatch,
            StreamKind::Export => Self::Export,
        }
    }

    /// The types of events that tell of it, as far as this release knows them: what a table of
    /// events is asked for, if it knows types only.
    pub fn event_types(self) -> impl Iterator<Item = &'static str> {
        let streams: [(StreamKind, &[(&'static str, u16)]); 7] = [
            (StreamKind::MintBatch, MintEvent::TYPES),
            (StreamKind::SerialPool, PoolEvent::TYPES),
            (StreamKind::ProductBatch, QuotaEvent::TYPES),
            (StreamKind::MintUnit, UnitEvent::TYPES),
            (StreamKind::MintLot, LotEvent::TYPES),
            (StreamKind::UnitRevocations, UnitsEvent::TYPES),
            (StreamKind::Export, ExportEvent::TYPES),
        ];
        let all = streams
            .into_iter()
            .flat_map(|(stream, types)| types.iter().map(move |(name, _)| (stream, *name)));
        all.filter(move |(stream, name)| Self::of(*stream, &EventType::new(name)) == self)
            .map(|(_, name)| name)
    }

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MintJob => "mint_job",
            Self::MintBatch => "mint_batch",
            Self::MintUnit => "mint_unit",
            Self::MintLot => "mint_lot",
            Self::SerialPool => "serial_pool",
            Self::ProductBatch => "product_batch",
            Self::Export => "export",
        }
    }
}

impl fmt::Display for EntityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that events tell of. In JSON: `{"mint_batch": "<id>"}` and so on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Entity {
    /// A job with its batch.
    MintJob(MintJobId),
    /// A batch with its job, and with what happened to many of its units together.
    MintBatch(MintBatchId),
    /// One unit, by itself.
    MintUnit(MintUnitId),
    /// One lot, by itself.
    MintLot(LotId),
    /// The serials of a product.
    SerialPool(ProductId),
    /// The quota of a production batch.
    ProductBatch(ProductBatchId),
    /// An export.
    Export(ExportId),
}

impl Entity {
    /// The id of the one thing that an event tells of.
    pub(crate) fn id_told_by(recorded: &RecordedEvent) -> Uuid {
        let stream = recorded.stream;
        let kind = EntityKind::of(stream.kind(), &recorded.event.event_type);
        match (kind, MintBatchId::try_from(*stream.id())) {
            (EntityKind::MintJob, Ok(batch)) => *batch.job().as_uuid(),
            _ => *stream.id(),
        }
    }

    /// The streams whose events tell of it.
    pub fn streams(&self) -> Vec<StreamId> {
        let of_batch = |batch: MintBatchId| {
            let kinds = [StreamKind::MintBatch, StreamKind::UnitRevocations];
            kinds
                .map(|kind| StreamId::new(kind, *batch.as_uuid()))
                .to_vec()
        };
        match self {
            Self::MintJob(job) => of_batch(job.batch()),
            Self::MintBatch(batch) => of_batch(*batch),
            Self::MintUnit(unit) => vec![StreamId::new(StreamKind::MintUnit, *unit.as_uuid())],
            Self::MintLot(lot) => vec![StreamId::new(StreamKind::MintLot, *lot.as_uuid())],
            Self::SerialPool(product) => {
                vec![StreamId::new(StreamKind::SerialPool, *product.as_uuid())]
            }
            Self::ProductBatch(batch) => {
                vec![StreamId::new(StreamKind::ProductBatch, *batch.as_uuid())]
            }
            Self::Export(export) => vec![StreamId::new(StreamKind::Export, *export.as_uuid())],
        }
    }
}

/// Which events are asked for: those for which all that is given holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventQuery {
    /// What they tell of.
    pub kind: Option<EntityKind>,
    /// Their type.
    pub event_type: Option<EventType>,
    /// The one thing that they tell of.
    pub entity: Option<Entity>,
    /// They happened at this time or later.
    pub from: Option<Timestamp>,
    /// They happened before this time.
    pub until: Option<Timestamp>,
}

impl EventQuery {
    /// Whether all that is given holds for this event.
    pub fn matches(&self, recorded: &RecordedEvent) -> bool {
        let (stream, event) = (recorded.stream, &recorded.event);
        let at = event.metadata.at;
        self.kind
            .is_none_or(|kind| EntityKind::of(stream.kind(), &event.event_type) == kind)
            && self
                .event_type
                .as_ref()
                .is_none_or(|wanted| *wanted == event.event_type)
            && self
                .entity
                .is_none_or(|entity| entity.streams().contains(&stream))
            && self.from.is_none_or(|from| from <= at)
            && self.until.is_none_or(|until| at < until)
    }
}
