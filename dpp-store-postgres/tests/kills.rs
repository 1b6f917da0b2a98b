//! A process that mints is killed again and again, and its server too: what was accepted is made
//! all the same, once.
//!
//! `DPP_KILLS` sets how often (50 times if nothing is said), `DPP_KILLS_SEED` replays a run.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

#[path = "support/host.rs"]
mod host;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio, exit};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use dpp_core::identity::MintJobId;
use dpp_core::mint::{JobStatus, MintEvent};
use dpp_core::service::{MintService, Settings};
use dpp_core::store::log::{PageLimit, RecordedEvent, StreamKind};
use dpp_core::store::{Codec, EventStore};
use dpp_store_postgres::testing::{Options as ServerOptions, Server};
use dpp_store_postgres::{Options, PostgresStore};
use futures::TryStreamExt;
use tokio::runtime::Runtime;

use host::{brand, folding, now, owner, product, reading, request, worker};

const URL: &str = "DPP_KILLS_CHILD_URL";
const NOTES: &str = "DPP_KILLS_CHILD_NOTES";
/// Far longer than it takes.
const DEADLINE: Duration = Duration::from_secs(120);

fn settings() -> Settings {
    Settings::default()
        .units_per_cycle(16)
        .lease(Duration::from_millis(300))
        .idle(Duration::from_millis(20))
}

#[test]
fn what_was_accepted_is_made_once_however_often_processes_and_servers_are_killed() {
    match (std::env::var(URL), std::env::var(NOTES)) {
        (Ok(url), Ok(notes)) => mint_until_killed(&url, Path::new(&notes)),
        _ => kill_and_check(),
    }
}

fn from_environment(name: &str, otherwise: u64) -> u64 {
    let text = std::env::var(name);
    text.map_or(otherwise, |text| text.parse().unwrap())
}

fn some_seed() -> u64 {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    u64::from_ne_bytes(bytes)
}

/// A row of numbers that a seed gives, as SplitMix64 does.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}

/// Ends its child whatever happens.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _gone = self.0.wait();
    }
}

fn kill_and_check() {
    let (seed, kills) = (
        from_environment("DPP_KILLS_SEED", some_seed()),
        from_environment("DPP_KILLS", 50),
    );
    println!("replay with DPP_KILLS_SEED={seed} DPP_KILLS={kills}");
    let mut random = Random(seed);
    let server = server().start().unwrap();
    let notes = notes_file();
    runtime().block_on(open(server.url()));
    for kill in 0..kills {
        let child = Killed(spawn(&server, &notes));
        if kill % 5 == 2 {
            thread::sleep(Duration::from_millis(100 + random.below(100)));
            server.restart_immediate().unwrap();
        }
        // Every fourth is killed at any moment, also while it opens the store; the others in
        // the middle of their work.
        if kill % 4 != 3 {
            wait_for_more(&notes);
        }
        thread::sleep(Duration::from_millis(random.below(100)));
        drop(child);
    }
    let accepted = accepted(&notes);
    fs::remove_file(&notes).unwrap();
    println!("{} jobs were accepted", accepted.len());
    // A run in which nothing was made proves nothing.
    assert!(accepted.len() as u64 > kills / 2, "{}", accepted.len());
    runtime().block_on(finish_and_check(server.url(), &accepted));
}

/// One that comes back soon: to sync each file by itself may take seconds.
fn server() -> ServerOptions {
    let durable = ServerOptions::default().durable();
    match cfg!(target_os = "linux") {
        true => durable.setting("recovery_init_sync_method", "syncfs"),
        false => durable,
    }
}

/// Waits until another job was accepted.
fn wait_for_more(notes: &Path) {
    let length = || fs::metadata(notes).map_or(0, |file| file.len());
    let (begun, before) = (Instant::now(), length());
    while length() == before {
        assert!(begun.elapsed() < DEADLINE, "no job is ever accepted");
        thread::sleep(Duration::from_millis(2));
    }
}

fn runtime() -> Runtime {
    Runtime::new().unwrap()
}

async fn open(url: &str) -> Arc<PostgresStore> {
    let options = Options::parse(url).unwrap().connections(6);
    Arc::new(PostgresStore::open(&options).await.unwrap())
}

fn notes_file() -> PathBuf {
    let name = format!("dpp-kills-{}-{:x}", std::process::id(), some_seed());
    std::env::temp_dir().join(name)
}

fn spawn(server: &Server, notes: &Path) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap());
    let name = "what_was_accepted_is_made_once_however_often_processes_and_servers_are_killed";
    child.args(["--exact", name]);
    child.env(URL, server.url()).env(NOTES, notes);
    // It ends with its input, should nobody be left to kill it.
    child.stdin(Stdio::piped());
    child.stdout(Stdio::null()).stderr(Stdio::null());
    child.spawn().unwrap()
}

/// The jobs that a child was told of, with how many units each was to have.
fn accepted(notes: &Path) -> BTreeMap<MintJobId, u64> {
    let text = fs::read_to_string(notes).unwrap_or_default();
    // A kill may have cut the last line of a child; the next begins on the same one.
    let whole = text.lines().filter_map(|line| {
        let (job, units) = line.strip_suffix('.')?.split_once(' ')?;
        Some((job.parse().ok()?, units.parse().ok()?))
    });
    whole.collect()
}

fn mint_until_killed(url: &str, notes: &Path) {
    thread::spawn(|| {
        let _end = std::io::stdin().read(&mut [0]);
        exit(0);
    });
    runtime().block_on(async {
        let options = Options::parse(url).unwrap().connections(6);
        let store = loop {
            match PostgresStore::open(&options).await {
                Ok(store) => break Arc::new(store),
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        };
        // Some have their reads in memory, the others in the tables.
        let service = match std::process::id() % 2 {
            0 => folding(store, settings()),
            _ => reading(store, settings()),
        };
        let submitters = (1..=2).map(|of| submit(service.clone(), of, notes));
        let workers = (0..2).map(|_| work(service.clone()));
        tokio::join!(
            futures::future::join_all(submitters),
            futures::future::join_all(workers)
        );
    });
}

async fn submit(service: MintService, of: u128, notes: &Path) {
    let mut random = Random(some_seed());
    loop {
        let units = 1 + random.below(60);
        let asked = request(of, units, &format!("{:x}{:x}", some_seed(), some_seed()));
        if let Ok(answer) = service.submit(&owner(), asked, now()).await {
            let mut file = OpenOptions::new()
                .create(true)
                .append(true)
                .open(notes)
                .unwrap();
            let line = format!("{} {units}.\n", answer.job().unwrap());
            file.write_all(line.as_bytes()).unwrap();
        }
        tokio::time::sleep(Duration::from_millis(10 + random.below(20))).await;
    }
}

async fn work(service: MintService) {
    let mut worker = worker(&service, &format!("w-{:x}", some_seed()));
    loop {
        if worker.run_once(now()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::task::yield_now().await;
    }
}

/// A process that nobody kills.
async fn finish_and_check(url: &str, accepted: &BTreeMap<MintJobId, u64>) {
    let store = open(url).await;
    let service = folding(store.clone(), settings());
    let begun = Instant::now();
    let mut worker = worker(&service, "last");
    let mut jobs = Vec::new();
    let mut left = true;
    while left {
        assert!(begun.elapsed() < DEADLINE, "the jobs are never done");
        worker.run_until_idle(now).await.unwrap();
        jobs = jobs_of(&feed(&store).await);
        left = false;
        for (job, _) in &jobs {
            left |= status(&service, *job).await != JobStatus::Completed;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    check_log(&feed(&store).await);
    for (job, units) in accepted {
        assert!(
            jobs.contains(&(*job, *units)),
            "job {job} was accepted, and is not there"
        );
    }
    let made = check_jobs(&service, &jobs).await;
    let reading = reading(store.clone(), settings());
    assert_eq!(check_jobs(&reading, &jobs).await, made);
    let tables = store.read_tables().verify(brand()).await.unwrap();
    assert!(
        tables.is_clean(),
        "the tables do not say what the log says: {tables:?}"
    );
    println!("{} jobs have {made} units", jobs.len());
}

async fn status(service: &MintService, job: MintJobId) -> JobStatus {
    let scope = owner().to_read(brand()).unwrap();
    let progress = service.reads().progress(&scope, job).await.unwrap();
    progress.unwrap().status
}

async fn feed(store: &PostgresStore) -> Vec<RecordedEvent> {
    let (mut events, mut after) = (Vec::new(), None);
    loop {
        let read = store.read_feed(brand(), after, PageLimit::MAX).await;
        let page = read.unwrap();
        after = page.upto;
        events.extend(page.events);
        if !page.more {
            return events;
        }
    }
}

/// Every job of the log, with how many units it was to have.
fn jobs_of(feed: &[RecordedEvent]) -> Vec<(MintJobId, u64)> {
    let of_jobs = feed
        .iter()
        .filter(|found| found.stream.kind() == StreamKind::MintBatch);
    let asked = of_jobs.filter_map(|found| match Codec::new().decode(&found.event).unwrap() {
        MintEvent::Queued(asked) => Some((
            asked.facts.mint_job_id,
            u64::from(asked.facts.requested_quantity),
        )),
        _ => None,
    });
    asked.collect()
}

/// Neither the feed nor any stream has a gap, and no event is there twice.
fn check_log(feed: &[RecordedEvent]) {
    let mut versions = BTreeMap::new();
    let mut ids = BTreeSet::new();
    for (found, place) in feed.iter().zip(1_u64..) {
        let bytes = found.position.to_bytes();
        assert_eq!(bytes.last_chunk().unwrap(), &place.to_be_bytes());
        let last: &mut u64 = versions.entry(found.stream).or_default();
        assert_eq!(found.version.get(), *last + 1, "{}", found.stream);
        *last += 1;
        assert!(ids.insert(found.event.metadata.event_id));
    }
}

/// Every job has its units, each digest is right, and no serial of a product comes twice.
async fn check_jobs(service: &MintService, jobs: &[(MintJobId, u64)]) -> u64 {
    let scope = owner().to_read(brand()).unwrap();
    let mut serials = HashSet::new();
    let mut made = 0;
    for (job, units) in jobs {
        let batch = job.batch();
        let verified = service.verify(&owner(), brand(), batch).await.unwrap();
        assert!(verified.is_ok(), "{verified:?}");
        assert_eq!(u64::from(verified.units), *units);
        assert_eq!(u64::from(verified.cycles), units.div_ceil(16));
        let record = service.reads().batch(&scope, batch).await.unwrap().unwrap();
        let stream = service.reads().units(&scope, batch, 0).await.unwrap();
        let found: Vec<_> = stream.try_collect().await.unwrap();
        assert_eq!(found.len() as u64, *units);
        for unit in found {
            let serial = (record.batch.facts.product_id, unit.serial.unwrap());
            assert!(serials.insert(serial), "a serial comes twice");
        }
        made += units;
    }
    assert!(serials.iter().any(|(of, _)| *of == product(2)));
    made
}
