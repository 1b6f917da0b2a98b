//! From a scan to a passport: what a request to a resolver URL is answered.
//!
//! The room decides. It must not know HTTP servers, stores or caches:
//! [`service::Resolver`](crate::service::Resolver) brings the facts that a decision asks for.
//!
//! A [request](ScanRequest) of any bytes becomes a [`Scan`], or is refused. [`decide`] then says which
//! [fact](Need) it needs, or what is [decided](Decision): the [answer](Answer), what becomes
//! active, and the [record](ScanRecord) that is kept.
//!
//! ```
//! use dpp_core::Timestamp;
//! use dpp_core::resolver::{Facts, Need, Scan, ScanRequest, Step, decide};
//!
//! let request = ScanRequest {
//!     method: "GET",
//!     host: Some(b"id.example.com"),
//!     path: b"/01/09506000134352/21/K7M4Q2X9PRTW",
//!     ..ScanRequest::default()
//! };
//! let scan = Scan::read(&request, Timestamp::from_unix_millis(1_800_000_000_000))?;
//! let mut facts = Facts::default();
//! assert_eq!(decide(&scan, &facts), Step::Needs(Need::Site));
//! facts.set_site(None);
//! let Step::Decided(decision) = decide(&scan, &facts) else {
//!     panic!("no more is needed");
//! };
//! assert_eq!(decision.answer.status(), 404);
//! # Ok::<(), dpp_core::resolver::Refused>(())
//! ```
//!
//! Sources: GS1 Digital Link: URI Syntax 1.7, GS1-Conformant Resolver 1.2.1, RFC 9110 (HTTP), RFC
//! 9264 (linksets), RFC 4647 (languages).

mod request;

mod facts;

mod answer;
mod decide;

mod record;

pub use answer::{
    Answer, CONFORMANT_HEADERS, Cache, ErrorStatus, LINKSET_CONTEXT, LINKSET_LINK_HEADER,
    LINKSET_MEDIA_TYPE, Link, LinkContext, LinkType, LinkTypeError, Linkset, MAX_LINK_TYPE,
    Preview, PreviewPage, ResolverDescription, STATE_HEADER, wants_linkset,
};
pub use decide::{Activation, Decision, NotFound, Outcome, Step, decide};
pub use facts::{
    Conformance, Facts, GtinOwner, GtinProducts, Need, PageOf, PageUrl, PageUrlError, Place,
    ProductPage, ScannedBatch, ScannedProduct, SerialOwner, Site,
};
pub use record::{
    AgentClass, CoarseLocation, CoarseLocationError, CutAddress, CutAddressError, MAX_SCAN_TEXT,
    ScanRecord, ScanText, Scanned,
};
pub use request::{
    AcceptLanguage, Host, HostError, LanguageTag, LanguageTagError, MAX_LANGUAGE_RANGES,
    MAX_LANGUAGE_TAG, MAX_USER_AGENT, Malformed, Refused, Scan, ScanMethod, ScanRequest, Target,
    Visitor, Wants,
};
