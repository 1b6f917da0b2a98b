//! Waiting until the fold has come to a position.

use std::pin::pin;
use std::sync::Arc;

use dpp_core::ExportId;
use dpp_core::identity::MintBatchId;
use dpp_core::read::ReadFold;
use dpp_core::store::log::{Position, ReadError};
use dpp_core::store::{ReadStore, ReadStoreError};
use dpp_store_memory::MemoryStore;
use futures::FutureExt;
use futures::executor::block_on;
use uuid::Uuid;

use crate::exceptions::Writer;
use crate::fold::laid_over::LaidOver;
use crate::support::*;

/// A store whose feed shows its first event, and where each of its three events stands.
async fn lagging() -> (Arc<LaidOver>, Writer, [Position; 3]) {
    let log = Arc::new(MemoryStore::default());
    let writer = Writer::new(log.clone(), 1);
    let batch = MintBatchId::new(noon(), [4; 10]);
    let mut positions = Vec::new();
    for number in 0..3 {
        let export = ExportId::from_uuid(Uuid::from_u128(number));
        let written = writer.request_export(brand(1), export, batch, noon());
        positions.push(written.await);
    }
    let replica = Arc::new(LaidOver::new(log, 1));
    (replica, writer, positions.try_into().unwrap())
}

fn is_foreign(error: &ReadStoreError) -> bool {
    matches!(
        error,
        ReadStoreError::Read(ReadError::ForeignPosition { .. })
    )
}

#[test]
fn what_was_committed_before_is_there() {
    block_on(async {
        let log = Arc::new(MemoryStore::default());
        let writer = Writer::new(log.clone(), 1);
        let fold = ReadFold::new(log);
        let batch = MintBatchId::new(noon(), [4; 10]);
        let export = ExportId::from_uuid(Uuid::from_u128(1));
        let first = writer.request_export(brand(1), export, batch, noon()).await;
        let last = writer.complete_export(brand(1), export, noon()).await;
        for position in [last, first] {
            fold.wait_for(brand(1), position).await.unwrap();
            assert_eq!(fold.position(brand(1)), Some(last));
        }
        let counters = fold.counters(brand(1)).await.unwrap();
        assert_eq!(counters.completed_exports, 1);
        assert_eq!(fold.waiting(), 0);
    });
}

#[test]
fn what_the_log_does_not_have_yet_is_waited_for() {
    block_on(async {
        let (replica, _, [_, second, third]) = lagging().await;
        let fold = ReadFold::new(replica.clone());
        let mut to_second = pin!(fold.wait_for(brand(1), second));
        let mut to_third = pin!(fold.wait_for(brand(1), third));
        assert!((&mut to_second).now_or_never().is_none());
        assert!((&mut to_third).now_or_never().is_none());
        assert_eq!(fold.waiting(), 2);

        fold.catch_up().await.unwrap();
        assert!((&mut to_second).now_or_never().is_none());

        replica.show(2);
        fold.catch_up().await.unwrap();
        to_second.now_or_never().unwrap().unwrap();
        assert!((&mut to_third).now_or_never().is_none());
        assert_eq!(fold.waiting(), 1);

        replica.show(3);
        fold.counters(brand(1)).await.unwrap();
        to_third.now_or_never().unwrap().unwrap();
        assert_eq!(fold.waiting(), 0);
    });
}

#[test]
fn whoever_leaves_leaves_nothing_behind() {
    block_on(async {
        let (replica, _, [_, second, third]) = lagging().await;
        let fold = ReadFold::new(replica.clone());
        for _ in 0..100 {
            let mut left = Box::pin(fold.wait_for(brand(1), third));
            assert!((&mut left).now_or_never().is_none());
        }
        assert_eq!(fold.waiting(), 0);

        let mut leaves = Box::pin(fold.wait_for(brand(1), second));
        let mut stays = pin!(fold.wait_for(brand(1), second));
        assert!((&mut leaves).now_or_never().is_none());
        assert!((&mut stays).now_or_never().is_none());
        drop(leaves);
        assert_eq!(fold.waiting(), 1);
        replica.show(3);
        fold.catch_up().await.unwrap();
        stays.now_or_never().unwrap().unwrap();
    });
}

#[test]
fn one_brand_wakes_nobody_of_another() {
    block_on(async {
        let (replica, writer, [_, second, _]) = lagging().await;
        let fold = ReadFold::new(replica.clone());
        let mut waits = pin!(fold.wait_for(brand(2), second));
        assert!((&mut waits).now_or_never().is_none());
        replica.show(3);
        fold.catch_up().await.unwrap();
        assert!((&mut waits).now_or_never().is_none());
        assert_eq!(fold.waiting(), 1);
        drop(writer);
    });
}

#[test]
fn a_foreign_position_that_lies_behind_is_refused_at_once() {
    block_on(async {
        let (replica, ..) = lagging().await;
        let fold = ReadFold::new(replica);
        let foreign = Position::from_bytes([0; 16]);
        let error = fold.wait_for(brand(1), foreign).await.unwrap_err();
        assert!(is_foreign(&error), "{error}");
        assert_eq!(fold.waiting(), 0);
    });
}

#[test]
fn a_foreign_position_ahead_is_refused_when_the_feed_has_gone_beyond_it() {
    block_on(async {
        // The replica leaves the second event out, so its position is one of nobody's.
        let (whole, _, [first, second, third]) = lagging().await;
        assert!(first < second && second < third);
        whole.show(3);
        whole.leave_out(second);
        let replica = Arc::new(LaidOver::new(whole, 1));
        let fold = ReadFold::new(replica.clone());
        let mut waits = pin!(fold.wait_for(brand(1), second));
        assert!((&mut waits).now_or_never().is_none());
        replica.show(3);
        fold.catch_up().await.unwrap();
        let error = waits.now_or_never().unwrap().unwrap_err();
        assert!(is_foreign(&error), "{error}");
    });
}

#[test]
fn whoever_waits_beyond_an_event_that_cannot_be_read_is_told() {
    block_on(async {
        let (replica, writer, [first, _, third]) = lagging().await;
        writer.unknown(brand(1), noon()).await;
        let beyond = writer.unknown(brand(1), noon()).await;
        let fold = ReadFold::new(replica.clone());
        let mut waits = pin!(fold.wait_for(brand(1), beyond));
        assert!((&mut waits).now_or_never().is_none());
        replica.show(5);
        fold.catch_up().await.unwrap_err();
        let told = waits.now_or_never().unwrap().unwrap_err();
        assert!(matches!(told, ReadStoreError::Decode { .. }), "{told}");
        let told = fold.wait_for(brand(1), beyond).await.unwrap_err();
        assert!(matches!(told, ReadStoreError::Decode { .. }), "{told}");
        for before in [first, third] {
            fold.wait_for(brand(1), before).await.unwrap();
        }
        assert_eq!(fold.waiting(), 0);
    });
}
