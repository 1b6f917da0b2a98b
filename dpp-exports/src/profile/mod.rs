//! Carrier profiles: tables as printers, their software and tag encoders want them.
//!
//! A [`Profile`] names its columns, what stands above and between them, and how its files are
//! called. Some are shipped ([`Profiles::shipped`]); a brand adds its own, which hosts read from
//! JSON as a [`ProfileSpec`]:
//!
//! ```
//! use dpp_exports::profile::Profile;
//!
//! let profile: Profile = serde_json::from_str(
//!     r#"{
//!         "name": "acme.hang-tags",
//!         "version": 1,
//!         "title": "Hang tags, 40 x 90 mm",
//!         "formats": ["qr_manifest"],
//!         "columns": [
//!             { "column": "resolver_url_upper", "header": "QR" },
//!             { "column": "gtin_13", "header": "EAN" },
//!             { "column": "sequence", "header": "No" }
//!         ],
//!         "delimiter": ";",
//!         "file_name": "acme_{batch}_{pack}.csv"
//!     }"#,
//! )?;
//! assert_eq!(profile.title(), "Hang tags, 40 x 90 mm");
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! The same version of a profile makes the same bytes for ever: an export names the version
//! that it was begun with. Whoever changes a profile gives it a new version.
//!
//! This room must not know how units are read, nor where tables go.

mod error;
mod layout;
mod registry;
mod shipped;
mod spec;
mod validate;

pub use error::ProfileError;
pub use registry::{AddProfileError, ChooseProfileError, NoSuchProfile, Profiles};
pub use spec::{ColumnSpec, EpcSpec, ProfileSpec};
pub use validate::Profile;
