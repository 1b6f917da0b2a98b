//! What happens to exports, possible or not: a decider must stand any history.

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::{mint_batch_id, quantity, timestamp, worker_name};
use crate::export::{
    CarrierProfile, ExportCompleted, ExportDownloaded, ExportEvent, ExportExpired, ExportFacts,
    ExportFilesRemoved, ExportFormat, ExportLocked, ExportOptions, ExportRequested, ExportUnlocked,
    PackCompleted, PackFailed, PackFile, PackNumber, PackPath, PackStarted, ProfileName, QrText,
    ROWS_PER_PACK, Sha256Digest,
};
use crate::gs1::CompanyPrefixLength;
use crate::reason::Reason;

/// Any format.
pub fn export_format() -> impl Strategy<Value = ExportFormat> {
    select(vec![
        ExportFormat::Manifest,
        ExportFormat::QrManifest,
        ExportFormat::NfcManifest,
        ExportFormat::RfidManifest,
        ExportFormat::QrBundle,
    ])
}

/// Any carrier profile.
pub fn carrier_profile() -> impl Strategy<Value = CarrierProfile> {
    let name = "[a-z0-9._-]{1,64}".prop_filter_map("a name", |name| ProfileName::parse(&name).ok());
    (name, any::<u32>()).prop_map(|(name, version)| CarrierProfile { name, version })
}

/// Any options of an export; most choose nothing.
pub fn export_options() -> impl Strategy<Value = ExportOptions> {
    let digits = (6..=12_u8).prop_filter_map("a length", |n| CompanyPrefixLength::new(n).ok());
    let text = select(vec![QrText::AsIs, QrText::UpperCase]);
    let logo = any::<[u8; 32]>().prop_map(Sha256Digest::from_bytes);
    let chosen = (option::of(digits), text, option::of(logo)).prop_map(
        |(company_prefix_length, qr_text, logo)| ExportOptions {
            company_prefix_length,
            qr_text,
            logo,
        },
    );
    prop_oneof![2 => Just(ExportOptions::default()), 1 => chosen]
}

/// Any facts of an export.
pub fn export_facts() -> impl Strategy<Value = ExportFacts> {
    let profile = option::of(carrier_profile());
    let options = export_options();
    (
        mint_batch_id(),
        export_format(),
        quantity(),
        profile,
        options,
    )
        .prop_map(
            |(mint_batch_id, format, units, profile, options)| ExportFacts {
                mint_batch_id,
                format,
                units,
                profile,
                options,
            },
        )
}

/// Any path of a pack.
pub fn pack_path() -> impl Strategy<Value = PackPath> {
    "[A-Za-z0-9._-]{1,20}(/[A-Za-z0-9._-]{1,20}){0,5}"
        .prop_filter_map("a path", |path| PackPath::parse(&path).ok())
}

/// Any file of a pack, of which many are full.
pub fn pack_file() -> impl Strategy<Value = PackFile> {
    let rows = prop_oneof![3 => Just(ROWS_PER_PACK), 1 => 0..=ROWS_PER_PACK, 1 => any::<u32>()];
    let digest = any::<[u8; 32]>().prop_map(Sha256Digest::from_bytes);
    (pack_path(), any::<u64>(), rows, digest).prop_map(|(path, bytes, rows, sha256)| PackFile {
        path,
        bytes,
        rows,
        sha256,
    })
}

/// One of the first packs, or any.
pub fn pack_number() -> impl Strategy<Value = PackNumber> {
    let before = prop_oneof![8 => 0..4_u32, 1 => any::<u32>()];
    before.prop_map(PackNumber::after)
}

/// Any event of an export, whether it could happen or not.
pub fn export_event() -> impl Strategy<Value = ExportEvent> {
    let requested = (export_facts(), timestamp())
        .prop_map(|(facts, expires_at)| ExportRequested { facts, expires_at });
    let locked =
        (worker_name(), timestamp()).prop_map(|(worker, until)| ExportLocked { worker, until });
    let started =
        (pack_number(), worker_name(), timestamp()).prop_map(|(pack, worker, until)| PackStarted {
            pack,
            worker,
            until,
        });
    let completed =
        (pack_number(), pack_file()).prop_map(|(pack, file)| PackCompleted { pack, file });
    prop_oneof![
        1 => requested.prop_map(ExportEvent::Requested),
        4 => locked.prop_map(ExportEvent::Locked),
        4 => started.prop_map(ExportEvent::PackStarted),
        4 => completed.prop_map(ExportEvent::PackCompleted),
        3 => ending_or_failing(),
    ]
}

fn ending_or_failing() -> impl Strategy<Value = ExportEvent> {
    let reason = "[!-~]{1,500}".prop_filter_map("a reason", |text| Reason::parse(&text).ok());
    let unlocked = worker_name().prop_map(|worker| ExportUnlocked { worker });
    let failed = (pack_number(), reason).prop_map(|(pack, reason)| PackFailed { pack, reason });
    let completed = (any::<u32>(), timestamp())
        .prop_map(|(packs, expires_at)| ExportCompleted { packs, expires_at });
    prop_oneof![
        2 => unlocked.prop_map(ExportEvent::Unlocked),
        4 => failed.prop_map(ExportEvent::PackFailed),
        2 => completed.prop_map(ExportEvent::Completed),
        1 => any::<u32>().prop_map(|packs| ExportEvent::Expired(ExportExpired { packs })),
        1 => any::<u32>()
            .prop_map(|packs| ExportEvent::FilesRemoved(ExportFilesRemoved { packs })),
        2 => pack_number().prop_map(|pack| ExportEvent::Downloaded(ExportDownloaded { pack })),
    ]
}
