//! The ports: the event log that an integrator implements ([`EventStore`]), the reads that
//! are kept beside it ([`ReadStore`]), the [`ScanStore`] of telemetry, the host's [`Catalogue`]
//! and its [`Sites`], and the codec between typed events and stored ones.
//!
//! This room must not know any store.

mod catalogue;
mod codec;
pub mod log;
mod reads;
mod scans;
mod sites;

pub use catalogue::{Catalogue, CatalogueError};
pub(crate) use codec::typed_events;
pub use codec::{Codec, DecodeError, TypedEvents, Upcaster};
pub use log::EventStore;
pub use reads::{
    BatchFold, BatchQuery, BatchRecord, BrandCounters, CycleRecord, DueExport, DueExports, Entity,
    EntityKind, EventQuery, ExportQuery, ExportRecord, JobKey, OfBatch, Order, ProvidedSerial,
    ReadStore, ReadStoreError, RunnableJob, RunnableJobs, Told,
};
pub use scans::{
    BatchScans, DayScans, ProductScans, ScanAppendError, ScanDay, ScanDayError, ScanDays,
    ScanQuery, ScanStore, ScanStoreError, UnitScans,
};
pub use sites::Sites;
