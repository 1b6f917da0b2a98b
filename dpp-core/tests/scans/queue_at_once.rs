//! The queue of scans with many at it at once.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::thread;

use dpp_core::service::ScanQueue;
use futures::executor::block_on;

use crate::sinks::{Does, Sink, drive, scan};

const PUSHERS: i64 = 4;
const EACH: i64 = 5_000;

/// What a flusher's sink does, over and over.
const DOES: [Does; 8] = [
    Does::Store,
    Does::Store,
    Does::Fail,
    Does::Store,
    Does::LoseTheAnswer,
    Does::Store,
    Does::Hang,
    Does::Store,
];

fn counted(queue: &ScanQueue) -> u64 {
    let stats = queue.stats();
    stats.queued as u64 + stats.stored + stats.dropped
}

#[test]
fn with_many_pushers_and_flushers_nothing_is_lost_uncounted() {
    let queue = ScanQueue::of_most(500).at_once(64);
    let (begun, ended) = (AtomicU64::new(0), AtomicU64::new(0));
    let (taken, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    let sinks = [Sink::default(), Sink::default()];
    thread::scope(|scope| {
        let (queue, begun, ended) = (&queue, &begun, &ended);
        let (taken, is_over) = (&taken, &is_over);
        let pushers: Vec<_> = (0..PUSHERS)
            .map(|pusher| {
                scope.spawn(move || {
                    for number in pusher * EACH..(pusher + 1) * EACH {
                        begun.fetch_add(1, SeqCst);
                        if queue.push(scan(number)) {
                            taken.fetch_add(1, SeqCst);
                        }
                        ended.fetch_add(1, SeqCst);
                    }
                })
            })
            .collect();
        for sink in &sinks {
            scope.spawn(move || {
                for does in DOES.into_iter().cycle() {
                    if is_over.load(SeqCst) {
                        break;
                    }
                    let mut next = sink.next.lock().unwrap();
                    next.clear();
                    next.push_back(does);
                    drop(next);
                    // A flush that hangs is let go.
                    drive(pin!(queue.flush(sink)));
                }
            });
        }
        scope.spawn(move || {
            while !is_over.load(SeqCst) {
                let least = ended.load(SeqCst);
                let counted = counted(queue);
                let most = begun.load(SeqCst);
                assert!(
                    (least..=most).contains(&counted),
                    "{least} {counted} {most}"
                );
            }
        });
        for pusher in pushers {
            pusher.join().unwrap();
        }
        is_over.store(true, SeqCst);
    });
    assert_eq!(counted(&queue), (PUSHERS * EACH) as u64);
    let rest = Sink::default();
    while block_on(queue.flush(&rest)).unwrap().more {}
    let stats = queue.stats();
    assert_eq!(stats.queued, 0);
    assert_eq!(stats.stored + stats.dropped, (PUSHERS * EACH) as u64);
    assert!(stats.stored <= taken.load(SeqCst));
    let [a, b] = &sinks;
    let mut numbers = [a.numbers(), b.numbers(), rest.numbers()].concat();
    let all = numbers.len();
    assert!(stats.stored <= all as u64);
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), all, "a scan was stored twice");
}
