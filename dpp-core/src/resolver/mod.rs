//! From a scan to a passport: what a request to a resolver URL is answered.
//!
//! The room decides. It must not know HTTP servers, stores or caches:
//! [`service::Resolver`](crate::service) brings the facts that a decision asks for.

mod record;
mod visitor;

pub use record::{
    AgentClass, CoarseLocation, CoarseLocationError, CutAddress, CutAddressError, MAX_SCAN_TEXT,
    ScanRecord, ScanText, Scanned,
};
pub use visitor::{MAX_USER_AGENT, Visitor};
