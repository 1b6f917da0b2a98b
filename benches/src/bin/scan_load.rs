//! How many scans the example `resolver` answers a second, and how long each waits.
//!
//! It is told where to ask by the object that the example prints:
//!
//! ```text
//! cargo run --release --example resolver -- --json --units 1000 |
//!     cargo run --release -p dpp-benches --bin scan_load -- 16
//! ```
//!
//! The number is that of the connections, which are kept open; each has one request under way.
//! Client and server share the machine, so that the server alone would answer more.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use dpp_benches::BenchError;
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use uuid::Uuid;

/// The number of connections, if none is given.
const CONNECTIONS: usize = 16;
/// For how long the same paths are asked for again and again.
const FOR: Duration = Duration::from_secs(5);
/// How many ids are made up.
const MADE_UP: usize = 100_000;

/// What the example prints.
#[derive(Debug, Deserialize)]
struct Listening {
    host: String,
    paths: Vec<String>,
}

/// What is asked for.
#[derive(Debug)]
struct Load {
    host: String,
    paths: Vec<String>,
    /// Whether each path is asked for once; else again and again for some seconds.
    once: bool,
    next: AtomicUsize,
    until: Instant,
}

/// What was answered on one connection.
#[derive(Debug, Default)]
struct Answered {
    micros: Vec<u32>,
    /// By status.
    found: usize,
    not_found: usize,
    others: usize,
}

impl Load {
    fn next(&self) -> Option<&str> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        match self.once {
            true => self.paths.get(number).map(String::as_str),
            false if Instant::now() > self.until => None,
            false => self
                .paths
                .get(number % self.paths.len())
                .map(String::as_str),
        }
    }

    async fn ask(&self) -> io::Result<Answered> {
        let mut connection = TcpStream::connect(&self.host).await?;
        connection.set_nodelay(true)?;
        let mut answered = Answered::default();
        let mut buffer = Vec::with_capacity(4_096);
        while let Some(path) = self.next() {
            let request = format!(
                "GET {path} HTTP/1.1\r\nHost: {}\r\nUser-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS \
                 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 \
                 Mobile/15E148 Safari/604.1\r\nAccept: text/html,*/*;q=0.8\r\n\r\n",
                self.host
            );
            let began = Instant::now();
            connection.write_all(request.as_bytes()).await?;
            let status = answer(&mut connection, &mut buffer).await?;
            let micros = began.elapsed().as_micros();
            answered.micros.push(micros.try_into().unwrap_or(u32::MAX));
            match status {
                302 => answered.found += 1,
                404 => answered.not_found += 1,
                _ => answered.others += 1,
            }
        }
        Ok(answered)
    }
}

/// Reads one answer; its status.
async fn answer(connection: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<u16> {
    buffer.clear();
    loop {
        if connection.read_buf(buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let text = String::from_utf8_lossy(buffer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let mut lines = head.lines();
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let length = lines.find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            return status.ok_or_else(|| io::ErrorKind::InvalidData.into());
        }
    }
}

async fn measured(
    name: &str,
    host: &str,
    paths: Vec<String>,
    once: bool,
    connections: usize,
) -> Result<(), BenchError> {
    let load = Arc::new(Load {
        host: host.to_owned(),
        paths,
        once,
        next: AtomicUsize::new(0),
        until: Instant::now() + FOR,
    });
    let began = Instant::now();
    let asking = (0..connections).map(|_| {
        let load = load.clone();
        tokio::spawn(async move { load.ask().await })
    });
    let mut all = Answered::default();
    for asking in asking.collect::<Vec<_>>() {
        let answered = asking.await.map_err(io::Error::from)??;
        all.micros.extend(answered.micros);
        all.found += answered.found;
        all.not_found += answered.not_found;
        all.others += answered.others;
    }
    let seconds = began.elapsed().as_secs_f64();
    all.micros.sort_unstable();
    let percentile = |percent: usize| {
        let place = all.micros.len() * percent / 100;
        all.micros.get(place).copied().unwrap_or_default()
    };
    let (found, not_found, others) = (all.found, all.not_found, all.others);
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{name:<24} {:>9.0} a second, {:>6} µs median, {:>6} µs 99th percentile; \
         {found} led on, {not_found} not found, {others} others",
        all.micros.len() as f64 / seconds,
        percentile(50),
        percentile(99),
    )?;
    Ok(())
}

/// The same with another last character, so that its tag is wrong.
fn forged(path: &str) -> String {
    let mut forged = path.to_owned();
    let last = forged.pop();
    forged.push(if last == Some('0') { '1' } else { '0' });
    forged
}

async fn measure(listening: Listening, connections: usize) -> Result<(), BenchError> {
    let Listening { host, paths } = listening;
    let wrong = paths.iter().map(|path| forged(path)).collect();
    let made_up = (0..MADE_UP).map(|_| {
        let (random, version) = (Uuid::new_v4().as_u128(), 0xf << 76);
        format!("/mu/{}", Uuid::from_u128(random & !version | 8 << 76))
    });
    let made_up = made_up.collect();
    measured("first scans", &host, paths.clone(), true, connections).await?;
    measured("later scans", &host, paths, false, connections).await?;
    measured("wrong tags", &host, wrong, false, connections).await?;
    measured("made-up ids, each once", &host, made_up, true, connections).await
}

fn main() -> Result<(), BenchError> {
    let given = std::env::args().nth(1);
    let connections = given.map_or(Ok(CONNECTIONS), |text| text.parse());
    let connections = connections.map_err(|_| BenchError::Arguments)?;
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    let listening = serde_json::from_str(&line)?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(listening, connections))
}
