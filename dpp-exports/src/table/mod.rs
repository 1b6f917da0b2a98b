//! Tables: every unit of a pack in a row, as CSV.
//!
//! RFC 4180, in UTF-8, with a header in each pack and quotes only where a cell needs them.
//! A carrier [profile](crate::profile) can lay a table out in its own way. Without one a
//! [`TableLayout`] is that of its format:
//!
//! | format | columns |
//! |---|---|
//! | manifest | `mint_unit_id, resolver_url, serial, gtin, status, created_at` |
//! | QR, NFC and RFID manifest | `mint_batch_id, mint_unit_id, serial, gtin, resolver_url, created_at` |
//!
//! A cell stays empty where there is nothing: the serial in lot mode, the GTIN of a product that
//! has none. Cells that a spreadsheet would take for a formula are written as they are, since
//! machines read these files; a profile can have them guarded.
//!
//! ```
//! use dpp_core::BrandScope;
//! use dpp_core::export::{ExportFormat, Slices};
//! use dpp_core::read::{BatchUnits, Reads, UnitStatuses};
//! use dpp_exports::PackUnits;
//! use dpp_exports::table::TableLayout;
//!
//! async fn export(
//!     reads: &Reads,
//!     scope: &BrandScope,
//!     units: &BatchUnits,
//!     statuses: &UnitStatuses,
//! ) -> Result<(), Box<dyn std::error::Error>> {
//!     let layout = TableLayout::of_format(ExportFormat::Manifest)?;
//!     for slice in Slices::of(units.minted()) {
//!         let provided = reads.provided(scope, units, slice.indexes()).await?;
//!         let pack = PackUnits::new(units.clone(), slice, provided, statuses.clone())?;
//!         let name = layout.file_name(pack.batch(), pack.slice().number());
//!         let written = layout.write(&pack, std::fs::File::create(&name)?)?;
//!         println!("{}  {name}", written.sha256);
//!     }
//!     Ok(())
//! }
//! ```
//!
//! This room must not know who chose a layout, nor where a table goes.

mod cells;
mod column;
mod dialect;
mod error;
mod file_name;
mod layout;
mod rows;

pub use column::{Column, ColumnError};
pub use dialect::{Delimiter, FormulaGuard, LineEnding};
pub use error::LayoutError;
pub(crate) use file_name::FileName;
pub use file_name::FileNameError;
pub(crate) use layout::EpcColumns;
pub use layout::{HeadedColumn, TableLayout};
