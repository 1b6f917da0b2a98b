//! Tasks that do the same again and again for a while, and what that came to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use dpp_store_postgres::testing::Server;

use crate::table::{micros, middle};

/// What one run came to.
pub(crate) struct Run {
    per_second: f64,
    middle: Duration,
    server_micros: f64,
}

impl Run {
    /// Of work that took these times, since the server had used so much of the CPU.
    pub(crate) fn of(
        mut times: Vec<Duration>,
        took: Duration,
        server: &Server,
        cpu: Option<f64>,
    ) -> Self {
        let used = server
            .cpu_seconds()
            .zip(cpu)
            .map_or(f64::NAN, |(after, before)| after - before);
        let count = times.len() as f64;
        Self {
            per_second: count / took.as_secs_f64(),
            middle: middle(&mut times),
            server_micros: used * 1e6 / count,
        }
    }

    /// How many there were a second, the median, and the server's time for each.
    pub(crate) fn cells(&self) -> [String; 3] {
        [
            format!("{:.0}", self.per_second),
            micros(self.middle),
            format!("{:.0} µs", self.server_micros),
        ]
    }
}

/// Lets so many tasks work for a while. Each work has the number of its task and one of its own,
/// and tells how long it took.
pub(crate) async fn run<W, F>(server: &Server, tasks: usize, time: Duration, work: W) -> Run
where
    W: Fn(usize, u32) -> F + Send + Sync + 'static,
    F: Future<Output = Duration> + Send + 'static,
{
    let next = Arc::new(AtomicU32::new(0));
    let over = Arc::new(AtomicBool::new(false));
    let work = Arc::new(work);
    let (cpu, begun) = (server.cpu_seconds(), Instant::now());
    let tasks: Vec<_> = (0..tasks)
        .map(|task| {
            let (next, over, work) = (next.clone(), over.clone(), work.clone());
            tokio::spawn(async move {
                let mut times = Vec::new();
                while !over.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    times.push(work(task, number).await);
                }
                times
            })
        })
        .collect();
    tokio::time::sleep(time).await;
    over.store(true, Ordering::Relaxed);
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    Run::of(times, begun.elapsed(), server, cpu)
}
