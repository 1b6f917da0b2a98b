//! How much memory an export of 1,000,000 units takes, from the order to the last pack.
//!
//! The storage keeps nothing but how long its files are, so that what is counted is the
//! exporter's. `--units 100000` exports fewer, `--format qr_bundle` QR codes instead of a
//! manifest, and `--threads 4` draws them on four threads.

use std::io;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;

use dpp_benches::discard::Discard;
use dpp_benches::memory::mib;
use dpp_benches::{BenchError, Host, MILLION};
use dpp_core::Timestamp;
use dpp_core::export::ExportFormat;
use dpp_core::store::log::WorkerName;
use dpp_exports::storage::PackStorage;
use dpp_exports::{ExportOrder, Exporter};

/// What is asked for on the command line.
struct Asked {
    units: u32,
    format: ExportFormat,
    threads: NonZeroUsize,
}

impl Asked {
    fn read(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut asked = Self {
            units: MILLION,
            format: ExportFormat::Manifest,
            threads: NonZeroUsize::MIN,
        };
        while let Some(name) = arguments.next() {
            let value = arguments.next()?;
            match name.as_str() {
                "--units" => asked.units = value.parse().ok()?,
                "--threads" => asked.threads = value.parse().ok()?,
                "--format" => asked.format = format(&value)?,
                _ => return None,
            }
        }
        Some(asked)
    }
}

fn format(name: &str) -> Option<ExportFormat> {
    let formats = [
        ExportFormat::Manifest,
        ExportFormat::QrManifest,
        ExportFormat::NfcManifest,
        ExportFormat::RfidManifest,
        ExportFormat::QrBundle,
    ];
    formats.into_iter().find(|format| format.as_str() == name)
}

async fn export(host: &Host, asked: &Asked, now: Timestamp) -> Result<(usize, u64), BenchError> {
    let batch = host.mint(asked.units)?;
    let storage = PackStorage::of(Arc::new(Discard::default()));
    let exporter = Exporter::new(host.exports(), storage).with_threads(asked.threads);
    let order = ExportOrder::of(host.brand, batch, asked.format);
    let answer = exporter.request(host.caller(), &order, now).await?;
    let worker = WorkerName::parse("bench")?;
    let (caller, export) = (host.caller(), answer.export_id);
    let made = exporter.generate(caller, host.brand, export, &worker, || now, |_| {});
    let files = made.await?;
    let bytes = files.iter().map(|file| file.bytes).sum();
    Ok((files.len(), bytes))
}

fn run(asked: &Asked, out: &mut impl io::Write) -> Result<(), BenchError> {
    let host = Host::new()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().build()?;
    let before = mib("VmRSS");
    let start = Instant::now();
    let now = Timestamp::from(std::time::SystemTime::now());
    let (packs, bytes) = runtime.block_on(export(&host, asked, now))?;
    let _told = writeln!(
        out,
        "{} of {} units on {} threads: {packs} packs, {} MiB, in {:.1?}\n\
         {before} MiB before, {} MiB at most",
        asked.format,
        asked.units,
        asked.threads,
        bytes / 1_048_576,
        start.elapsed(),
        mib("VmHWM"),
    );
    Ok(())
}

fn main() -> Result<(), BenchError> {
    let asked = Asked::read(std::env::args().skip(1)).ok_or(BenchError::Arguments)?;
    run(&asked, &mut io::stdout())
}
