//! Who runs the server: PostgreSQL refuses root.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;

use super::ServerError;

/// A user and a group of the system.
#[derive(Clone, Copy, Debug)]
pub(super) struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

impl Account {
    /// The account to change to, if this process must not run a server itself.
    pub(super) fn instead_of_root() -> Result<Option<Self>, ServerError> {
        if !is_root()? {
            return Ok(None);
        }
        let reading = ServerError::system("cannot read `/etc/passwd`");
        let accounts = fs::read_to_string("/etc/passwd").map_err(reading)?;
        let named = |name| accounts.lines().find_map(|line| Self::parse(line, name));
        let found = named("postgres").or_else(|| named("nobody"));
        found.ok_or(ServerError::NoAccount).map(Some)
    }

    /// Lets a program run as this user. The standard library also drops root's other groups.
    pub(super) fn run(self, program: &mut Command) {
        program.uid(self.uid).gid(self.gid);
    }

    fn parse(line: &str, name: &str) -> Option<Self> {
        let mut fields = line.strip_prefix(name)?.strip_prefix(':')?.split(':');
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Self { uid, gid })
    }
}

fn is_root() -> Result<bool, ServerError> {
    let id = Command::new("id").arg("-u").output();
    let id = id.map_err(ServerError::system("cannot run `id -u`"))?;
    Ok(id.stdout.trim_ascii() == b"0")
}
