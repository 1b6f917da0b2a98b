//! The throwaway servers: what they are like, and that nothing of them is left behind.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use dpp_store_postgres::testing::{Options, Server, ServerError, TestSchema};
use tokio_postgres::{Client, Config, NoTls};

type Outcome = Result<(), Box<dyn Error>>;

/// Far longer than anything here takes.
const DEADLINE: Duration = Duration::from_secs(60);
const IN_CHILD: &str = "DPP_TEST_SERVER_CHILD";

async fn connect(url: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn number(client: &Client, sql: &str) -> Result<i64, tokio_postgres::Error> {
    Ok(client.query_one(sql, &[]).await?.get(0))
}

fn selects_one(url: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = connect(url).await.unwrap();
        assert_eq!(number(&client, "select 1::bigint").await.unwrap(), 1);
    });
}

fn comes_true(what: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < DEADLINE {
        if what() {
            return true;
        }
        thread::sleep(Duration::from_millis(20));
    }
    false
}

fn runs(pid: u32) -> bool {
    signal("-0", pid)
}

fn kill(pid: u32) {
    assert!(signal("-KILL", pid));
}

/// By the shell, whose `kill` is there on the barest of systems.
fn signal(signal: &str, pid: u32) -> bool {
    let pid = pid.to_string();
    let mut shell = Command::new("sh");
    shell.args(["-c", "kill \"$@\"", "sh", signal, &pid]);
    shell.stderr(Stdio::null()).status().unwrap().success()
}

#[test]
fn the_shared_server_answers_two_threads_at_once() {
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| selects_one(Server::for_tests().url()));
        }
    });
}

#[test]
fn a_server_keeps_to_its_own_directory_and_not_to_root() -> Outcome {
    let server = Options::default().start()?;
    selects_one(server.url());

    let data = fs::metadata(server.data_directory()?)?;
    assert_ne!(data.uid(), 0);
    assert_eq!(fs::metadata(server.directory()?)?.mode() & 0o077, 0);
    assert!(matches!(server.tcp_url(), Err(ServerError::NoTcp(_))));
    Ok(())
}

#[test]
fn a_server_that_is_dropped_leaves_nothing() -> Outcome {
    let server = Options::default().start()?;
    let (pid, directory) = (server.pid()?, server.directory()?.to_owned());
    assert!(runs(pid));
    drop(server);
    assert!(!runs(pid));
    assert!(!directory.exists());
    Ok(())
}

#[tokio::test]
async fn what_was_committed_outlives_an_immediate_restart() -> Outcome {
    let server = Options::default().durable().start()?;
    let client = connect(server.url()).await?;
    client.batch_execute("create table kept (n bigint)").await?;
    client
        .batch_execute("insert into kept values (1), (2)")
        .await?;
    client
        .batch_execute("begin; insert into kept values (3)")
        .await?;
    let before = server.pid()?;

    server.restart_immediate()?;

    assert_ne!(server.pid()?, before);
    assert!(!runs(before));
    assert!(client.query_one("select 1", &[]).await.is_err());
    let client = connect(server.url()).await?;
    assert_eq!(number(&client, "select sum(n)::bigint from kept").await?, 3);
    let (fsync, log) = (client.query_one("show fsync", &[]).await?, server.log()?);
    assert_eq!(fsync.get::<_, &str>(0), "on");
    assert!(log.contains("immediate shutdown"), "{log}");
    Ok(())
}

#[test]
fn a_server_that_is_stopped_says_so_until_it_is_started() -> Outcome {
    let server = Options::default().start()?;
    server.stop_immediate()?;
    server.stop_immediate()?;
    assert!(matches!(server.pid(), Err(ServerError::Stopped(_))));
    assert!(matches!(server.version(), Err(ServerError::Query(_))));
    assert_eq!(server.cpu_seconds(), None);

    server.start()?;
    let pid = server.pid()?;
    server.start()?;
    assert_eq!(server.pid()?, pid);
    selects_one(server.url());
    Ok(())
}

#[tokio::test]
async fn a_server_that_was_killed_starts_again_once_its_processes_are_gone() -> Outcome {
    let server = Options::default().start()?;
    let client = connect(server.url()).await?;
    let slow = number(&client, "select pg_backend_pid()::bigint").await?;
    let slow = u32::try_from(slow)?;
    assert!(signal("-STOP", slow));
    kill(server.pid()?);
    let going_on = thread::spawn(move || {
        thread::sleep(Duration::from_millis(500));
        signal("-CONT", slow)
    });

    server.restart_immediate()?;

    assert!(going_on.join().unwrap());
    let client = connect(server.url()).await?;
    assert_eq!(number(&client, "select 1::bigint").await?, 1);
    assert!(server.log()?.contains("still in use"));
    Ok(())
}

#[tokio::test]
async fn over_tcp_only_the_right_password_opens() -> Outcome {
    let server = Options::default().over_tcp().start()?;
    let url = server.tcp_url()?;
    let client = connect(&url).await?;
    assert_eq!(number(&client, "select 1::bigint").await?, 1);

    let mut config: Config = url.parse()?;
    let refused = config.password("wrong").connect(NoTls).await.err();
    let code = refused.and_then(|error| error.code().cloned());
    assert_eq!(code.unwrap().code(), "28P01");

    server.restart_immediate()?;
    assert_eq!(server.tcp_url()?, url);
    connect(&url).await?;
    Ok(())
}

#[tokio::test]
async fn files_and_settings_are_there_when_it_starts() -> Outcome {
    let options = Options::default().setting("max_connections", "7");
    let options = options.setting("hba_file", "only_one.conf");
    let rule = "local postgres dpp trust";
    let server = options.file("only_one.conf", rule).start()?;

    let client = connect(server.url()).await?;
    let row = client.query_one("show max_connections", &[]).await?;
    assert_eq!(row.get::<_, &str>(0), "7");
    let mut config: Config = server.url().parse()?;
    let refused = config.dbname("template1").connect(NoTls).await.err();
    let refused = refused.unwrap().as_db_error().unwrap().to_string();
    assert!(refused.contains("no pg_hba.conf entry"), "{refused}");
    Ok(())
}

#[test]
fn a_setting_that_does_not_exist_is_shown_as_the_server_says_it() {
    let refused = Options::default().setting("no_such_setting", "1").start();
    let Err(ServerError::Start { directory, log }) = refused else {
        panic!("{refused:?}");
    };
    assert!(log.contains("no_such_setting"), "{log}");
    assert!(!directory.exists());
}

#[test]
fn a_server_tells_its_version_and_its_time() -> Outcome {
    let server = Options::default().start()?;
    let version = server.version()?;
    assert!(
        version.starts_with(|first: char| first.is_ascii_digit()),
        "{version}"
    );

    let Some(before) = server.cpu_seconds() else {
        assert_ne!(std::env::consts::OS, "linux");
        return Ok(());
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let during = runtime.block_on(async {
        let client = connect(server.url()).await?;
        number(&client, "select count(*) from generate_series(1, 1000000)").await?;
        Ok::<_, tokio_postgres::Error>(server.cpu_seconds().unwrap())
    })?;
    assert!(during > before, "{during} after {before}");
    drop(runtime);
    assert!(server.cpu_seconds().unwrap() >= during);
    Ok(())
}

#[test]
fn a_server_of_somebody_else_is_not_ours_to_stop() {
    let server = Server::at("postgres://somewhere.example/else");
    assert!(!server.is_ours());
    assert!(matches!(server.stop_immediate(), Err(ServerError::NotOurs)));
    assert!(matches!(
        server.restart_immediate(),
        Err(ServerError::NotOurs)
    ));
    assert!(matches!(server.pid(), Err(ServerError::NotOurs)));
    assert_eq!(server.cpu_seconds(), None);
}

#[tokio::test]
async fn a_schema_is_dropped_with_all_that_is_in_it() -> Outcome {
    let (schema, other) = (TestSchema::new(), TestSchema::new());
    assert_ne!(schema.name(), other.name());
    let (name, client) = (schema.name().to_owned(), connect(schema.url()).await?);
    let create = format!("create schema {name}; create table {name}.t (n int)");
    client.batch_execute(&create).await?;

    drop(schema);

    let left = format!("select count(*) from pg_namespace where nspname = '{name}'");
    assert_eq!(number(&client, &left).await?, 0);
    Ok(())
}

#[test]
fn nothing_is_left_of_the_server_of_a_process_that_was_killed() -> Outcome {
    let mut child = Orphaned::start()?;
    assert!(runs(child.server));
    assert!(child.directory.exists());

    child.process.kill()?;
    child.process.wait()?;

    assert!(comes_true(|| !runs(child.server)), "{} runs", child.server);
    let directory = &child.directory;
    assert!(comes_true(|| !directory.exists()), "{directory:?} is there");
    assert!(
        runs(child.grandchild),
        "this proved nothing about inherited pipes"
    );
    Ok(())
}

/// The process that the test above kills: not a test by itself.
#[test]
#[ignore = "run by the test of a process that is killed"]
fn child_that_waits_to_be_killed() -> Outcome {
    if std::env::var_os(IN_CHILD).is_none() {
        return Ok(());
    }
    let server = Options::default().start()?;
    let client = tokio::runtime::Runtime::new()?.block_on(connect(server.url()))?;
    // It outlives this process, and must not hold the pipe of the server open.
    let grandchild = Command::new("sleep")
        .arg("300")
        .stdout(Stdio::null())
        .spawn()?;
    let (pid, directory) = (server.pid()?, server.directory()?.display().to_string());
    // Not `println!`, which the test harness would keep.
    let mut out = std::io::stdout();
    writeln!(out, "\nserver {pid} {} {directory}", grandchild.id())?;
    out.flush()?;
    thread::sleep(DEADLINE * 5);
    drop((client, server));
    Ok(())
}

/// A process that runs [`child_that_waits_to_be_killed`], and what it started.
struct Orphaned {
    process: Child,
    server: u32,
    grandchild: u32,
    directory: PathBuf,
}

impl Orphaned {
    fn start() -> Result<Self, Box<dyn Error>> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["--exact", "--ignored", "child_that_waits_to_be_killed"])
            .env(IN_CHILD, "yes")
            .stdout(Stdio::piped())
            .spawn()?;
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let told = lines
            .map_while(Result::ok)
            .find(|line| line.starts_with("server "));
        let told = told.ok_or("the child started no server")?;
        let fields: Vec<_> = told.split(' ').collect();
        Ok(Self {
            process,
            server: fields[1].parse()?,
            grandchild: fields[2].parse()?,
            directory: fields[3].into(),
        })
    }
}

impl Drop for Orphaned {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        kill(self.grandchild);
    }
}
