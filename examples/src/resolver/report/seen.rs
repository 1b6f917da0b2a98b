//! What a person is told of a request.

use dpp_core::Timestamp;
use dpp_core::resolver::{Answer, Outcome, ScanRequest};
use dpp_core::service::{ActivateAnswer, Resolved};
use dpp_core::unit::UnitStatus;

/// How much of a path is shown.
const SHOWN: usize = 52;

/// A request, and what became of it.
#[derive(Debug)]
pub(in crate::resolver) struct Seen {
    pub(super) at: Timestamp,
    pub(super) status: u16,
    pub(super) outcome: Outcome,
    pub(super) state: Option<UnitStatus>,
    pub(super) activated: bool,
    /// The method unless it is `GET`, and the path.
    pub(super) what: String,
    /// What did not work.
    pub(super) problems: Vec<String>,
}

impl Seen {
    pub(in crate::resolver) fn of(
        asked: &ScanRequest<'_>,
        resolved: &Resolved,
        at: Timestamp,
    ) -> Self {
        let activated = resolved.activated.iter();
        let failed = activated.filter_map(|answer| answer.as_ref().err());
        let failed = failed.map(|error| format!("not made active: {error}"));
        let failure = resolved.failure.iter();
        let failure = failure.map(|error| format!("answered with 503: {error}"));
        Self {
            at,
            status: resolved.answer.status(),
            outcome: resolved.outcome,
            state: match &resolved.answer {
                Answer::Redirect { state, .. } => *state,
                _ => None,
            },
            activated: resolved
                .activated
                .iter()
                .any(|answer| matches!(answer, Ok(ActivateAnswer::Activated(_)))),
            what: shown(asked.method, asked.path),
            problems: failed.chain(failure).collect(),
        }
    }

    /// Whether something did not work.
    pub(in crate::resolver) fn is_problem(resolved: &Resolved) -> bool {
        resolved.failure.is_some() || resolved.activated.iter().any(Result::is_err)
    }

    /// What became of it, in a few words.
    pub(super) fn words(&self) -> String {
        match self.outcome {
            Outcome::Redirected if self.activated => "led on, active from now".to_owned(),
            Outcome::Redirected => "led on".to_owned(),
            Outcome::Previewed => "a bot: a preview".to_owned(),
            Outcome::Described => "described".to_owned(),
            Outcome::Malformed => "no link looks so".to_owned(),
            Outcome::Method => "no method of a resolver".to_owned(),
            Outcome::NotFound(reason) => reason.to_string(),
            Outcome::Unavailable => "to be tried again".to_owned(),
        }
    }
}

/// Strangers write methods and paths: nothing of them may steer a terminal.
fn shown(method: &str, path: &[u8]) -> String {
    let method = match method {
        "GET" => String::new(),
        method => format!("{} ", method.chars().take(12).collect::<String>()),
    };
    let plain = |byte: &u8| match byte.is_ascii_graphic() {
        true => char::from(*byte),
        false => '?',
    };
    let more = if path.len() > SHOWN { "…" } else { "" };
    let path: String = path.iter().take(SHOWN).map(plain).collect();
    format!("{method}{path}{more}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stranger_writes_is_shown_short_and_harmless() {
        assert_eq!(shown("GET", b"/mu/1\x1b[2J\xff"), "/mu/1?[2J?");
        let long = shown("BREW", &[b'a'; 70_000]);
        assert_eq!(long, format!("BREW {}…", "a".repeat(SHOWN)));
    }
}
