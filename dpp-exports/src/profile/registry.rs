//! Which profiles there are for a brand.

use std::collections::{BTreeMap, BTreeSet};

use dpp_core::BrandId;
use dpp_core::export::{CarrierProfile, ExportFormat, ProfileName};

use super::shipped::{FAMILIES, shipped};
use super::validate::Profile;

/// The profiles that come with this library, and the brands' own. A brand's own are seen by
/// nobody else.
///
/// | shipped, version 1 | format | columns |
/// |---|---|---|
/// | `generic.vdp.lf`, `generic.vdp.crlf` | QR manifest | `DATA,Serial,GTIN` |
/// | `bartender.barcodedata` | QR manifest | `BarcodeData,Serial,GTIN` |
/// | `bartender.data` | QR manifest | `DATA,Serial,GTIN` |
/// | `nicelabel` | QR manifest | `QR,Serial,GTIN` |
/// | `zebra` | QR manifest | `DATA,SERIAL,GTIN,HRI` |
/// | `nfc.ndef` | NFC manifest | `sequence,ndef_hex,resolver_url,serial,gtin,mint_unit_id` |
/// | `nfc.uri` | NFC manifest | `sequence,resolver_url,serial,gtin,mint_unit_id` |
/// | `rfid.sgtin-96`, `rfid.sgtin-198`, `rfid.sgtin-plus` | RFID manifest | `sequence,epc_hex,epc_uri,element_string,serial,gtin,resolver_url,mint_unit_id` |
///
/// `DATA`, `BarcodeData` and `QR` are the resolver URL. All end lines with CRLF but the first.
#[derive(Debug, Clone)]
pub struct Profiles {
    shipped: Vec<Profile>,
    own: BTreeMap<BrandId, Vec<Profile>>,
}

/// Why a profile is not among a brand's own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddProfileError {
    /// Its name begins as those of shipped profiles do, now or in a release to come. Begin it
    /// with the brand's name.
    #[error("the name `{name}` is kept for shipped profiles, as all that begin with `{family}`")]
    Reserved {
        /// The name.
        name: ProfileName,
        /// What it must not begin with.
        family: &'static str,
    },
    /// The brand has this version already, and it makes other files. Give it a new version.
    #[error(
        "version {version} of carrier profile `{name}` is there already, and makes other files"
    )]
    OtherContent {
        /// The name.
        name: ProfileName,
        /// The version.
        version: u32,
    },
}

/// A version of a profile that is not there for a brand. Add it again: exports were begun with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no version {} of carrier profile `{}`", .0.version, .0.name)]
pub struct NoSuchProfile(pub CarrierProfile);

/// Why no profile was chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChooseProfileError {
    /// There is none of this name. Choose one that there is.
    #[error("there is no carrier profile `{name}`; for the format `{format}` there are {}", list(.known))]
    Unknown {
        /// The name.
        name: ProfileName,
        /// What is to be laid out.
        format: ExportFormat,
        /// What can be chosen for it.
        known: Vec<ProfileName>,
    },
    /// It is not for this format. Choose one that is.
    #[error("carrier profile `{name}` is not for the format `{format}`; there are {}", list(.known))]
    OtherFormat {
        /// The name.
        name: ProfileName,
        /// What is to be laid out.
        format: ExportFormat,
        /// What can be chosen for it.
        known: Vec<ProfileName>,
    },
    /// All of its versions are deprecated. Choose another one.
    #[error("carrier profile `{name}` is deprecated; for the format `{format}` there are {}", list(.known))]
    Deprecated {
        /// The name.
        name: ProfileName,
        /// What is to be laid out.
        format: ExportFormat,
        /// What can be chosen for it.
        known: Vec<ProfileName>,
    },
}

fn list(known: &[ProfileName]) -> String {
    match known {
        [] => "none".to_owned(),
        known => {
            let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
            known.join(", ")
        }
    }
}

impl Profiles {
    /// Those that come with this library.
    pub fn shipped() -> Self {
        Self {
            shipped: shipped(),
            own: BTreeMap::new(),
        }
    }

    /// The same with a profile of a brand's own. One that the brand has already, with the same
    /// version, may get another title, or be deprecated.
    ///
    /// # Errors
    /// [`AddProfileError`] when the name is one for shipped profiles, or the brand has this
    /// version and it makes other files.
    pub fn with(mut self, brand: BrandId, profile: Profile) -> Result<Self, AddProfileError> {
        check_name(profile.name())?;
        let own = self.own.entry(brand).or_default();
        match own.iter_mut().find(|known| known.id() == profile.id()) {
            Some(known) if known.makes_the_same_as(&profile) => *known = profile,
            Some(_) => {
                return Err(AddProfileError::OtherContent {
                    name: profile.name().clone(),
                    version: profile.version(),
                });
            }
            None => own.push(profile),
        }
        Ok(self)
    }

    /// All that a brand can see, the shipped ones first, deprecated ones too.
    pub fn of_brand(&self, brand: BrandId) -> impl Iterator<Item = &Profile> {
        let own = self.own.get(&brand).into_iter().flatten();
        self.shipped.iter().chain(own)
    }

    /// The profile that an export was begun with: this version, be it deprecated or not.
    ///
    /// # Errors
    /// [`NoSuchProfile`].
    pub fn get(&self, brand: BrandId, id: &CarrierProfile) -> Result<&Profile, NoSuchProfile> {
        let found = self.of_brand(brand).find(|profile| profile.id() == id);
        found.ok_or_else(|| NoSuchProfile(id.clone()))
    }

    /// The profile for an export that is to be begun: that of the explicit name, else of the
    /// brand's default, else of the system's, in its newest version that is not deprecated. A
    /// default that is for other formats is passed over. None means the format as it is.
    ///
    /// # Errors
    /// [`ChooseProfileError`] when the name, be it a default, is that of no profile, or of one
    /// that is deprecated; and when the explicit one is for other formats.
    pub fn choose(
        &self,
        brand: BrandId,
        format: ExportFormat,
        explicit: Option<&ProfileName>,
        brand_default: Option<&ProfileName>,
        system_default: Option<&ProfileName>,
    ) -> Result<Option<&Profile>, ChooseProfileError> {
        if let Some(name) = explicit {
            return self.newest(brand, format, name).map(Some);
        }
        for name in [brand_default, system_default].into_iter().flatten() {
            match self.newest(brand, format, name) {
                Err(ChooseProfileError::OtherFormat { .. }) => {}
                chosen => return chosen.map(Some),
            }
        }
        Ok(None)
    }

    fn newest(
        &self,
        brand: BrandId,
        format: ExportFormat,
        name: &ProfileName,
    ) -> Result<&Profile, ChooseProfileError> {
        let named: Vec<_> = self
            .of_brand(brand)
            .filter(|profile| profile.name() == name)
            .collect();
        let of_format = named.iter().filter(|profile| profile.is_for(format));
        let usable = of_format.clone().filter(|profile| !profile.is_deprecated());
        if let Some(newest) = usable.max_by_key(|profile| profile.version()) {
            return Ok(newest);
        }
        let known = self.known(brand, format);
        let name = name.clone();
        Err(match (named.len(), of_format.count()) {
            (0, _) => ChooseProfileError::Unknown {
                name,
                format,
                known,
            },
            (_, 0) => ChooseProfileError::OtherFormat {
                name,
                format,
                known,
            },
            _ => ChooseProfileError::Deprecated {
                name,
                format,
                known,
            },
        })
    }

    /// The names that a brand can choose for a format.
    fn known(&self, brand: BrandId, format: ExportFormat) -> Vec<ProfileName> {
        let usable = |profile: &&Profile| profile.is_for(format) && !profile.is_deprecated();
        let names = self.of_brand(brand).filter(usable).map(Profile::name);
        let names: BTreeSet<_> = names.cloned().collect();
        names.into_iter().collect()
    }
}

fn check_name(name: &ProfileName) -> Result<(), AddProfileError> {
    let (beginning, _) = name.as_str().split_once('.').unwrap_or((name.as_str(), ""));
    match FAMILIES.into_iter().find(|family| *family == beginning) {
        Some(family) => Err(AddProfileError::Reserved {
            name: name.clone(),
            family,
        }),
        None => Ok(()),
    }
}
