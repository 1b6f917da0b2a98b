//! The ports: the event log that an integrator implements ([`EventStore`]), the reads that
//! are kept beside it ([`ReadStore`]), and the codec between typed events and stored ones.
//!
//! This room must not know any store.

mod codec;
pub mod log;
mod reads;

pub(crate) use codec::typed_events;
pub use codec::{Codec, DecodeError, TypedEvents, Upcaster};
pub use log::EventStore;
pub use reads::{
    BatchRecord, CycleRecord, JobKey, ReadStore, ReadStoreError, RunnableJob, RunnableJobs,
};
