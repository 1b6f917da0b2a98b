//! The programs of PostgreSQL that the throwaway servers run: which are found, and what is said if
//! they are missing or fail.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests")]

use std::error::Error;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use dpp_store_postgres::testing::{Binaries, Options, ServerError};

type Outcome = Result<(), Box<dyn Error>>;

#[test]
fn without_programs_the_error_says_what_to_install() {
    let error = Binaries::find_in([]).unwrap_err().to_string();
    for word in [
        "apt-get install postgresql",
        "brew install postgresql@17",
        "DPP_TEST_POSTGRES_BIN",
        "DPP_TEST_DATABASE_URL",
    ] {
        assert!(error.contains(word), "`{word}` is not in: {error}");
    }
}

#[test]
fn the_newest_version_is_found_first() -> Outcome {
    let root = Scratch::new("versions")?;
    for version in ["9.6", "15", "17"] {
        let bin = root.0.join(version).join("bin");
        fs::create_dir_all(&bin)?;
        fs::write(bin.join("postgres"), "")?;
        if version != "17" {
            fs::write(bin.join("initdb"), "")?;
        }
    }
    let places = [root.0.join("none"), root.0.join("*/bin")];
    let places = places.map(|place| place.display().to_string());
    let found = Binaries::find_in(places)?;
    assert_eq!(found.initdb(), root.0.join("15/bin/initdb"));
    assert_eq!(found.postgres(), root.0.join("15/bin/postgres"));
    Ok(())
}

#[test]
fn an_initdb_that_fails_is_shown_as_it_says_it() -> Outcome {
    let root = Scratch::new("initdb")?;
    for program in ["initdb", "postgres"] {
        let program = root.0.join(program);
        fs::write(&program, "#!/bin/sh\necho the disk is full >&2\nexit 1\n")?;
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
    }
    let broken = Binaries::find_in([root.0.display().to_string()])?;
    let refused = Options::default().start_with(&broken);
    let Err(ServerError::Init { directory, log }) = refused else {
        panic!("{refused:?}");
    };
    assert!(log.contains("the disk is full"), "{log}");
    assert!(!directory.exists());
    Ok(())
}

/// A directory that others may look into, gone at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Result<Self, Box<dyn Error>> {
        let name = format!("dpp-test-{name}-{}", std::process::id());
        let path = Path::new("/tmp").join(name);
        fs::create_dir(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
