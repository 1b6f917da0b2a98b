//! Scenarios of deciders: given these events, when this is asked for, then those events
//! follow, or it is refused.
//!
//! ```
//! use dpp_core::mint::{Quota, QuotaEvent, QuotaExceeded, QuotaTaken};
//! use dpp_core::testing::scenario::given;
//!
//! let batch = "01a3ae2d-2400-7707-8707-070707070706".parse()?;
//! let taken = QuotaEvent::Taken(QuotaTaken { mint_batch_id: batch, quantity: 70 });
//!
//! given([taken], Quota::evolve)
//!     .when(|quota| quota.take(batch, Some(100), 31))
//!     .then_refused(QuotaExceeded { requested: 31, left: 30, quantity: 100 });
//! # Ok::<(), dpp_core::IdError>(())
//! ```

use std::fmt::Debug;

/// A state that was folded from events.
#[derive(Debug, Clone)]
pub struct Given<S> {
    /// The state.
    pub state: S,
}

/// What came of a decision.
#[derive(Debug, Clone)]
#[must_use]
pub struct Outcome<E, R> {
    /// The events, or the refusal.
    pub answer: Result<E, R>,
}

/// The state after these events, from nothing.
pub fn given<S: Default, E>(
    events: impl IntoIterator<Item = E>,
    evolve: impl Fn(S, &E) -> S,
) -> Given<S> {
    let events = events.into_iter();
    Given {
        state: events.fold(S::default(), |state, event| evolve(state, &event)),
    }
}

impl<S> Given<S> {
    /// What is decided there.
    pub fn when<E, R>(&self, decide: impl FnOnce(&S) -> Result<E, R>) -> Outcome<E, R> {
        Outcome {
            answer: decide(&self.state),
        }
    }
}

impl<E: Debug, R: Debug> Outcome<E, R> {
    /// Asserts that these events follow.
    #[track_caller]
    pub fn then<T>(self, expected: T)
    where
        T: Debug,
        E: PartialEq<T>,
    {
        assert!(
            self.answer.as_ref().is_ok_and(|events| *events == expected),
            "expected {expected:#?}, and this came of it: {:#?}",
            self.answer
        );
    }

    /// Asserts that it is refused for just this reason.
    #[track_caller]
    pub fn then_refused(self, expected: R)
    where
        R: PartialEq,
    {
        assert!(
            self.answer
                .as_ref()
                .is_err_and(|reason| *reason == expected),
            "expected the refusal {expected:#?}, and this came of it: {:#?}",
            self.answer
        );
    }
}
