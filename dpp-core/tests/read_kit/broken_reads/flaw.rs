//! What can be wrong with a read side.

/// What is wrong with a read side, named by the clause that it breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    None,
    /// Exceptions are answered first, and read on after.
    A01Exceptions,
    /// Exports are answered first, and read on after.
    A01Exports,
    /// A prefix is answered first, and read on after.
    A01Prefix,
    /// Counters are answered first, and read on after.
    A01Counters,
    /// A batch is kept until its own stream moves on, whatever happens to its units.
    A01Kept,
    /// Batches are looked up by id, whosever they are.
    A02Batch,
    /// Runnable jobs are kept by id, whosever they are.
    A02Runnable,
    /// Exports that are due are kept by id, whosever they are.
    A02Exports,
    /// Exceptions are kept by the batch's id, whosever they are.
    A02Exceptions,
    /// Products are looked up by GTIN, whosever they are.
    A02Gtin,
    /// The counters of a brand without a row are an error.
    A03Counters,
    /// The exceptions of a batch without a row are an error.
    A03Exceptions,
    /// A text that no serial begins with is an error.
    A03Prefix,
    /// A page of batches has one more, which was read to see whether there is more.
    A04Batches,
    /// A page of events has one more.
    A04Events,
    /// The limit is taken before the query.
    A04Filter,
    /// Runnable jobs have no limit.
    A04Runnable,
    /// Exports that are due have no limit.
    A04Exports,
    /// The cycles are lost.
    B01Cycles,
    /// The failure stays when a cycle has made units again.
    B01Failure,
    /// The time of the last change is that of acceptance.
    B01Changed,
    /// Prefixes are noted when a job is queued, so that drafts have none.
    B02Prefix,
    /// Batches come in the order of their ids.
    B03Order,
    /// A page begins with the last of the page before.
    B03Repeats,
    /// Reading on goes by time alone, so that what is of the same moment is passed over.
    B03Time,
    /// A part of the query is ignored.
    B04Status,
    B04Job,
    B04Product,
    B04Lot,
    B04Holding,
    B04Ids,
    B04Serials,
    /// Lot codes are compared without regard to case.
    B04LotCase,
    /// Jobs that are held are listed.
    B05Held,
    /// Jobs that are over are listed.
    B05Over,
    /// Drafts are listed.
    B05Draft,
    /// The newest comes first.
    B05Newest,
    /// A lease is taken to hold at its end.
    B05End,
    /// A product comes once for each of its batches.
    B06Twice,
    /// Products come in any order.
    B06Order,
    /// Jobs that are over are forgotten.
    S01Over,
    /// Numbers are not looked up.
    S01Numbers,
    /// Prefixes are compared without regard to case.
    S02Case,
    /// A prefix is taken for a pattern.
    S02Pattern,
    /// Where to read on is ignored.
    S02After,
    /// Serials come in a dictionary's order.
    S02Order,
    /// A serial of two products comes once.
    S02Once,
    /// Activations are lost.
    U01Activated,
    /// Activations are everybody's.
    U01Another,
    /// Units that were revoked together are lost.
    U02Together,
    /// Long sets are not read.
    U02Bitmap,
    /// Lots are lost.
    U03Lots,
    /// Lots are everybody's.
    U03Another,
    /// Who is activated is revoked no more.
    U04Revoked,
    /// Who is revoked was never activated.
    U04Activated,
    /// Voiding changes no counts.
    U05Voided,
    /// Lots change no counts.
    U05Lots,
    /// Who is revoked is still counted as active.
    U05Twice,
    /// Units that are born active are not counted as such.
    U05Born,
    /// Of many batches the first is left out.
    B02Many,
    /// The last unit of a range is left out.
    U06Short,
    /// Lots are cut like units.
    U06Lots,
    /// A batch comes without its units.
    U06Bare,
    /// The newest events are looked for at the wrong end.
    E01Newest,
    /// A page begins with the last of the page before.
    E01Repeats,
    /// JSON is parsed and written anew.
    E01Payload,
    /// Events are in the order of the writers' clocks.
    E01Clock,
    /// A part of the query is ignored.
    E02Kind,
    E02Type,
    E02Entity,
    E02From,
    E02Until,
    /// What happened to many units is not found with their batch.
    E02Together,
    /// The end of the time is taken in.
    E02Inclusive,
    /// That an export was completed is not noted.
    X01Completed,
    /// That an export expired is not noted.
    X01Expired,
    /// Failures in a row are counted as one.
    X01Failures,
    /// The rest after a failure is cut short.
    X01Rest,
    /// Exports come in the order in which they were asked for.
    X02Order,
    /// The greatest ids are looked for at the wrong end.
    X02Newest,
    /// A page begins with the last of the page before.
    X02Repeats,
    /// The end of the range is left out.
    X02End,
    /// The batch is ignored.
    X02Batch,
    /// Exports that are held are listed.
    X03Held,
    /// Exports that are completed are listed.
    X03Over,
    /// A lock is taken to hold at its end.
    X03End,
    /// Exports whose time is over are listed.
    X03Late,
    /// An export that failed does not rest.
    X03Retry,
    /// An export that failed never comes back.
    X03Gone,
    /// The newest comes first.
    X03Newest,
    /// What was let go last comes last.
    X03Free,
    /// Exports come by id.
    X03Ids,
    /// Exports whose files are gone are listed.
    X04Expired,
    /// The time of an export is taken to last at its end.
    X04End,
    /// Exports that are not completed never expire.
    X04Open,
    /// The one that was asked for first comes first.
    X04Order,
    /// Exports are not counted.
    K01Uncounted,
    /// Exports that were only asked for are counted.
    K01Exports,
    /// Who is revoked is still counted as active.
    K01Revoked,
    /// Drafts are not counted.
    K01Drafts,
}
