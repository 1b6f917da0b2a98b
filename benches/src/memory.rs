//! How much memory this process takes, as Linux tells it.

/// A row of `/proc/self/status` in MiB, such as `VmRSS` for what it takes now and `VmHWM` for
/// the most that it took; 0 where there is none.
pub fn mib(row: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mut lines = status.lines().filter_map(|line| line.split_once(':'));
    let found = lines.find(|(name, _)| *name == row);
    let kib = found.and_then(|(_, value)| value.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kib.unwrap_or_default() / 1_024
}
