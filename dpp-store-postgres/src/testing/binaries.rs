//! Where PostgreSQL's programs are.

use std::cmp::Reverse;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::ServerError;

/// Where packages put the programs, besides `PATH`.
const PLACES: [&str; 6] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
];

/// The programs that make and run a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binaries {
    initdb: PathBuf,
    postgres: PathBuf,
}

impl Binaries {
    /// Finds them: in the folder that `DPP_TEST_POSTGRES_BIN` names and nowhere else if that is
    /// set; or else in `PATH`, then where the packages of Debian, Red Hat, PostgreSQL itself and
    /// Homebrew put them, the newest version first.
    ///
    /// # Errors
    ///
    /// [`ServerError::NoBinaries`], which says what to install.
    pub fn find() -> Result<Self, ServerError> {
        Self::find_in(places())
    }

    /// Finds them in the first of these folders that holds both. One `*` in the name of a
    /// folder stands for anything, of which the highest version comes first.
    ///
    /// # Errors
    ///
    /// [`ServerError::NoBinaries`], which says what to install.
    pub fn find_in(places: impl IntoIterator<Item = String>) -> Result<Self, ServerError> {
        let places: Vec<_> = places.into_iter().collect();
        let mut folders = places.iter().flat_map(|place| expand(place));
        let found = folders.find_map(|folder| Self::at(&folder));
        found.ok_or_else(|| ServerError::NoBinaries {
            looked: places.join(":"),
        })
    }

    /// The program that makes a cluster.
    #[must_use]
    pub fn initdb(&self) -> &Path {
        &self.initdb
    }

    /// The server.
    #[must_use]
    pub fn postgres(&self) -> &Path {
        &self.postgres
    }

    fn at(folder: &Path) -> Option<Self> {
        let (initdb, postgres) = (folder.join("initdb"), folder.join("postgres"));
        (initdb.is_file() && postgres.is_file()).then_some(Self { initdb, postgres })
    }
}

fn places() -> Vec<String> {
    if let Ok(folder) = env::var("DPP_TEST_POSTGRES_BIN") {
        return vec![folder];
    }
    let path = env::var("PATH").unwrap_or_default();
    let path = path.split(':').filter(|folder| folder.starts_with('/'));
    path.chain(PLACES).map(str::to_owned).collect()
}

/// The folders that a pattern stands for.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![pattern.into()];
    };
    let (folder, start) = before.rsplit_once('/').unwrap_or((".", before));
    let mut names = names_in(Path::new(folder));
    names.retain(|name| name.starts_with(start));
    names.sort_by_key(|name| Reverse(version(name)));
    let full = |name| PathBuf::from(format!("{folder}/{name}{after}"));
    names.into_iter().map(full).collect()
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

/// The numbers at the end of a name: 9 and 6 in `pgsql-9.6`.
fn version(name: &str) -> Vec<u32> {
    let is_of_version = |letter: char| letter.is_ascii_digit() || letter == '.';
    let start = name.trim_end_matches(is_of_version).len();
    let numbers = name.get(start..).unwrap_or_default().split('.');
    numbers.filter_map(|number| number.parse().ok()).collect()
}
