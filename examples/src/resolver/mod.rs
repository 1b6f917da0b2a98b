//! From a scan to a passport: a small server around the resolver.
//!
//! `resolver.rs` is a thin shell around it.

mod error;
mod host;
mod options;
mod page;
mod report;
mod server;
mod telemetry;

use std::future::Future;
use std::io::Write;
use std::time::Duration;

use dpp_core::service::ResolverStats;
use serde::Serialize;
use tokio::time::interval;

pub use crate::flags::BadFlags;
pub use error::ServeError;
pub use options::{Asked, Options, USAGE, parse};

use crate::database::Store;
use host::Host;
use report::Report;
use server::{Server, listen};

/// Where it listens. It is what `--json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listening {
    /// What the paths stand behind, such as `http://127.0.0.1:8080`.
    pub base_url: String,
    /// What to send as `Host`.
    pub host: String,
    /// The paths of the first units, at most 1,000.
    pub paths: Vec<String>,
}

/// Serves until somebody presses Ctrl-C, or ends the process in the usual way, and tells `out`
/// about it. What does not work goes to standard error.
///
/// # Errors
/// [`ServeError`].
pub fn run(options: &Options, out: &mut dyn Write) -> Result<ResolverStats, ServeError> {
    run_until(options, out, interrupted())
}

/// Serves until `interrupt` comes to its end.
///
/// # Errors
/// [`ServeError`].
pub fn run_until(
    options: &Options,
    out: &mut dyn Write,
    interrupt: impl Future<Output = ()>,
) -> Result<ResolverStats, ServeError> {
    let store = Store::open(options.database.as_ref())?;
    store.serve(serving(&store, options, out, interrupt))?
}

async fn serving(
    store: &Store,
    options: &Options,
    out: &mut dyn Write,
    interrupt: impl Future<Output = ()>,
) -> Result<ResolverStats, ServeError> {
    let mut report = Report::new(options, out);
    let listener = listen(options.port).await?;
    let address = listener.local_addr()?;
    let progress = report.progress(options.units);
    let host = Host::minting(store, options.units, address, &progress).await?;
    drop(progress);

    let (mut server, mut watching) = Server::start(listener, &host, !options.json);
    let keeping = host.telemetry.start();
    report.listening(&host, options, store.schema())?;
    let mut interrupt = std::pin::pin!(interrupt);
    let mut seconds = interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            biased;
            () = &mut interrupt => break,
            () = server.ended() => return Err(ServeError::Ended),
            _ = seconds.tick() => report.second(watching.missed())?,
            Some(seen) = watching.seen.recv() => report.request(&seen)?,
        }
    }
    server.stop().await;
    keeping.stop().await;
    while let Ok(seen) = watching.seen.try_recv() {
        report.request(&seen)?;
    }
    report.second(watching.missed())?;
    let stats = host.resolver.stats();
    report.end(&stats, &host.telemetry.stats())?;
    Ok(stats)
}

/// Ctrl-C, or what `kill` sends. Without a handler these end the program as it is.
async fn interrupted() {
    let asked = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = asked => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};

    match signal(SignalKind::terminate()) {
        Ok(mut signal) => drop(signal.recv().await),
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
