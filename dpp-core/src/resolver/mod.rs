//! From a scan to a passport: what a request to a resolver URL is answered.
//!
//! The room decides. It must not know HTTP servers, stores or caches:
//! [`service::Resolver`](crate::service) brings the facts that a decision asks for.

mod request;

mod facts;

mod answer;
mod decide;

mod language;
mod linkset;
mod page;
mod quality;
mod visitor;

mod record;

pub use answer::{Answer, CORS_HEADERS, Cache, ErrorStatus, Preview, STATE_HEADER};
pub use decide::{Activation, Decision, NotFound, Outcome, Step, decide};
pub use facts::{
    Conformance, Facts, GtinOwner, GtinProducts, Need, PageOf, PageUrl, PageUrlError, Place,
    ProductPage, ScannedBatch, ScannedProduct, SerialOwner, Site,
};
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
pub use request::{
    Host, HostError, Malformed, Refused, Scan, ScanMethod, ScanRequest, Target, Wants,
};
pub use visitor::{MAX_USER_AGENT, Visitor};
