//! Who may do what (SPEC section 8).
//!
//! Every operation takes a [`Caller`]. What is done inside needs a [`BrandScope`], which only
//! a check of a caller can make: there is no way to forget it.

use std::fmt::Debug;
use std::marker::PhantomData;

use crate::actor::{Actor, WorkerName};
use crate::ids::{BrandId, UserId};

/// What a member may do for a brand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// May read.
    Member,
    /// May mint, export, revoke and change as well.
    Admin,
    /// The same as an admin.
    Owner,
}

/// Somebody who asks for something, as the host has authenticated them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    who: Who,
    roles: Vec<(BrandId, Role)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Nobody,
    User(UserId),
    Public,
}

/// Why a caller may not do what they ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// The host does not know who it is. Sign in.
    #[error("the caller is not authenticated")]
    NotAuthenticated,
    /// They have no role for the brand that allows it. This says nothing of whether there is
    /// such a brand. Ask an owner of it.
    #[error("the caller has no role for brand `{brand}` that allows this")]
    Forbidden {
        /// The brand that was named.
        brand: BrandId,
    },
}

impl Caller {
    /// Nobody that the host knows.
    pub const fn anonymous() -> Self {
        Self::with_who(Who::Nobody)
    }

    /// Somebody of the public who scanned a code, and is not a bot: may activate what was
    /// scanned, of any brand, and nothing else. It is the host's resolver that says so; no
    /// request of a member must come in under this name.
    pub const fn scan() -> Self {
        Self::with_who(Who::Public)
    }

    /// A person or program that the host has authenticated.
    pub const fn user(user: UserId) -> Self {
        Self::with_who(Who::User(user))
    }

    const fn with_who(who: Who) -> Self {
        Self {
            who,
            roles: Vec::new(),
        }
    }

    /// The same, with a role for a brand.
    #[must_use]
    pub fn with_role(mut self, brand: BrandId, role: Role) -> Self {
        self.roles.push((brand, role));
        self
    }

    /// Leave to read what belongs to a brand.
    ///
    /// # Errors
    /// [`AccessError`] when the caller is nobody, or no member of the brand.
    pub fn to_read(&self, brand: BrandId) -> Result<BrandScope<Read>, AccessError> {
        self.scope(brand, Role::Member)
    }

    /// Leave to change what belongs to a brand.
    ///
    /// # Errors
    /// [`AccessError`] when the caller is nobody, or neither owner nor admin of the brand.
    pub fn to_write(&self, brand: BrandId) -> Result<BrandScope<Write>, AccessError> {
        self.scope(brand, Role::Admin)
    }

    /// Leave to activate what belongs to a brand.
    ///
    /// # Errors
    /// [`AccessError`] when the caller is nobody, or neither owner nor admin of the brand, nor
    /// a scan.
    pub fn to_activate(&self, brand: BrandId) -> Result<BrandScope<Activate>, AccessError> {
        match self.who {
            Who::Public => Ok(BrandScope::new(brand, Actor::Scan)),
            Who::Nobody | Who::User(_) => self.scope(brand, Role::Admin),
        }
    }

    fn scope<A>(&self, brand: BrandId, least: Role) -> Result<BrandScope<A>, AccessError> {
        let Who::User(user) = self.who else {
            return Err(AccessError::NotAuthenticated);
        };
        let allows = |(of, role): &(BrandId, Role)| *of == brand && *role >= least;
        match self.roles.iter().any(allows) {
            true => Ok(BrandScope::new(brand, Actor::User(user))),
            false => Err(AccessError::Forbidden { brand }),
        }
    }
}

/// Leave to read.
#[derive(Debug, Clone, Copy)]
pub enum Read {}

/// Leave to change; it includes leave to read.
#[derive(Debug, Clone, Copy)]
pub enum Write {}

/// Leave to activate units and lots, and nothing else.
#[derive(Debug, Clone, Copy)]
pub enum Activate {}

/// Leave that lets something be written: to change, or to activate. Nobody outside this crate
/// can add to it.
pub(crate) trait MayCommit {}

impl MayCommit for Write {}
impl MayCommit for Activate {}

/// Proof that somebody may act for one brand, and who it is.
#[derive(Debug, Clone)]
pub struct BrandScope<A = Read> {
    brand: BrandId,
    actor: Actor,
    access: PhantomData<A>,
}

impl<A> BrandScope<A> {
    const fn new(brand: BrandId, actor: Actor) -> Self {
        Self {
            brand,
            actor,
            access: PhantomData,
        }
    }

    /// The brand.
    pub const fn brand(&self) -> BrandId {
        self.brand
    }

    /// Who acts.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
}

impl BrandScope<Write> {
    /// The host's own worker acts on the jobs of every brand.
    pub(crate) const fn of_worker(brand: BrandId, worker: WorkerName) -> Self {
        Self::new(brand, Actor::Worker(worker))
    }

    /// Leave to read.
    pub fn to_read(&self) -> BrandScope<Read> {
        BrandScope::new(self.brand, self.actor.clone())
    }
}
