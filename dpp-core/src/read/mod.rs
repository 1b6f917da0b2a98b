//! Reading back: the fold of the log in memory, and what is computed over the read port.
//!
//! [`Reads`] answers a brand's members; [`ReadFold`] is the read port over any event store.
//! This room must not know SQL, nor any store.

mod reads;

mod kpis;
mod listing;
mod locate;
mod past;
mod search;

mod products;
mod units;

mod fold;

pub use fold::{ReadFold, SnapshotError};
pub use kpis::MintKpis;
pub use listing::{
    BatchDetail, BatchFilter, BatchRow, Cursor, CursorError, EventFilter, EventRow, JobFilter,
    JobRow, ListLimit, ListLimitError, Listed, Listing, LotRow, PackFilter, PackRow, Page,
    PageRequest, UnitFilter, UnitRow,
};
pub use locate::Located;
pub use past::{AsOf, BatchAsOf, UnitAsOf, UnitStatuses};
pub use reads::{Progress, Reads, ReadsError};
pub use search::{ExportHit, LotHit, MAX_QUERY, ProductHit, QueryTooLong, SEARCH_PAGE, SearchHit};
pub use units::BatchUnits;
pub(crate) use units::ProvidedLog;
