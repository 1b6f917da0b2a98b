//! A fold holds nothing that the log does not have.

use std::sync::Arc;

use dpp_core::ExportId;
use dpp_core::identity::MintBatchId;
use dpp_core::read::ReadFold;
use dpp_core::store::{ReadStore, ReadStoreError};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use proptest::prelude::*;
use uuid::Uuid;

use crate::exceptions::Writer;
use crate::fold::answers::answers;
use crate::fold::history::History;
use crate::support::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn a_fold_made_anew_answers_like_one_that_read_step_by_step(seed: u64, steps in 1_usize..120) {
        block_on(async {
            let mut history = History::new(seed);
            let old = ReadFold::new(history.store());
            for _ in 0..steps {
                history.step().await;
                old.catch_up().await.unwrap();
            }
            let new = ReadFold::new(history.store());
            let expected = answers(&old, history.now).await;
            prop_assert_eq!(answers(&new, history.now).await, expected);
            prop_assert_eq!(new.snapshot().unwrap(), old.snapshot().unwrap());
            Ok(())
        })?;
    }
}

#[test]
fn a_brand_stops_before_what_cannot_be_read_and_the_others_go_on() {
    block_on(async {
        let log = Arc::new(MemoryStore::default());
        let writer = Writer::new(log.clone(), 1);
        let batch = MintBatchId::new(noon(), [4; 10]);
        let export = |number| ExportId::from_uuid(Uuid::from_u128(number));
        let request = |of, number| writer.request_export(of, export(number), batch, noon());
        let last = request(brand(1), 1).await;
        let unknown = writer.unknown(brand(1), noon()).await;
        request(brand(1), 2).await;
        let fold = ReadFold::new(log.clone());
        for number in 3..5 {
            let of_other = request(brand(2), number).await;
            let error = fold.catch_up().await.unwrap_err();
            let ReadStoreError::Decode {
                brand: of,
                position,
                ..
            } = &error
            else {
                panic!("{error}");
            };
            assert_eq!((*of, *position), (brand(1), unknown));
            let text = error.to_string();
            assert!(text.contains("`export_forgotten` is not known"), "{text}");
            assert!(text.contains(&brand(1).to_string()), "{text}");
            assert_eq!(fold.position(brand(1)), Some(last));
            assert_eq!(fold.position(brand(2)), Some(of_other));
        }
        let told = fold.counters(brand(1)).await.unwrap_err();
        assert_eq!(told.brand(), Some(brand(1)));
        fold.counters(brand(2)).await.unwrap();

        let snapshot = fold.snapshot().unwrap();
        let loaded = ReadFold::load(log, &snapshot).await.unwrap();
        assert_eq!(loaded.position(brand(1)), Some(last));
        loaded.counters(brand(1)).await.unwrap_err();
    });
}
