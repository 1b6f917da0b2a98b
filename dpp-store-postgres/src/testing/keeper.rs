//! The process between a server and us: it outlives us for as long as it takes to clean up.

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::account::Account;

const SCRIPT: &str = include_str!("keeper.sh");

/// A shell that holds one server as its child, and an end of a pipe from us.
///
/// The standard library opens pipes so that no other program we start inherits our end: the
/// shell sees the pipe close when this process ends, whatever else is still running.
#[derive(Debug)]
pub(super) struct Keeper {
    shell: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Keeper {
    /// Starts one. The arguments are those of the script.
    pub(super) fn start<'a>(
        account: Option<Account>,
        arguments: impl IntoIterator<Item = &'a Path>,
    ) -> io::Result<Self> {
        let mut shell = Command::new("sh");
        shell.args(["-c", SCRIPT, "keeper.sh"]).args(arguments);
        if let Some(account) = account {
            account.run(&mut shell);
        }
        Self::hold(&mut shell)
    }

    /// Gives an order; the answer is what the script says to it, or nothing if it failed.
    pub(super) fn order(&mut self, order: &str) -> io::Result<Option<String>> {
        let orders = self.orders.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(orders, "{order}")?;
        let mut answer = String::new();
        if self.answers.read_line(&mut answer)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let answer = answer.trim_end();
        Ok((answer != "failed").then(|| answer.to_owned()))
    }

    fn hold(shell: &mut Command) -> io::Result<Self> {
        for (name, _) in env::vars_os().filter(is_of_postgres) {
            shell.env_remove(name);
        }
        // A group of its own, since Ctrl-C and test runners end all of ours at once.
        shell.process_group(0).current_dir("/");
        shell.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut shell = shell.stderr(Stdio::null()).spawn()?;
        let answers = shell.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self {
            orders: shell.stdin.take(),
            answers: BufReader::new(answers),
            shell,
        })
    }
}

/// `PGDATA`, `PGPORT` and their like, which are meant for another server than ours.
fn is_of_postgres((name, _): &(std::ffi::OsString, std::ffi::OsString)) -> bool {
    name.as_encoded_bytes().starts_with(b"PG")
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.shell.wait();
    }
}
