//! Which profile an export gets.

use dpp_core::BrandId;
use dpp_core::export::{CarrierProfile, ExportFormat, ProfileName};
use dpp_exports::profile::{AddProfileError, ChooseProfileError, NoSuchProfile, Profile, Profiles};
use dpp_exports::table::Column;

use crate::support::{QR, headed, name, profile};

const NFC: ExportFormat = ExportFormat::NfcManifest;

fn acme() -> BrandId {
    BrandId::parse("0b8f6a0e-5d5c-4f0e-8a55-0f2c7f0f9d11").unwrap()
}

fn other() -> BrandId {
    BrandId::parse("4a6c3f7e-0d0b-4d53-9d43-7a3a0f0c1b22").unwrap()
}

fn version(version: u32) -> Profile {
    profile(|spec| {
        spec.version = version;
        spec.columns[0].header = Some(format!("v{version}"));
    })
}

fn deprecated(version: u32) -> Profile {
    profile(|spec| {
        spec.version = version;
        spec.columns[0].header = Some(format!("v{version}"));
        spec.deprecated = true;
    })
}

fn with(own: impl IntoIterator<Item = Profile>) -> Profiles {
    let shipped = Profiles::shipped();
    own.into_iter().fold(shipped, |profiles, profile| {
        profiles.with(acme(), profile).unwrap()
    })
}

fn id(text: &str, version: u32) -> CarrierProfile {
    CarrierProfile {
        name: name(text),
        version,
    }
}

fn chosen(profiles: &Profiles, explicit: &str) -> Result<u32, ChooseProfileError> {
    let chosen = profiles.choose(acme(), QR, Some(&name(explicit)), None, None)?;
    Ok(chosen.unwrap().version())
}

#[test]
fn a_brands_own_profile_is_seen_by_nobody_else() {
    let profiles = with([version(1)]);
    let own = name("acme.labels");
    assert!(profiles.get(acme(), &id("acme.labels", 1)).is_ok());
    let refused = profiles.get(other(), &id("acme.labels", 1)).unwrap_err();
    assert_eq!(refused, NoSuchProfile(id("acme.labels", 1)));
    assert_eq!(
        refused.to_string(),
        "there is no version 1 of carrier profile `acme.labels`"
    );
    let refused = profiles
        .choose(other(), QR, Some(&own), None, None)
        .unwrap_err();
    assert!(matches!(&refused, ChooseProfileError::Unknown { known, .. } if !known.contains(&own)));
    assert!(
        profiles
            .of_brand(other())
            .all(|profile| *profile.name() != own)
    );
}

#[test]
fn the_newest_version_that_is_not_deprecated_is_chosen() {
    assert_eq!(
        chosen(&with([version(2), version(10), version(1)]), "acme.labels"),
        Ok(10)
    );
    assert_eq!(
        chosen(&with([version(2), deprecated(10)]), "acme.labels"),
        Ok(2)
    );
}

#[test]
fn an_export_that_was_begun_goes_on_with_a_deprecated_version() {
    let profiles = with([version(1), deprecated(2)]);
    for version in [1, 2] {
        let found = profiles.get(acme(), &id("acme.labels", version)).unwrap();
        assert_eq!(found.version(), version);
    }
    assert!(profiles.get(acme(), &id("acme.labels", 3)).is_err());
}

#[test]
fn a_choice_that_cannot_be_names_what_there_is() {
    let known = "`acme.labels`, `bartender.barcodedata`, `bartender.data`, `generic.vdp.crlf`, \
                 `generic.vdp.lf`, `nicelabel`, `zebra`";
    let profiles = with([version(1)]);
    let refused = chosen(&profiles, "zebra.zt411").unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!(
            "there is no carrier profile `zebra.zt411`; for the format `qr_manifest` there are {known}"
        )
    );
    let refused = chosen(&profiles, "nfc.ndef").unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!(
            "carrier profile `nfc.ndef` is not for the format `qr_manifest`; there are {known}"
        )
    );
    let refused = chosen(&with([deprecated(1), deprecated(2)]), "acme.labels").unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!(
            "carrier profile `acme.labels` is deprecated; for the format `qr_manifest` there are {}",
            known.trim_start_matches("`acme.labels`, ")
        )
    );
    let bundle = ExportFormat::QrBundle;
    let refused = profiles.choose(acme(), bundle, Some(&name("zebra")), None, None);
    assert_eq!(
        refused.unwrap_err().to_string(),
        "carrier profile `zebra` is not for the format `qr_bundle`; there are none"
    );
}

#[test]
fn the_explicit_one_comes_before_the_brands_default_and_that_before_the_systems() {
    let profiles = with([version(1)]);
    let [own, zebra, data] = ["acme.labels", "zebra", "bartender.data"].map(name);
    let chosen = |explicit: Option<&ProfileName>, brand: Option<&ProfileName>, system| {
        let chosen = profiles
            .choose(acme(), QR, explicit, brand, system)
            .unwrap();
        chosen.map(|profile| profile.name().to_string())
    };
    assert_eq!(
        chosen(Some(&own), Some(&zebra), Some(&data)).unwrap(),
        "acme.labels"
    );
    assert_eq!(chosen(None, Some(&zebra), Some(&data)).unwrap(), "zebra");
    assert_eq!(chosen(None, None, Some(&data)).unwrap(), "bartender.data");
    assert_eq!(chosen(None, None, None), None);
}

#[test]
fn a_default_for_other_formats_is_passed_over() {
    let profiles = Profiles::shipped();
    let [zebra, ndef] = ["zebra", "nfc.ndef"].map(name);
    let chosen = profiles
        .choose(acme(), NFC, None, Some(&zebra), Some(&ndef))
        .unwrap();
    assert_eq!(chosen.unwrap().name(), &ndef);
    let none = profiles.choose(acme(), ExportFormat::Manifest, None, Some(&zebra), None);
    assert_eq!(none.unwrap(), None);
}

#[test]
fn a_default_that_is_gone_or_deprecated_is_told_of() {
    let gone = name("acme.gone");
    let refused = with([])
        .choose(acme(), QR, None, Some(&gone), None)
        .unwrap_err();
    assert!(matches!(refused, ChooseProfileError::Unknown { .. }));
    let profiles = with([deprecated(1)]);
    let old = name("acme.labels");
    let refused = profiles
        .choose(acme(), QR, None, None, Some(&old))
        .unwrap_err();
    assert!(matches!(refused, ChooseProfileError::Deprecated { .. }));
}

#[test]
fn a_version_never_comes_to_make_other_files() {
    let other = profile(|spec| spec.columns = vec![headed("serial", "v1")]);
    let refused = with([version(1)]).with(acme(), other.clone()).unwrap_err();
    let expected = AddProfileError::OtherContent {
        name: name("acme.labels"),
        version: 1,
    };
    assert_eq!(refused, expected);
    assert_eq!(
        refused.to_string(),
        "version 1 of carrier profile `acme.labels` is there already, and makes other files"
    );
    let of_another_brand = with([version(1)]).with(self::other(), other);
    let profiles = of_another_brand.unwrap();
    let column = |brand| {
        let found = profiles.get(brand, &id("acme.labels", 1)).unwrap();
        found.columns()[0].column
    };
    assert_eq!(column(acme()), Column::ResolverUrl);
    assert_eq!(column(self::other()), Column::Serial);
}

#[test]
fn a_version_can_be_deprecated_and_get_another_title() {
    let renamed = profile(|spec| {
        spec.columns[0].header = Some("v1".to_owned());
        spec.title = "Old labels".to_owned();
        spec.deprecated = true;
    });
    let profiles = with([version(1), renamed]);
    let found = profiles.get(acme(), &id("acme.labels", 1)).unwrap();
    assert_eq!((found.title(), found.is_deprecated()), ("Old labels", true));
    let own = profiles
        .of_brand(acme())
        .filter(|profile| profile.name().as_str() == "acme.labels");
    assert_eq!(own.count(), 1);
}

#[test]
fn names_of_shipped_profiles_are_kept_for_them() {
    for (text, family) in [
        ("zebra", "zebra"),
        ("zebra.zt411", "zebra"),
        ("rfid.mine", "rfid"),
    ] {
        let profile = profile(|spec| spec.name = text.to_owned());
        let refused = Profiles::shipped().with(acme(), profile).unwrap_err();
        assert_eq!(
            refused.to_string(),
            format!(
                "the name `{text}` is kept for shipped profiles, as all that begin with `{family}`"
            )
        );
    }
    for text in ["zebra-acme", "acme.zebra", "rfidx.mine"] {
        let profile = profile(|spec| spec.name = text.to_owned());
        assert!(Profiles::shipped().with(acme(), profile).is_ok(), "{text}");
    }
    for profile in Profiles::shipped().of_brand(acme()) {
        let added = Profiles::shipped().with(acme(), profile.clone());
        assert!(
            matches!(added, Err(AddProfileError::Reserved { .. })),
            "{}",
            profile.name()
        );
    }
}
