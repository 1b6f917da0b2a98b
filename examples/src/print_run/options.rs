//! The flags.

use std::ffi::OsString;
use std::path::PathBuf;

use dpp_core::export::{ExportFormat, ProfileName};
use lexopt::prelude::{Long, Short, ValueExt};

use crate::flags::{BadFlags, units};

/// How it is called.
pub const USAGE: &str = "\
Mints a batch, and makes what goes to the press: QR codes with a logo, and a manifest for
NiceLabel. Press Ctrl-C at any moment and start it again: it goes on where it was.

Usage: cargo run --release --example print_run -- [OPTIONS]

Options:
  --units N       how many units, 1 to 1,000,000 [default: 25,000]
  --out DIR       where everything is kept; the same folder goes on with the same run
                  [default: dpp-print-run in the folder for temporary files]
  --format WHAT   make only this: manifest, qr, nfc, rfid or bundle
                  [default: a bundle, and a qr manifest for NiceLabel]
  --profile NAME  the carrier profile of --format, such as zebra or rfid.sgtin-plus
  --lots          units in three lots, each with one code for all of its items
  --logo FILE     the logo in the centre of the codes, SVG or PNG [default: that of Nordlin]
  --json          print one JSON object instead of a report
  -h, --help      print this
";

/// The profile that the default run makes its manifest for.
const NICELABEL: &str = "nicelabel";

/// What was asked for.
pub type Asked = crate::flags::Asked<Options>;

/// How to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many units.
    pub units: u32,
    /// Where everything is kept.
    pub out: PathBuf,
    /// What is made.
    pub makings: Vec<Making>,
    /// Whether the units are in lots.
    pub lots: bool,
    /// The logo in the centre of the codes; that of the examples' brand if nothing is said.
    pub logo: Option<PathBuf>,
    /// Whether to print JSON for a program instead of a report for a person.
    pub json: bool,
}

/// One export that is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Making {
    /// What.
    pub format: ExportFormat,
    /// For which printer or tag encoder.
    pub profile: Option<ProfileName>,
}

impl Default for Options {
    fn default() -> Self {
        let nicelabel = ProfileName::parse(NICELABEL).ok();
        Self {
            units: 25_000,
            out: std::env::temp_dir().join("dpp-print-run"),
            makings: vec![
                Making {
                    format: ExportFormat::QrBundle,
                    profile: None,
                },
                Making {
                    format: ExportFormat::QrManifest,
                    profile: nicelabel,
                },
            ],
            lots: false,
            logo: None,
            json: false,
        }
    }
}

/// Reads the flags; `arguments` are those behind the program's name.
///
/// # Errors
/// [`BadFlags`].
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Asked, BadFlags> {
    let mut options = Options::default();
    let (mut only, mut profile) = (None, None);
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Asked::Help),
            Long("units") => options.units = units(1, &parser.value()?.string()?)?,
            Long("out") => options.out = parser.value()?.into(),
            Long("format") => only = Some(format(&parser.value()?.string()?)?),
            Long("profile") => profile = Some(profile_name(&parser.value()?.string()?)?),
            Long("lots") => options.lots = true,
            Long("logo") => options.logo = Some(parser.value()?.into()),
            Long("json") => options.json = true,
            other => return Err(other.unexpected().into()),
        }
    }
    match (only, profile) {
        (Some(format), profile) => options.makings = vec![Making { format, profile }],
        (None, Some(_)) => return Err(BadFlags::ProfileAlone),
        (None, None) => {}
    }
    Ok(Asked::Run(options))
}

fn format(given: &str) -> Result<ExportFormat, BadFlags> {
    match given {
        "manifest" => Ok(ExportFormat::Manifest),
        "qr" => Ok(ExportFormat::QrManifest),
        "nfc" => Ok(ExportFormat::NfcManifest),
        "rfid" => Ok(ExportFormat::RfidManifest),
        "bundle" => Ok(ExportFormat::QrBundle),
        _ => Err(BadFlags::Format {
            given: given.to_owned(),
        }),
    }
}

fn profile_name(given: &str) -> Result<ProfileName, BadFlags> {
    ProfileName::parse(given).map_err(BadFlags::Profile)
}
