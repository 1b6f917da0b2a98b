//! The decision: from a request and what is known to an answer.

mod find;
mod links;

use super::answer::{Answer, Cache, ErrorStatus};
use super::facts::{Conformance, Facts, Need, Site};
use super::record::{AgentClass, ScanRecord, ScanText};
use super::request::{Refused, Scan, ScanMethod, Target, Visitor, Wants};
use crate::unit::UnitStatus;
use find::{Found, Stop, find};

pub use find::{Activation, NotFound};

/// How far a decision has come.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// This has to be known first. Add it to the facts, and decide again.
    Needs(Need),
    /// It is decided.
    Decided(Box<Decision>),
}

/// What is to be done about a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// What it is answered.
    pub answer: Answer,
    /// Why: for the host's statistics, not for who asked.
    pub outcome: Outcome,
    /// Whether a GS1-conformant resolver answers, with [headers of its own](super::CONFORMANT_HEADERS).
    pub conformant: bool,
    /// What is made active by it, before it is answered.
    pub activate: Vec<Activation>,
    /// What is kept of it; where it came from is for the host to add.
    pub record: Option<ScanRecord>,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was led on.
    Redirected,
    /// A bot got a page.
    Previewed,
    /// It was told what there is: a linkset, the resolver's description, or what may be asked.
    Described,
    /// No valid link looks so.
    Malformed,
    /// A method that a resolver does not have.
    Method,
    /// There is no such thing.
    NotFound(NotFound),
    /// It could not be told now.
    Unavailable,
}

impl Decision {
    fn error(status: ErrorStatus, outcome: Outcome) -> Self {
        Self::plain(Answer::Error(status), outcome)
    }

    const fn plain(answer: Answer, outcome: Outcome) -> Self {
        Self {
            answer,
            outcome,
            conformant: false,
            activate: Vec::new(),
            record: None,
        }
    }

    /// What is answered to a request that is not looked at any further.
    pub fn refused(reason: &Refused) -> Self {
        match reason {
            Refused::Malformed(_) => Self::error(ErrorStatus::BadRequest, Outcome::Malformed),
            Refused::Method => Self::error(ErrorStatus::MethodNotAllowed, Outcome::Method),
        }
    }

    /// What is answered when a fact cannot be brought now: 503, never a guess.
    pub fn unavailable() -> Self {
        Self::error(ErrorStatus::Unavailable, Outcome::Unavailable)
    }

    fn not_found(reason: NotFound) -> Self {
        Self::error(ErrorStatus::NotFound, Outcome::NotFound(reason))
    }
}

/// Decides about a scan by what is known. It never asks for what it was given.
///
/// - A bot gets a [preview](super::Preview): it activates nothing, and nothing is kept of it.
/// - `GET` by anybody else is a scan: what is still to become active does, and a record is kept.
/// - `HEAD` and linksets are questions: nothing becomes active, and nothing is kept.
pub fn decide(scan: &Scan, facts: &Facts) -> Step {
    match decided(scan, facts) {
        Ok(decision) => Step::Decided(Box::new(decision)),
        Err(need) => Step::Needs(need),
    }
}

fn decided(scan: &Scan, facts: &Facts) -> Result<Decision, Need> {
    let Some(site) = facts.known_site()? else {
        return Ok(Decision::not_found(NotFound::Brand));
    };
    let decision = match on_site(scan, site, facts) {
        Ok(decision) => decision,
        Err(Stop::Nothing(reason)) => Decision::not_found(reason),
        Err(Stop::Needs(need)) => return Err(need),
    };
    Ok(Decision {
        conformant: site.conformance == Conformance::Gs1,
        ..decision
    })
}

fn on_site(scan: &Scan, site: &Site, facts: &Facts) -> Result<Decision, Stop> {
    let is_gs1 = site.conformance == Conformance::Gs1;
    if scan.target == Target::Description && is_gs1 {
        let description = links::description(scan, site);
        return Ok(Decision::plain(
            Answer::Description(description),
            Outcome::Described,
        ));
    }
    if scan.method == ScanMethod::Options {
        return Ok(Decision::plain(Answer::Options, Outcome::Described));
    }
    let found = find(&scan.target, facts)?;
    let wants = match is_gs1 {
        true => &scan.wants,
        false => &Wants::Default,
    };
    let product = found.scanned.product();
    match (wants, scan.visitor) {
        (Wants::Linkset, _) => {
            let links = links::linkset(scan, site, product, facts.product(product)?);
            let answer = Answer::Linkset(Box::new(links));
            Ok(Decision::plain(answer, Outcome::Described))
        }
        (Wants::NoSuchLink, _) => Err(NotFound::LinkType.into()),
        (Wants::Default, Visitor::Bot) => {
            let preview = links::preview(scan, site, product, facts.product(product)?);
            let answer = Answer::Preview(Box::new(preview));
            Ok(Decision::plain(answer, Outcome::Previewed))
        }
        (Wants::Link(_) | Wants::Default, visitor) => {
            let location = match is_gs1 {
                true => {
                    let known = facts.product(product)?;
                    links::page(scan, site, product, known).ok_or(NotFound::LinkType)?
                }
                false => links::passport(scan, product),
            };
            let status = match is_gs1 {
                true => 307,
                false => 302,
            };
            Ok(redirect(scan, site, found, visitor, status, location))
        }
    }
}

fn redirect(
    scan: &Scan,
    site: &Site,
    found: Found,
    visitor: Visitor,
    status: u16,
    location: String,
) -> Decision {
    let cache = match found.status {
        Some(UnitStatus::Minted) => Cache::NoStore,
        Some(UnitStatus::Active | UnitStatus::Revoked) | None => Cache::Hour,
    };
    let answer = Answer::Redirect {
        status,
        location,
        cache,
        state: found.status,
    };
    let decision = Decision::plain(answer, Outcome::Redirected);
    match (scan.method, visitor) {
        (ScanMethod::Get, Visitor::Somebody(agent)) => Decision {
            record: Some(record(scan, site, &found, agent)),
            activate: found.activate,
            ..decision
        },
        _ => decision,
    }
}

fn record(scan: &Scan, site: &Site, found: &Found, agent: AgentClass) -> ScanRecord {
    ScanRecord {
        at: scan.at,
        brand: site.brand,
        scanned: found.scanned,
        status: found.status,
        path: ScanText::of(&scan.path),
        query: scan.query.as_deref().map(ScanText::of),
        agent,
        location: None,
        network: scan.network,
    }
}
