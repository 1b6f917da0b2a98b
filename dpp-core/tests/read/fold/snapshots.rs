//! A fold that begins with a snapshot answers like one that read the whole log.

use dpp_core::read::ReadFold;
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use proptest::prelude::*;

use std::sync::Arc;

use crate::fold::answers::answers;
use crate::fold::history::{History, history};

/// Takes a snapshot somewhere, goes on, loads it, and reads on.
async fn loaded_and_fresh(seed: u64, before: usize, after: usize) -> (History, ReadFold, ReadFold) {
    let mut history = history(seed, before).await;
    let first = ReadFold::new(history.store());
    first.catch_up().await.unwrap();
    let snapshot = first.snapshot().unwrap();
    for _ in 0..after {
        history.step().await;
    }
    let loaded = ReadFold::load(history.store(), &snapshot).await.unwrap();
    let fresh = ReadFold::new(history.store());
    (history, loaded, fresh)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_was_loaded_and_read_on_answers_like_a_fold_from_nothing(
        seed: u64,
        before in 0_usize..160,
        after in 0_usize..80,
    ) {
        block_on(async {
            let (history, loaded, fresh) = loaded_and_fresh(seed, before, after).await;
            let expected = answers(&fresh, history.now).await;
            let found = answers(&loaded, history.now).await;
            prop_assert_eq!(found, expected);
            prop_assert_eq!(loaded.snapshot().unwrap(), fresh.snapshot().unwrap());
            Ok(())
        })?;
    }
}

#[test]
fn a_loaded_fold_reads_nothing_of_what_the_snapshot_has() {
    block_on(async {
        let history = history(1, 200).await;
        let fold = ReadFold::new(history.store());
        let expected = answers(&fold, history.now).await;
        assert!(expected.events() > 50, "{}", expected.events());
        let snapshot = fold.snapshot().unwrap();

        let loaded = ReadFold::load(history.store(), &snapshot).await.unwrap();
        for number in 1..=2 {
            let brand = crate::support::brand(number);
            assert_eq!(loaded.position(brand), fold.position(brand));
            assert!(loaded.position(brand).is_some());
        }
        assert_eq!(loaded.snapshot().unwrap(), snapshot);
        assert_eq!(answers(&loaded, history.now).await, expected);
    });
}

#[test]
fn a_fold_that_read_nothing_has_a_snapshot_that_fits_every_log() {
    block_on(async {
        let empty = ReadFold::new(Arc::new(MemoryStore::default()));
        let history = history(2, 60).await;
        let snapshot = empty.snapshot().unwrap();
        let loaded = ReadFold::load(history.store(), &snapshot).await.unwrap();
        let fresh = ReadFold::new(history.store());
        let expected = answers(&fresh, history.now).await;
        assert_eq!(answers(&loaded, history.now).await, expected);
    });
}
