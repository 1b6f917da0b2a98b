//! What a person looks at before anything goes to the press.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use dpp_core::export::PackNumber;
use zip::ZipArchive;

use super::PrintRunError;
use super::host::Host;
use super::press::Run;

/// The sheet and the codes that it shows, each by itself.
#[derive(Debug, Clone)]
pub(super) struct Proof {
    pub(super) sheet: PathBuf,
    pub(super) folder: PathBuf,
    pub(super) codes: usize,
    pub(super) pack: String,
}

/// How many codes are unpacked: as many as a sheet shows.
const CODES: usize = dpp_exports::sheet::CODES;

/// The proof of the first bundle; none if there is no bundle.
pub(super) async fn of(host: &Host, runs: &[Run]) -> Result<Option<Proof>, PrintRunError> {
    let Some((run, pack)) = first_bundle(runs) else {
        return Ok(None);
    };
    let (caller, first) = (&host.caller, PackNumber::FIRST);
    let drawn = host
        .exporter
        .contact_sheet(caller, host.brand, run.export, first);
    let sheet = host.folder.join("contact_sheet.svg");
    write(&sheet, drawn.await?.as_bytes())?;
    let folder = host.folder.join("proof");
    let codes = unpack(pack, &folder)?;
    let name = pack.file_name().unwrap_or_default();
    Ok(Some(Proof {
        sheet,
        folder,
        codes,
        pack: name.to_string_lossy().into_owned(),
    }))
}

fn first_bundle(runs: &[Run]) -> Option<(&Run, &Path)> {
    let mut bundles = runs.iter().filter(|run| run.is_bundle());
    let run = bundles.next()?;
    Some((run, run.files.first()?))
}

/// Unpacks the first codes, and tells how many.
fn unpack(pack: &Path, folder: &Path) -> Result<usize, PrintRunError> {
    let failed = |source| PrintRunError::File {
        path: pack.to_owned(),
        source,
    };
    let file = File::open(pack).map_err(failed)?;
    let mut zip = ZipArchive::new(file).map_err(|error| failed(error.into()))?;
    fs::create_dir_all(folder).map_err(failed)?;
    let mut unpacked = 0;
    for number in 0..zip.len() {
        let mut entry = zip.by_index(number).map_err(|error| failed(error.into()))?;
        let name = entry.name().map_err(|error| failed(error.into()))?;
        let Some(name) = name.strip_prefix("qr/").map(str::to_owned) else {
            continue;
        };
        if unpacked == CODES {
            break;
        }
        let mut bytes = Vec::new();
        io::copy(&mut entry, &mut bytes).map_err(failed)?;
        write(&folder.join(name), &bytes)?;
        unpacked += 1;
    }
    Ok(unpacked)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), PrintRunError> {
    fs::write(path, bytes).map_err(|source| PrintRunError::File {
        path: path.to_owned(),
        source,
    })
}
