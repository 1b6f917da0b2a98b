//! What can be wrong with a store of scans.

/// What is wrong with a store, named by the clause that it breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    None,
    /// Scans that are alike are taken for one.
    T01Alike,
    /// Only scans of the brand of the first are appended.
    T01First,
    /// Half of a call is seen before the rest.
    T02Halves,
    /// One brand of a call is seen before the others.
    T02Brands,
    /// A call has a limit.
    T03Large,
    /// Texts have a limit.
    T03Long,
    /// A call without scans is refused.
    T03None,
    /// The last day of a range is left out.
    T04Last,
    /// The first day of a range is left out.
    T04First,
    /// Days end an hour early, as they do east of Greenwich.
    T04Zone,
    /// Days come in the order in which they were appended to.
    T04Order,
    /// Every day of a range has a row.
    T04Empty,
    /// A part of the query is ignored.
    T05Product,
    T05Batch,
    /// If a batch is named, the product is ignored.
    T05Both,
    /// The limit is taken before products are sorted.
    T06Limit,
    /// There is no limit.
    T06Endless,
    /// Products with as many scans come in any order.
    T06Ties,
    /// Scans of products as such are not counted.
    T06AsSuch,
    /// The days are ignored.
    T06Days,
    /// Only scans of units are counted.
    T07Units,
    /// The product is ignored.
    T07Product,
    /// The least scanned come first.
    T07Least,
    /// What was appended first is taken for the first scan.
    T08First,
    /// What was appended last is taken for the last scan.
    T08Last,
    /// A unit has the scans of lots with its number.
    T08Lots,
    /// A unit has the scans of all units with its index.
    T08Batch,
    /// Days are counted for all brands.
    T09Days,
    /// Products are counted for all brands.
    T09Products,
    /// Batches are counted for all brands.
    T09Batches,
    /// Units are found whosever they are.
    T09Units,
    /// A brand without scans is an error.
    T10Brand,
    /// A range that ends before it begins is an error.
    T10Range,
    /// A unit without scans has none, but a row.
    T10Unit,
    /// The named day is forgotten, too.
    T11Named,
    /// Only whole months are forgotten.
    T11Months,
    /// One brand is forgotten.
    T11Brand,
    /// What is still there is told, not what was removed.
    T11Count,
    /// Units remember what was forgotten.
    T11Units,
    /// A day that was forgotten stays closed.
    T12Closed,
}
