//! The pure domain of Digital Product Passports.

mod access;
mod ids;
mod text_rows;
mod time;

pub mod gs1;
pub mod identity;
pub mod mint;
pub mod passport;
pub mod read;
pub mod service;
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
pub mod unit;

pub use access::{AccessError, BrandScope, Caller, Read, Role, Write};
pub use ids::{
    BrandId, CommitId, CorrelationId, EventId, IdError, ProductBatchId, ProductId, UserId,
};
pub use text_rows::TextRows;
pub use time::{Timestamp, TimestampError};
