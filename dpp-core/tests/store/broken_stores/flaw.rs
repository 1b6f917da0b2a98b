//! What can be wrong with a store.

/// What is wrong with a store, named by the clause that it breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    None,
    /// The events of a write are sorted by type, as by an index that was not asked for order.
    C01,
    /// A stream of one event is taken for an empty one.
    C02,
    /// A writer that believes to be further than the stream is let through.
    C03,
    /// `Any` is taken for `NoStream`.
    C04,
    /// What comes before the stream that conflicts is written.
    C05,
    /// The claims are taken although a stream conflicts.
    C05Claims,
    /// What is only checked is not looked at.
    C06,
    /// The values come in the order of the keys.
    C07,
    /// Only the first key that is taken is named.
    C08,
    /// Claims are looked at before versions.
    C08Order,
    /// The receipt of a repeated commit is made up from where the streams are now.
    C09,
    /// A known id is answered without a look at the content.
    C10,
    /// The id of a commit that failed is kept.
    C11,
    /// The receipt's streams come in the order of their ids.
    C12,
    /// There is a limit of 10,000 events.
    C13,
    /// There is a limit of 65,535 claims, as of parameters.
    C14,
    /// JSON is parsed and written anew.
    C15,
    /// The actor and the time are kept, and what led to the event is not.
    C15Causation,
    /// `next` is one too far.
    R01,
    /// A brand that is not known is an error.
    R02,
    /// A page has one more event, which was read to see whether there is more.
    R03,
    /// The feed is in the order of the writers' clocks.
    R04,
    /// A reader that stops inside a commit goes on behind that commit.
    R04Inside,
    /// Positions are numbers that fit every feed.
    R05,
    /// The heads begin with the brand that they should come after.
    R06,
    /// Claims are unique over all brands.
    T01,
    /// Commit ids are unique over all brands.
    T01Ids,
    /// Versions are checked before the write begins.
    T02,
    /// Claims are checked before the write begins.
    T03,
    /// Commit ids are checked before the write begins.
    T04,
    /// Positions are drawn when a commit begins, and seen when it ends.
    T05,
    /// The same in a store that never waits, so that only threads can show it.
    T05Threads,
    /// What was committed is forgotten when the store closes: the ids.
    T06,
    /// The same: the claims.
    T06Claims,
}
