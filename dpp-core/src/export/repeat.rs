//! Whether a request asks for an export that there is.

use super::command::ExportRejection;
use super::events::ExportFacts;
use super::state::{Export, ExportLock};
use crate::ids::ExportId;
use crate::time::Timestamp;

/// What a request comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepeatOrNew {
    /// There is this export, which has just what is asked for or will have it: go on after its
    /// last completed pack.
    Repeat(ExportId),
    /// A new one can be made.
    New,
}

/// Whether a request is answered with an export that there is, or a new one can be made.
///
/// Give it at least the living exports of the request's batch; others change nothing. One with
/// the same facts is the answer as long as it is alive. One of the same format with other
/// facts stands in the way while a worker makes it; completed, or held by nobody, it does not.
///
/// The commit that makes a new one has to check the versions of the exports that were given,
/// lest one is locked meanwhile. Two requests at the same time can still make two exports of
/// the same facts, of which a later request gets the one given first.
///
/// # Errors
/// [`ExportRejection::Locked`] when one stands in the way.
pub fn repeat_or_new<'a>(
    request: &ExportFacts,
    exports: impl IntoIterator<Item = (ExportId, &'a Export)>,
    now: Timestamp,
) -> Result<RepeatOrNew, ExportRejection> {
    let mut in_the_way = None;
    for (id, export) in exports {
        if export.is_alive(now) && export.facts == *request {
            return Ok(RepeatOrNew::Repeat(id));
        }
        in_the_way = in_the_way.or_else(|| export.stands_in_the_way_of(request, now));
    }
    match in_the_way {
        Some(lock) => Err(lock.into()),
        None => Ok(RepeatOrNew::New),
    }
}

impl Export {
    /// The lock that keeps other exports of its batch and format from being made now, if this
    /// request is for one. A completed export has none.
    pub fn stands_in_the_way_of(
        &self,
        request: &ExportFacts,
        now: Timestamp,
    ) -> Option<&ExportLock> {
        let facts = &self.facts;
        let same = (facts.mint_batch_id, facts.format) == (request.mint_batch_id, request.format);
        self.live_lock(now).filter(|_| same && self.is_alive(now))
    }
}
