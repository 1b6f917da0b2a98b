//! What the golden files hold of exports.

use dpp_core::Timestamp;
use dpp_core::export::{
    CarrierProfile, ExportCompleted, ExportDownloaded, ExportEvent, ExportExpired, ExportFacts,
    ExportFilesRemoved, ExportFormat, ExportLocked, ExportOptions, ExportRequested, ExportUnlocked,
    PackCompleted, PackFailed, PackFile, PackNumber, PackStarted, QrText,
};
use dpp_core::gs1::CompanyPrefixLength;

use crate::codec_events::{at, batch, reason, worker};

/// 30 days after `at`.
fn expires_at() -> Timestamp {
    "2027-03-20T09:30:00.123Z".parse().unwrap()
}

/// 10 minutes after `at`.
fn until() -> Timestamp {
    "2027-02-18T09:40:00.123Z".parse().unwrap()
}

fn pack() -> PackNumber {
    PackNumber::new(100).unwrap()
}

fn requested(profile: Option<CarrierProfile>) -> ExportEvent {
    requested_with(profile, ExportOptions::default())
}

fn requested_with(profile: Option<CarrierProfile>, options: ExportOptions) -> ExportEvent {
    assert!(at() < until());
    let facts = ExportFacts {
        mint_batch_id: batch(),
        format: ExportFormat::QrManifest,
        units: 999_999,
        profile,
        options,
    };
    ExportEvent::Requested(ExportRequested {
        facts,
        expires_at: expires_at(),
    })
}

fn every_option() -> ExportOptions {
    ExportOptions {
        company_prefix_length: Some(CompanyPrefixLength::new(7).unwrap()),
        qr_text: QrText::UpperCase,
        logo: Some(completed().file.sha256),
    }
}

fn completed() -> PackCompleted {
    let sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let path = "01a3ae2d-2400-7707-8707-070707070706/qr_manifest/qr_manifest_100.csv";
    PackCompleted {
        pack: pack(),
        file: PackFile {
            path: path.parse().unwrap(),
            bytes: 1_234_567,
            rows: 9_999,
            sha256: sha256.parse().unwrap(),
        },
    }
}

pub(crate) fn export_events() -> Vec<(&'static str, ExportEvent)> {
    let (worker, until, expires_at) = (worker(), until(), expires_at());
    let (pack, packs) = (pack(), 100);
    let profile = CarrierProfile {
        name: "bartender.data".parse().unwrap(),
        version: 1,
    };
    let started = PackStarted {
        pack,
        worker: worker.clone(),
        until,
    };
    let failed = PackFailed {
        pack,
        reason: reason().parse().unwrap(),
    };
    let locked = ExportLocked {
        worker: worker.clone(),
        until,
    };
    let all = ExportCompleted { packs, expires_at };
    vec![
        ("export_requested.v1", requested(None)),
        ("export_requested.v1.profile", requested(Some(profile))),
        (
            "export_requested.v1.options",
            requested_with(None, every_option()),
        ),
        ("export_locked.v1", ExportEvent::Locked(locked)),
        (
            "export_unlocked.v1",
            ExportEvent::Unlocked(ExportUnlocked { worker }),
        ),
        ("export_pack_started.v1", ExportEvent::PackStarted(started)),
        (
            "export_pack_completed.v1",
            ExportEvent::PackCompleted(completed()),
        ),
        ("export_pack_failed.v1", ExportEvent::PackFailed(failed)),
        ("export_completed.v1", ExportEvent::Completed(all)),
        (
            "export_expired.v1",
            ExportEvent::Expired(ExportExpired { packs }),
        ),
        (
            "export_files_removed.v1",
            ExportEvent::FilesRemoved(ExportFilesRemoved { packs }),
        ),
        (
            "export_downloaded.v1",
            ExportEvent::Downloaded(ExportDownloaded { pack }),
        ),
    ]
}
