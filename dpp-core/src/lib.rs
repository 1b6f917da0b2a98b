//! The pure domain of Digital Product Passports.

mod ids;
mod text_rows;
mod time;

pub mod gs1;
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;

pub use ids::{
    BrandId, CommitId, CorrelationId, EventId, IdError, ProductBatchId, ProductId, UserId,
};
pub use text_rows::TextRows;
pub use time::{Timestamp, TimestampError};
