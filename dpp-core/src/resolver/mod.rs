//! From a scan to a passport: what a request to a resolver URL is answered.
//!
//! The room decides. It must not know HTTP servers, stores or caches:
//! [`service::Resolver`](crate::service) brings the facts that a decision asks for.

mod language;
mod linkset;
mod page;
mod quality;
mod record;
mod visitor;

pub use language::{
    AcceptLanguage, LanguageTag, LanguageTagError, MAX_LANGUAGE_RANGES, MAX_LANGUAGE_TAG,
};
pub use linkset::{
    LINKSET_CONTEXT, LINKSET_LINK_HEADER, LINKSET_MEDIA_TYPE, Link, LinkContext, LinkType,
    LinkTypeError, Linkset, MAX_LINK_TYPE, ResolverDescription, wants_linkset,
};
pub use page::PreviewPage;
pub use record::{
    AgentClass, CoarseLocation, CoarseLocationError, CutAddress, CutAddressError, MAX_SCAN_TEXT,
    ScanRecord, ScanText, Scanned,
};
pub use visitor::{MAX_USER_AGENT, Visitor};
