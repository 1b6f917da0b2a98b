//! The exporter: asks for exports, makes their packs, hands out links to them, and removes them
//! when their time is over.
//!
//! It knows which format is made how and where its file goes; what may be done when, the
//! decider of exports says.

mod branding;
mod error;
mod links;
mod logos;
mod make;
mod order;
mod paths;
mod proof;
mod recipe;
mod retention;
mod worker;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

pub use branding::{BrandExports, Branding, BrandingError, Brandings};
pub use error::{ExporterError, PackFailure};
pub use links::DownloadLink;
pub use order::ExportOrder;
pub use retention::Expired;
pub use worker::{ExportDid, ExportStep, ExportWorker, Progress};

use dpp_core::export::{ExportFormat, ProfileName};
use dpp_core::service::ExportService;

use crate::profile::Profiles;
use crate::storage::{LinkSigner, PackStorage};

/// Everything that a host does with exports.
///
/// Cloning it is cheap, and the clones are one. It works inside a tokio runtime: packs are made
/// on its threads for blocking work. Any number of processes may work on one log and storage;
/// give all of them the same profiles and brandings.
///
/// ```
/// use dpp_core::export::{ExportFormat, PackNumber};
/// use dpp_core::identity::MintBatchId;
/// use dpp_core::service::Again;
/// use dpp_core::{BrandId, Caller, Timestamp};
/// use dpp_exports::{ExportOrder, ExportWorker, Exporter, ExporterError};
///
/// /// A link to the first 10,000 units of a batch, for a printer of QR codes.
/// async fn first_pack(
///     exporter: &Exporter,
///     worker: &mut ExportWorker,
///     caller: &Caller,
///     brand: BrandId,
///     batch: MintBatchId,
///     now: impl Fn() -> Timestamp,
/// ) -> Result<String, ExporterError> {
///     let order = ExportOrder::of(brand, batch, ExportFormat::QrManifest);
///     let export = exporter.request(caller, &order, now()).await?.export_id;
///
///     // In a host a task of its own does this, all the time.
///     while worker.run_once(now()).await?.again == Again::Now {}
///
///     let pack = PackNumber::FIRST;
///     let link = exporter.download_link(caller, brand, export, pack, now());
///     Ok(link.await?.url)
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Exporter {
    inner: Arc<Inner>,
}

#[derive(Debug, Clone)]
struct Inner {
    service: ExportService,
    storage: PackStorage,
    profiles: Profiles,
    branding: Arc<dyn Branding>,
    links: Option<LinkSigner>,
    defaults: BTreeMap<ExportFormat, ProfileName>,
    threads: NonZeroUsize,
}

impl Exporter {
    /// Exports of this log, kept in this storage, with the shipped profiles, no brand's logo or
    /// preference, and one thread for a bundle.
    pub fn new(service: ExportService, storage: PackStorage) -> Self {
        Self {
            inner: Arc::new(Inner {
                service,
                storage,
                profiles: Profiles::shipped(),
                branding: Arc::new(Brandings::default()),
                links: None,
                defaults: BTreeMap::new(),
                threads: NonZeroUsize::MIN,
            }),
        }
    }

    /// The same with these profiles.
    #[must_use]
    pub fn with_profiles(self, profiles: Profiles) -> Self {
        self.changed(|inner| inner.profiles = profiles)
    }

    /// The same with what these say of brands.
    #[must_use]
    pub fn with_branding(self, branding: Arc<dyn Branding>) -> Self {
        self.changed(|inner| inner.branding = branding)
    }

    /// The same with links that the host serves itself. A storage that signs links needs none.
    #[must_use]
    pub fn with_links(self, signer: LinkSigner) -> Self {
        self.changed(|inner| inner.links = Some(signer))
    }

    /// The same with this profile for a format where neither an order nor its brand names one.
    #[must_use]
    pub fn with_default_profile(self, format: ExportFormat, profile: ProfileName) -> Self {
        self.changed(|inner| {
            inner.defaults.insert(format, profile);
        })
    }

    /// The same with so many threads for the codes of one bundle. Its bytes are the same
    /// whatever their number.
    #[must_use]
    pub fn with_threads(self, threads: NonZeroUsize) -> Self {
        self.changed(|inner| inner.threads = threads)
    }

    fn changed(self, change: impl FnOnce(&mut Inner)) -> Self {
        let mut inner = Arc::unwrap_or_clone(self.inner);
        change(&mut inner);
        Self {
            inner: Arc::new(inner),
        }
    }

    /// What it asks and tells the log by.
    pub fn service(&self) -> &ExportService {
        &self.inner.service
    }

    /// Where its packs lie.
    pub fn storage(&self) -> &PackStorage {
        &self.inner.storage
    }

    /// What there are of carrier profiles.
    pub fn profiles(&self) -> &Profiles {
        &self.inner.profiles
    }
}
