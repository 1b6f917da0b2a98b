//! What the conformance kits have in common: clauses and how they are broken, how futures are
//! driven, and ids that nobody else has.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::future::BoxFuture;
use uuid::Uuid;

use crate::store::log::{Actor, Commit, CommitBuilder};
use crate::{BrandId, CommitId, CorrelationId, ProductId, Timestamp, UserId};

/// A clause that a store does not keep.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{clause}: {what}")]
pub struct Violation {
    /// The clause's number, for example `C05`.
    pub clause: &'static str,
    /// What the store did.
    pub what: String,
}

impl Violation {
    pub(super) fn new(clause: &'static str, what: impl Into<String>) -> Self {
        Self {
            clause,
            what: what.into(),
        }
    }
}

impl fmt::Debug for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

pub(super) type Checked<T = ()> = Result<T, Violation>;

/// One clause of a contract, and its check.
#[derive(Debug, Clone, Copy)]
pub struct Clause<F> {
    /// Its number, for example `C05`.
    pub id: &'static str,
    /// The name of its check, which is the name of its test, too.
    pub name: &'static str,
    /// What it says, in short.
    pub sentence: &'static str,
    pub(super) check: for<'a> fn(&'a F) -> BoxFuture<'a, Checked>,
}

impl<F: Sync> Clause<F> {
    pub(super) fn check_in(&self, run: &Run, fixture: &F) -> Checked {
        let checked = run.drive((self.check)(fixture));
        checked.unwrap_or_else(|| Err(Violation::new(self.id, "block_on gave up its future")))
    }
}

type BlockOn = dyn Fn(Pin<Box<dyn Future<Output = ()> + Send + '_>>) + Send + Sync;

/// How the checks of a fixture are driven, and told from those of every other.
pub(super) struct Run {
    block_on: Box<BlockOn>,
    number: u64,
    trials: AtomicU64,
}

impl Run {
    pub(super) fn new() -> Self {
        Self {
            block_on: Box::new(|future| futures::executor::block_on(future)),
            number: RandomState::new().hash_one("run"),
            trials: AtomicU64::new(0),
        }
    }

    pub(super) fn driven_by<B>(self, block_on: B) -> Self
    where
        B: Fn(Pin<Box<dyn Future<Output = ()> + Send + '_>>) + Send + Sync + 'static,
    {
        Self {
            block_on: Box::new(block_on),
            ..self
        }
    }

    /// Runs a future to its end; none if `block_on` gave it up.
    pub(super) fn drive<T: Send>(&self, future: impl Future<Output = T> + Send) -> Option<T> {
        let mut output = None;
        (self.block_on)(Box::pin(async { output = Some(future.await) }));
        output
    }

    pub(super) fn trial(&self, clause: &'static str) -> Trial {
        let number = self.trials.fetch_add(1, Ordering::Relaxed);
        Trial {
            clause,
            number: [self.number, number],
            commits: AtomicU64::new(0),
        }
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// One clause being checked: what it requires, and ids that no other trial has.
#[derive(Debug)]
pub(super) struct Trial {
    clause: &'static str,
    number: [u64; 2],
    commits: AtomicU64,
}

impl Trial {
    pub(super) fn violation(&self, what: impl Into<String>) -> Violation {
        Violation::new(self.clause, what)
    }

    pub(super) fn require(&self, holds: bool, what: impl Into<String>) -> Checked {
        match holds {
            true => Ok(()),
            false => Err(self.violation(what)),
        }
    }

    pub(super) fn same<T: PartialEq + fmt::Debug>(&self, what: &str, got: &T, due: &T) -> Checked {
        match got == due {
            true => Ok(()),
            false => Err(self.violation(format!("{what} is {got:?}, but should be {due:?}"))),
        }
    }

    /// Reads a text that the kit itself wrote.
    pub(super) fn read<T>(&self, text: &str) -> Checked<T>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        let wrong = |error| self.violation(format!("the kit wrote `{text}`: {error}"));
        text.parse().map_err(wrong)
    }

    pub(super) fn build(&self, draft: CommitBuilder) -> Checked<Commit> {
        let invalid = |error| self.violation(format!("the kit made an invalid commit: {error}"));
        draft.build().map_err(invalid)
    }
}

/// Ids: each is another one in each trial, and brands are in the order of their numbers.
impl Trial {
    pub(super) fn bytes<const N: usize>(&self, of: &str, number: u64) -> [u8; N] {
        let mut hasher = blake3::Hasher::new();
        let [run, trial] = self.number;
        for part in [run, trial, number] {
            hasher.update(&part.to_be_bytes());
        }
        hasher.update(of.as_bytes());
        let mut bytes = [0; N];
        hasher.finalize_xof().fill(&mut bytes);
        bytes
    }

    pub(super) fn uuid(&self, of: &str, number: u64) -> Uuid {
        uuid::Builder::from_custom_bytes(self.bytes(of, number)).into_uuid()
    }

    pub(super) fn brand(&self, number: u32) -> BrandId {
        let mut bytes = self.uuid("brand", 0).into_bytes();
        if let Some(last) = bytes.last_chunk_mut() {
            *last = number.to_be_bytes();
        }
        BrandId::from_uuid(Uuid::from_bytes(bytes))
    }

    pub(super) fn product(&self, number: u64) -> ProductId {
        ProductId::from_uuid(self.uuid("product", number))
    }

    pub(super) fn commit_id(&self) -> CommitId {
        let number = self.commits.fetch_add(1, Ordering::Relaxed);
        CommitId::from_uuid(self.uuid("commit", number))
    }

    pub(super) fn draft_at(&self, brand: BrandId, id: CommitId, at: Timestamp) -> CommitBuilder {
        let actor = Actor::User(UserId::from_uuid(self.uuid("user", 0)));
        let correlation = CorrelationId::from_uuid(self.uuid("correlation", 0));
        Commit::builder(brand, id, at, actor, correlation)
    }
}

/// Makes the table of clauses out of the list from which the tests are made, too.
macro_rules! clause_table {
    ($($id:literal $name:ident $sentence:literal;)*) => {
        /// Every clause, in the contract's order.
        pub const CLAUSES: &[Clause] = &[$(
            Clause {
                id: $id,
                name: stringify!($name),
                sentence: $sentence,
                check: |fixture| Box::pin($name(fixture)),
            },
        )*];
    };
}
pub(super) use clause_table;
