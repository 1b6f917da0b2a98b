//! The two worker processes, as their parent has them.

use std::io;
use std::process::{Child, Command, Stdio};

use dpp_core::store::log::WorkerName;

use super::TwoWorkersError;
use crate::Address;
use crate::work::worker_name;

/// A worker process. It ends with this value, and with this process, whatever its end: then its
/// standard input is closed.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) name: WorkerName,
    child: Child,
    is_killed: bool,
}

/// Both.
#[derive(Debug)]
pub(super) struct Pair([Running; 2]);

impl Pair {
    pub(super) fn start(address: &Address, units: u32) -> Result<Self, TwoWorkersError> {
        Ok(Self([
            Running::start("worker-1", address, units)?,
            Running::start("worker-2", address, units)?,
        ]))
    }

    pub(super) fn names(&self) -> [WorkerName; 2] {
        self.0.each_ref().map(|running| running.name.clone())
    }

    /// Fails if one of them has ended by itself.
    pub(super) fn check(&mut self) -> Result<(), TwoWorkersError> {
        self.0.iter_mut().try_for_each(Running::check)
    }

    /// Kills the one of this name, without a warning.
    pub(super) fn kill(&mut self, name: &WorkerName) -> Result<(), TwoWorkersError> {
        let mut both = self.0.iter_mut();
        let stranger = || TwoWorkersError::Stranger(name.to_string());
        let running = both.find(|running| running.name == *name);
        running.ok_or_else(stranger)?.kill()
    }
}

impl Running {
    fn start(name: &str, address: &Address, units: u32) -> Result<Self, TwoWorkersError> {
        let name = worker_name(name)?;
        let program = std::env::current_exe().map_err(failed("this program is not found"))?;
        let child = Command::new(program)
            .args(["--as-worker", name.as_str()])
            .args(["--units", &units.to_string()])
            .args(["--database-url", address.url()])
            .args(["--schema", address.schema()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .map_err(failed("a worker process cannot be started"))?;
        Ok(Self {
            name,
            child,
            is_killed: false,
        })
    }

    fn check(&mut self) -> Result<(), TwoWorkersError> {
        let looking = "a worker process cannot be looked at";
        match self.child.try_wait().map_err(failed(looking))? {
            Some(_) if !self.is_killed => Err(TwoWorkersError::Ended(self.name.to_string())),
            _ => Ok(()),
        }
    }

    fn kill(&mut self) -> Result<(), TwoWorkersError> {
        self.is_killed = true;
        let killing = "a worker process cannot be killed";
        self.child.kill().map_err(failed(killing))?;
        self.child.wait().map(drop).map_err(failed(killing))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.kill();
    }
}

fn failed(doing: &'static str) -> impl FnOnce(io::Error) -> TwoWorkersError {
    move |source| TwoWorkersError::Child { doing, source }
}
