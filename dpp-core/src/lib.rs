//! Digital Product Passports: permanent, unguessable identities for single items and lots,
//! minted by the million, as GS1 Digital Links or plain URLs.
//!
//! This crate is the pure domain. It does no I/O, reads no clock and draws no randomness:
//! time is an argument, and entropy, the catalogue and the event log are handed in. Stores
//! and exports are crates of their own.
//!
//! # The idea
//!
//! **An event is the mint.** A batch of a million units is some fifty events that name ranges,
//! not a million rows. Every unit (its id, serial and URL) is *derived* from the batch's facts
//! and its index, and decoded back, in tens of nanoseconds. So minting is as fast as deriving
//! and hashing, any store that keeps an ordered log can hold a billion units, and a scan is
//! resolved without a row or an index for each unit.
//!
//! # The tour
//!
//! - [`gs1`]: GTINs, serials, lot codes and Digital Links, checked once and trusted after.
//! - [`identity`]: how a unit's id and serial are derived and decoded, what each part hides,
//!   and how likely a guess hits.
//! - [`passport`]: brands, products, the schema of their passports, and readiness to mint.
//! - [`mint`]: the deciders of job and batch, of a product's serial pool, of a production
//!   batch's quota.
//! - [`mod@unit`]: the life of units: activated and revoked, alone or with others.
//! - [`mod@export`]: the decider of an export: its packs, its lock, how long its files stay.
//! - [`resolver`]: from a scan to a passport: what a request is answered, and what is kept of it.
//! - [`store`]: the ports. [`store::EventStore`] is the contract that an integrator implements.
//! - [`read`]: the fold of the log in memory, and what is computed over it.
//! - [`service`]: load, fold, decide, commit; and the worker's step. Start at
//!   [`service::MintService`] and [`service::Worker`].
//! - `testing` (feature `testing`): the conformance kits for stores and read sides, a store that
//!   fails on purpose, scenarios and property-test strategies.
//!
//! Who may do what is told by [`Caller`] and proved by [`BrandScope`]: what needs leave cannot
//! be called without it.

mod access;
mod actor;
mod ids;
mod reason;
mod serde_text;
mod text_rows;
mod time;

pub mod gs1;
pub mod identity;

pub mod passport;

pub mod mint;

pub mod unit;

pub mod export;

pub mod resolver;

pub mod store;

pub mod read;
pub mod service;

#[cfg(feature = "testing")]
pub mod testing;

pub use access::{AccessError, Activate, BrandScope, Caller, Read, Role, Write};
pub use actor::{Actor, ActorError, WorkerName};
pub use ids::{
    BrandId, CommitId, CorrelationId, EventId, ExportId, IdError, ProductBatchId, ProductId, UserId,
};
pub use reason::{MAX_REASON, Reason, ReasonError};
pub use store::log::PageLimit;
pub use text_rows::TextRows;
pub use time::{Timestamp, TimestampError};
