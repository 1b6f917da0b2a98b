//! A cluster of our own in a directory of its own, with the server that runs on it.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::net::TcpListener;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::account::Account;
use super::keeper::Keeper;
use super::options::Listens;
use super::{Binaries, Options, ServerError, random_hex};

/// The name of a socket has at most some hundred bytes on all systems; ours ends in forty.
const LONGEST_BASE: usize = 60;
/// Another process may take a free port before our server does.
const PORTS_TO_TRY: usize = 5;
const PORT_OF_SOCKET: u16 = 5432;

#[derive(Debug)]
pub(super) struct Cluster {
    directory: PathBuf,
    listens: Listens,
    port: u16,
    password: String,
    running: Mutex<Running>,
}

#[derive(Debug)]
struct Running {
    keeper: Keeper,
    pid: Option<u32>,
}

impl Cluster {
    pub(super) fn start(binaries: &Binaries, options: &Options) -> Result<Self, ServerError> {
        let account = Account::instead_of_root()?;
        let directory = base(account)?.join(format!("dpp-{}", random_hex::<6>()?));
        let keeper = keeper(account, &directory, binaries, options);
        let doing = format!("cannot run `sh` for `{}`", directory.display());
        let mut cluster = Self {
            running: Mutex::new(Running {
                keeper: keeper.map_err(ServerError::system(doing))?,
                pid: None,
            }),
            directory,
            listens: options.listens,
            port: PORT_OF_SOCKET,
            password: random_hex::<16>()?,
        };
        cluster.init()?;
        cluster.put_files(account, options)?;
        cluster.first_start()?;
        Ok(cluster)
    }

    pub(super) fn url(&self) -> String {
        let (directory, port) = (self.directory.display(), self.port);
        format!("postgres:///postgres?user=dpp&host={directory}&port={port}")
    }

    pub(super) fn tcp_url(&self) -> Result<String, ServerError> {
        if self.listens == Listens::OnSocket {
            return Err(ServerError::NoTcp(self.directory.clone()));
        }
        let Self { password, port, .. } = self;
        Ok(format!(
            "postgres://dpp:{password}@127.0.0.1:{port}/postgres"
        ))
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(super) fn data_directory(&self) -> PathBuf {
        self.directory.join("data")
    }

    pub(super) fn log(&self) -> Result<String, ServerError> {
        let path = self.directory.join("log");
        let doing = format!("cannot read `{}`", path.display());
        let log = fs::read(path).map_err(ServerError::system(doing))?;
        Ok(String::from_utf8_lossy(&log).into_owned())
    }

    pub(super) fn pid(&self) -> Result<u32, ServerError> {
        let stopped = || ServerError::Stopped(self.directory.clone());
        self.running().pid.ok_or_else(stopped)
    }

    pub(super) fn stop_immediate(&self) -> Result<(), ServerError> {
        let mut running = self.running();
        self.stop_held(&mut running)
    }

    pub(super) fn restart(&self) -> Result<(), ServerError> {
        let mut running = self.running();
        self.stop_held(&mut running)?;
        self.start_held(&mut running)
    }

    pub(super) fn start_again(&self) -> Result<(), ServerError> {
        self.start_held(&mut self.running())
    }

    fn init(&self) -> Result<(), ServerError> {
        let order = format!("init {}", self.password);
        let made = self.order(&mut self.running(), &order)?;
        made.map(drop).ok_or_else(|| ServerError::Init {
            directory: self.directory.clone(),
            log: self.end_of_log(),
        })
    }

    fn put_files(&self, account: Option<Account>, options: &Options) -> Result<(), ServerError> {
        for (name, contents) in &options.files {
            let path = self.data_directory().join(name);
            let doing = format!("cannot write `{}`", path.display());
            put_file(account, &path, contents).map_err(ServerError::system(doing))?;
        }
        Ok(())
    }

    fn first_start(&mut self) -> Result<(), ServerError> {
        if self.listens == Listens::OnSocket {
            return self.start_again();
        }
        for _ in 1..PORTS_TO_TRY {
            self.port = free_port()?;
            if self.start_again().is_ok() {
                return Ok(());
            }
        }
        self.start_again()
    }

    fn start_held(&self, running: &mut Running) -> Result<(), ServerError> {
        let pid = self.order(running, &format!("start {}", self.port))?;
        running.pid = pid.and_then(|pid| pid.parse().ok());
        running.pid.map(drop).ok_or_else(|| ServerError::Start {
            directory: self.directory.clone(),
            log: self.end_of_log(),
        })
    }

    fn stop_held(&self, running: &mut Running) -> Result<(), ServerError> {
        self.order(running, "stop")?;
        running.pid = None;
        Ok(())
    }

    fn order(&self, running: &mut Running, order: &str) -> Result<Option<String>, ServerError> {
        let doing = format!("the keeper of `{}` is gone", self.directory.display());
        let answer = running.keeper.order(order);
        answer.map_err(ServerError::system(doing))
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end_of_log(&self) -> String {
        let log = self.log().unwrap_or_default();
        let lines: Vec<_> = log.lines().rev().take(20).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

fn keeper(
    account: Option<Account>,
    directory: &Path,
    binaries: &Binaries,
    options: &Options,
) -> io::Result<Keeper> {
    let settings = options.settings.iter();
    let settings = settings.map(|(name, value)| format!("--{name}={value}"));
    let settings: Vec<_> = settings.map(PathBuf::from).collect();
    let programs = [directory, binaries.initdb(), binaries.postgres()];
    let settings = settings.iter().map(PathBuf::as_path);
    Keeper::start(account, programs.into_iter().chain(settings))
}

/// The folder for temporary files, if its name suits a socket and a URL, and the server can
/// reach it.
fn base(account: Option<Account>) -> Result<PathBuf, ServerError> {
    let base = env::temp_dir();
    let reachable = account.is_none() || base.ancestors().all(is_open_to_all);
    if reachable && base.to_str().is_some_and(is_short_and_plain) {
        return Ok(base);
    }
    let doing = format!("neither `{}` nor `/tmp` will do", base.display());
    fs::canonicalize("/tmp").map_err(ServerError::system(doing))
}

fn is_short_and_plain(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    name.starts_with('/') && name.len() <= LONGEST_BASE && name.bytes().all(is_plain)
}

fn is_open_to_all(folder: &Path) -> bool {
    fs::metadata(folder).is_ok_and(|it| it.permissions().mode() & 0o001 != 0)
}

fn put_file(account: Option<Account>, path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    if let Some(Account { uid, gid }) = account {
        fchown(&file, Some(uid), Some(gid))?;
    }
    file.write_all(contents)
}

fn free_port() -> Result<u16, ServerError> {
    let listener = TcpListener::bind(("127.0.0.1", 0));
    let address = listener.and_then(|listener| listener.local_addr());
    let address = address.map_err(ServerError::system("127.0.0.1 has no free port"))?;
    Ok(address.port())
}
