//! The fold of the log in memory keeps every clause of the read port's contract.

use std::sync::Arc;

use dpp_core::read::ReadFold;
use dpp_core::read_conformance;
use dpp_core::testing::read_conformance::{ReadFixture, check_all};
use dpp_store_memory::MemoryStore;

fn folds() -> ReadFixture {
    ReadFixture::new(|| async {
        let log = Arc::new(MemoryStore::default());
        (log.clone(), Arc::new(ReadFold::new(log)))
    })
}

read_conformance!(fold, folds());

/// What others have in the same log does not matter, nor does who reads it at the same time.
#[test]
fn many_runs_share_one_log() {
    let log = Arc::new(MemoryStore::default());
    let fold = Arc::new(ReadFold::new(log.clone()));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            let (log, fold) = (log.clone(), fold.clone());
            scope.spawn(move || {
                let shared =
                    ReadFixture::new(move || std::future::ready((log.clone(), fold.clone())));
                assert_eq!(check_all(&shared), []);
            });
        }
    });
}
