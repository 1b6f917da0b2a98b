//! How much of the processors' time a server took, read from Linux's `/proc`.

use std::fs;

/// Linux counts in hundredths of a second, whatever its clock.
const TICKS_IN_A_SECOND: f64 = 100.0;
/// How often to read again when a connection ended while its time was being read.
const READINGS: usize = 10;

/// What the kernel says of a process, in ticks.
#[derive(Clone, Copy)]
struct Times {
    parent: u32,
    own: u64,
    /// The time of the children that have ended.
    ended: u64,
}

/// The seconds that a process and all of its children took; nothing where that is not told.
pub(super) fn seconds_of(pid: u32) -> Option<f64> {
    for _ in 1..READINGS {
        let before = times_of(pid)?;
        let seconds = seconds_now(pid)?;
        if times_of(pid)?.ended == before.ended {
            return Some(seconds);
        }
    }
    seconds_now(pid)
}

fn seconds_now(pid: u32) -> Option<f64> {
    let server = times_of(pid)?;
    let children = all_times()?.filter(|times| times.parent == pid);
    let running: u64 = children.map(|child| child.own + child.ended).sum();
    Some((server.own + server.ended + running) as f64 / TICKS_IN_A_SECOND)
}

fn all_times() -> Option<impl Iterator<Item = Times>> {
    let names = fs::read_dir("/proc").ok()?.flatten();
    let pids = names.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    Some(pids.filter_map(times_of))
}

fn times_of(pid: u32) -> Option<Times> {
    parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The name of the program, in parentheses, may hold anything: the fields count from its end.
fn parse(stat: &str) -> Option<Times> {
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ');
    let parent = fields.nth(1)?.parse().ok()?;
    let mut ticks = fields.skip(9).map_while(|field| field.parse::<u64>().ok());
    let own = ticks.next()? + ticks.next()?;
    let ended = ticks.next()? + ticks.next()?;
    Some(Times { parent, own, ended })
}
