//! The quota of a production batch.

use dpp_core::identity::MintBatchId;
use dpp_core::mint::{Quota, QuotaEvent, QuotaExceeded, QuotaReturned, QuotaTaken};
use dpp_core::testing::scenario::given;

fn batch() -> MintBatchId {
    "01a3ae2d-2400-7707-8707-070707070706".parse().unwrap()
}

fn taken(quantity: u32) -> QuotaEvent {
    QuotaEvent::Taken(QuotaTaken {
        mint_batch_id: batch(),
        quantity,
    })
}

fn returned(quantity: u32) -> QuotaEvent {
    QuotaEvent::Returned(QuotaReturned {
        mint_batch_id: batch(),
        quantity,
    })
}

#[test]
fn the_quantity_of_a_production_batch_caps_the_sum_of_its_jobs() {
    let used = given([taken(60), taken(30)], Quota::evolve);
    used.when(|quota| quota.take(batch(), Some(100), 10))
        .then(taken(10));
    used.when(|quota| quota.take(batch(), Some(100), 11))
        .then_refused(QuotaExceeded {
            requested: 11,
            left: 10,
            quantity: 100,
        });
}

#[test]
fn what_a_job_did_not_mint_can_be_taken_again() {
    let used = given([taken(100), returned(40)], Quota::evolve);
    assert_eq!(used.state.taken(), 60);
    used.when(|quota| quota.take(batch(), Some(100), 40))
        .then(taken(40));
    let refused = used.when(|quota| quota.take(batch(), Some(100), 41));
    assert_eq!(refused.answer.unwrap_err().left, 40);
}

#[test]
fn a_cap_that_was_lowered_below_what_is_taken_leaves_nothing() {
    given([taken(100)], Quota::evolve)
        .when(|quota| quota.take(batch(), Some(50), 1))
        .then_refused(QuotaExceeded {
            requested: 1,
            left: 0,
            quantity: 50,
        });
}

#[test]
fn without_a_cap_there_is_always_enough() {
    given([taken(1_000_000)], Quota::evolve)
        .when(|quota| quota.take(batch(), None, 1_000_000))
        .then(taken(1_000_000));
}
