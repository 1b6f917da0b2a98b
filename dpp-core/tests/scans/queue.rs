//! The queue of scans, step by step.

use std::collections::VecDeque;
use std::pin::pin;

use dpp_core::service::{Flushed, ScanQueue, ScanStats};
use dpp_core::store::ScanAppendError;
use futures::executor::block_on;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::sinks::{Does, Sink, drive, scan};

fn push(queue: &ScanQueue, numbers: std::ops::Range<i64>) -> usize {
    numbers.filter(|number| queue.push(scan(*number))).count()
}

fn flushed(stored: usize, more: bool) -> Flushed {
    Flushed { stored, more }
}

#[test]
fn a_queue_that_is_full_drops_the_newest_and_counts_them() {
    let queue = ScanQueue::of_most(3);
    assert_eq!(push(&queue, 0..5), 3);
    let stats = ScanStats {
        queued: 3,
        dropped: 2,
        ..ScanStats::default()
    };
    assert_eq!(queue.stats(), stats);
    let sink = Sink::default();
    assert_eq!(block_on(queue.flush(&sink)).unwrap(), flushed(3, false));
    assert_eq!(sink.numbers(), [0, 1, 2]);
    assert!(queue.push(scan(5)));
}

#[test]
fn by_default_10_000_wait_and_1_000_are_stored_at_once() {
    let queue = ScanQueue::default();
    assert_eq!(push(&queue, 0..10_001), 10_000);
    let sink = Sink::default();
    for left in (0..10).rev() {
        let flush = block_on(queue.flush(&sink)).unwrap();
        assert_eq!(flush, flushed(1_000, left > 0));
    }
    assert_eq!(sink.numbers(), (0..10_000).collect::<Vec<_>>());
    let stats = ScanStats {
        stored: 10_000,
        dropped: 1,
        ..ScanStats::default()
    };
    assert_eq!(queue.stats(), stats);
    assert_eq!(block_on(queue.flush(&sink)).unwrap(), flushed(0, false));
}

#[test]
fn a_queue_has_room_for_one_and_a_flush_takes_one_at_least() {
    let queue = ScanQueue::of_most(0).at_once(0);
    assert_eq!(push(&queue, 0..2), 1);
    let sink = Sink::default();
    assert_eq!(block_on(queue.flush(&sink)).unwrap(), flushed(1, false));
}

#[test]
fn what_a_sink_that_is_down_did_not_take_is_stored_later_and_in_order() {
    let queue = ScanQueue::of_most(4).at_once(2);
    let sink = Sink::that([Does::Fail, Does::Fail]);
    push(&queue, 0..3);
    for failed in 1..=2 {
        let outcome = block_on(queue.flush(&sink));
        assert!(
            matches!(outcome, Err(ScanAppendError::NotAppended(_))),
            "{outcome:?}"
        );
        let stats = queue.stats();
        assert_eq!((stats.queued, stats.failed_flushes), (3, failed));
    }
    assert_eq!(push(&queue, 3..6), 1);
    assert_eq!(block_on(queue.flush(&sink)).unwrap(), flushed(2, true));
    assert_eq!(block_on(queue.flush(&sink)).unwrap(), flushed(2, false));
    assert_eq!(sink.numbers(), [0, 1, 2, 3]);
    let stats = ScanStats {
        queued: 0,
        stored: 4,
        dropped: 2,
        failed_flushes: 2,
    };
    assert_eq!(queue.stats(), stats);
}

#[test]
fn what_may_be_stored_already_is_never_stored_again() {
    let queue = ScanQueue::default();
    let sink = Sink::that([Does::LoseTheAnswer]);
    push(&queue, 0..3);
    let outcome = block_on(queue.flush(&sink));
    assert!(
        matches!(outcome, Err(ScanAppendError::Unknown(_))),
        "{outcome:?}"
    );
    assert_eq!(block_on(queue.flush(&sink)).unwrap(), flushed(0, false));
    assert_eq!(sink.numbers(), [0, 1, 2]);
    let stats = ScanStats {
        dropped: 3,
        failed_flushes: 1,
        ..ScanStats::default()
    };
    assert_eq!(queue.stats(), stats);
}

#[test]
fn a_sink_that_hangs_keeps_nobody_from_pushing_and_a_flush_that_is_dropped_is_counted() {
    block_on(async {
        let queue = ScanQueue::of_most(5).at_once(2);
        let sink = Sink::that([Does::Hang]);
        push(&queue, 0..3);
        {
            let mut hanging = pin!(queue.flush(&sink));
            assert!(!drive(hanging.as_mut()));
            // Those that the flush holds take their room.
            assert_eq!(push(&queue, 3..9), 2);
            assert_eq!(queue.stats().queued, 5);
            // There is one flush at a time.
            let other = queue.flush(&sink).await.unwrap();
            assert_eq!(other, flushed(0, false));
            assert!(!drive(hanging.as_mut()));
        }
        let stats = ScanStats {
            queued: 3,
            stored: 0,
            dropped: 4 + 2,
            failed_flushes: 1,
        };
        assert_eq!(queue.stats(), stats);
        queue.flush(&sink).await.unwrap();
        queue.flush(&sink).await.unwrap();
        assert_eq!(sink.numbers(), [2, 3, 4]);
    });
}

#[test]
fn a_flush_that_was_never_begun_holds_nothing() {
    let queue = ScanQueue::default();
    push(&queue, 0..3);
    drop(queue.flush(&Sink::default()));
    assert_eq!(queue.stats().queued, 3);
    assert_eq!(queue.stats().failed_flushes, 0);
}

#[derive(Debug, Clone)]
enum Step {
    Push(i64),
    Flush(Does),
}

fn steps() -> impl Strategy<Value = Step> {
    let does = prop_oneof![
        4 => Just(Does::Store),
        2 => Just(Does::Fail),
        1 => Just(Does::LoseTheAnswer),
        1 => Just(Does::Hang),
    ];
    prop_oneof![(0_i64..9).prop_map(Step::Push), does.prop_map(Step::Flush)]
}

proptest! {
    /// The queue is held against a list.
    #[test]
    fn every_scan_is_queued_stored_or_dropped(
        steps in vec(steps(), 0..60),
        most in 1_usize..20,
        at_once in 1_usize..8,
    ) {
        let queue = ScanQueue::of_most(most).at_once(at_once);
        let sink = Sink::default();
        let (mut pushed, mut waiting) = (0, VecDeque::new());
        let (mut due, mut stored) = (Vec::new(), 0);
        for step in steps {
            match step {
                Step::Push(count) => for number in pushed..pushed + count {
                    let has_room = waiting.len() < most;
                    prop_assert_eq!(queue.push(scan(number)), has_room);
                    if has_room {
                        waiting.push_back(number);
                    }
                    pushed += 1;
                },
                Step::Flush(does) => {
                    if !waiting.is_empty() {
                        sink.next.lock().unwrap().push_back(does);
                    }
                    let count = at_once.min(waiting.len());
                    // A flush that hangs is let go.
                    drive(pin!(queue.flush(&sink)));
                    if does != Does::Fail {
                        let gone: Vec<_> = waiting.drain(..count).collect();
                        match does {
                            Does::Store => { stored += count; due.extend(gone); }
                            Does::LoseTheAnswer => due.extend(gone),
                            _ => {}
                        }
                    }
                }
            }
            let stats = queue.stats();
            prop_assert_eq!(stats.queued, waiting.len());
            prop_assert_eq!(stats.stored, stored as u64);
            prop_assert_eq!(stats.queued as u64 + stats.stored + stats.dropped, pushed as u64);
            prop_assert_eq!(sink.numbers(), due.clone());
        }
    }
}
