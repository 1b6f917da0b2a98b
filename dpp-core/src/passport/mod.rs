//! What a brand's catalogue says of its products, the schema that their passports follow,
//! and whether one is ready to mint.
//!
//! This room must not know minting, nor how a passport is shown.

mod catalogue;
mod readiness;
mod schema;

pub use catalogue::{Brand, CommercialStatus, Product, ProductBatch, ProductBatchStatus};
pub use readiness::FieldProblem;
pub use schema::{Field, FieldType, Fields, Schema, SchemaError};
