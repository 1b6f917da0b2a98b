//! The read conformance kit is tested itself: each deliberately broken read side fails the
//! clause that it breaks, and no other that does not ask the same.

mod answers;
mod exports;
mod flaw;
mod happened;
mod lag;
mod reads;

use std::sync::Arc;

use dpp_core::testing::read_conformance::{CLAUSES, ReadFixture, check_all};
use dpp_store_memory::MemoryStore;

use flaw::Flaw;
use reads::BrokenReads;

fn broken(flaw: Flaw) -> ReadFixture {
    ReadFixture::new(move || async move {
        let log = Arc::new(MemoryStore::default());
        (log.clone(), Arc::new(BrokenReads::new(log, flaw)))
    })
}

#[test]
fn a_wrapper_without_a_flaw_violates_nothing() {
    assert_eq!(check_all(&broken(Flaw::None)), []);
}

macro_rules! broken {
    ($($test:ident $flaw:ident violates $($clause:literal)+ as $what:literal;)*) => {
        $(
            #[test]
            fn $test() {
                let violations = check_all(&broken(Flaw::$flaw));
                let clauses: Vec<_> = violations.iter().map(|found| found.clause).collect();
                assert_eq!(clauses, [$($clause),+], "{violations:#?}");
                let mut own = violations.iter();
                let own = own.find(|found| stringify!($flaw).starts_with(found.clause));
                let own = own.map(ToString::to_string).unwrap_or_default();
                assert!(own.contains($what), "{own}");
            }
        )*

        #[test]
        fn every_clause_is_broken_by_a_read_side() {
            let broken = [$(stringify!($flaw)),*];
            let is_broken = |id: &str| broken.iter().any(|flaw| flaw.starts_with(id));
            let left = CLAUSES.iter().find(|clause| !is_broken(clause.id));
            assert!(left.is_none(), "{left:?}");
        }
    };
}

broken! {
    answering_exceptions_too_early A01Exceptions violates "A01" as "Exceptions misses what was just committed";
    // What is told too late is no fold, and is counted wrong as well.
    answering_exports_too_early A01Exports violates "A01" "X01" as "Exports misses what was just committed";
    answering_prefixes_too_early A01Prefix violates "A01" as "BatchByPrefix misses a job that was just accepted";
    counting_too_early A01Counters violates "A01" "K01" as "Counters misses";
    // What is kept too long is counted wrong as well.
    keeping_a_batch_too_long A01Kept violates "A01" "U05" as "CountsOfBatch misses what";
    finding_another_brands_batch A02Batch violates "A02" as "a batch of another brand is found";
    listing_a_job_for_one_brand A02Runnable violates "A02" as "in two brands one is missing";
    making_an_export_for_one_brand A02Exports violates "A02" as "in two brands one is missing";
    finding_another_brands_product A02Gtin violates "A02" as "a product of another brand";
    telling_of_another_brands_units A02Exceptions violates "A02" as "of another brand with the same id";
    having_no_counters A03Counters violates "A03" as "the counters gave the error";
    // A batch of another brand is not there either.
    refusing_an_unknown_batch A03Exceptions violates "A02" "A03" as "gave the error";
    refusing_a_prefix A03Prefix violates "A03" as "gave the error";
    listing_a_batch_more A04Batches violates "A04" as "batches an answer of at most 1 has 2";
    listing_an_event_more A04Events violates "A04" as "events an answer of at most 1 has 2";
    // A page that is short too early ends the reading.
    limiting_before_filtering A04Filter violates "A04" "B03" as "batches an answer of at most";
    listing_all_jobs A04Runnable violates "A04" as "runnable jobs an answer of at most 1 has 7";
    making_all_exports A04Exports violates "A04" as "runnable exports an answer of at most 1 has 7";
    losing_cycles B01Cycles violates "B01" as "the cycles of a record";
    keeping_a_failure B01Failure violates "B01" as "the failure of a record";
    not_noting_changes B01Changed violates "B01" as "the time of the last change";
    not_finding_drafts B02Prefix violates "B02" as "that a prefix finds";
    sorting_by_id B03Order violates "B03" as "batches NewestFirst by pages of 1";
    repeating_a_batch B03Repeats violates "B03" as "does not end";
    passing_over_what_came_together B03Time violates "B03" as "by pages of 1";
    ignoring_the_status B04Status violates "B04" as "is listed for";
    ignoring_the_jobs_status B04Job violates "B04" as "is listed for";
    // These parts are asked for elsewhere as well.
    ignoring_the_product B04Product violates "A03" "A04" "B04" as "is listed for";
    ignoring_the_lot B04Lot violates "B04" as "is listed for";
    ignoring_what_is_held B04Holding violates "B04" as "is listed for";
    ignoring_the_range_of_ids B04Ids violates "A03" "B04" as "is listed for";
    ignoring_the_serials B04Serials violates "B04" as "is listed for";
    ignoring_the_case_of_lots B04LotCase violates "B04" as "is listed for";
    running_what_is_held B05Held violates "B05" as "may not run";
    running_what_is_over B05Over violates "B05" as "may not run";
    running_drafts B05Draft violates "B05" as "may not run";
    running_the_newest_first B05Newest violates "B05" as "oldest first";
    holding_at_the_end_of_a_lease B05End violates "B05" as "a job that may run is missing";
    repeating_a_product B06Twice violates "B06" as "the products of GTIN";
    products_in_any_order B06Order violates "B06" as "the products of GTIN";
    forgetting_what_is_over S01Over violates "S01" as "the directory says that serial";
    not_looking_up_numbers S01Numbers violates "S01" as "the directory says that serial";
    ignoring_the_case_of_serials S02Case violates "S02" as "provided serials by";
    taking_a_prefix_for_a_pattern S02Pattern violates "S02" as "provided serials by `A_`";
    ignoring_where_to_read_on S02After violates "S02" as "does not end";
    sorting_like_a_dictionary S02Order violates "S02" as "provided serials by";
    giving_a_serial_once S02Once violates "S02" as "provided serials by";
    losing_activations U01Activated violates "U01" as "the activated units of a batch are []";
    mixing_up_activations U01Another violates "U01" as "the activated units of a batch";
    losing_what_was_revoked_together U02Together violates "U02" as "revoked together 0 are";
    not_reading_bitmaps U02Bitmap violates "U02" as "of 5000 units that were revoked together 0";
    losing_lots U03Lots violates "U03" as "the activated lots of a batch are []";
    mixing_up_lots U03Another violates "U03" as "the activated lots of a batch";
    activating_what_was_revoked U04Revoked violates "U04" as "in the other order";
    forgetting_activations U04Activated violates "U04" as "in the other order";
    not_counting_voided_units U05Voided violates "U05" as "the counts of a record";
    not_counting_lots U05Lots violates "U05" as "the counts of a record";
    counting_revoked_units_twice U05Twice violates "U05" as "the counts of a record";
    not_counting_born_active U05Born violates "U05" as "the counts of a record";
    leaving_the_last_unit_out U06Short violates "U06" as "units of a range of a batch are";
    cutting_lots_like_units U06Lots violates "U06" as "the activated lots of a range of a batch are []";
    giving_a_batch_without_its_units U06Bare violates "U06" as "with its batch";
    leaving_out_one_of_many B02Many violates "B02" as "many batches at once";
    reading_from_the_wrong_end E01Newest violates "E01" as "events NewestFirst";
    repeating_an_event E01Repeats violates "E01" as "does not end";
    tidying_up_json E01Payload violates "E01" as "is not as it was committed";
    following_the_clocks E01Clock violates "E01" as "events NewestFirst";
    // These parts are asked for elsewhere as well.
    ignoring_the_kind E02Kind violates "A04" "E02" as "is listed for";
    ignoring_the_type E02Type violates "E02" as "is listed for";
    ignoring_the_entity E02Entity violates "A02" "A03" "E02" as "is listed for";
    ignoring_the_beginning E02From violates "E02" as "is listed for";
    ignoring_the_end E02Until violates "E02" as "is listed for";
    taking_in_the_end E02Inclusive violates "E02" as "is listed for";
    not_finding_revocations E02Together violates "E02" as "is missing for";
    not_noting_completion X01Completed violates "X01" "X02" as "the record of an export";
    not_noting_expiry X01Expired violates "X01" as "the record of an export";
    counting_failures_once X01Failures violates "X01" as "the record of an export";
    cutting_a_rest_short X01Rest violates "X01" as "the record of an export";
    exports_as_they_were_asked_for X02Order violates "X02" as "exports ";
    reading_exports_from_the_wrong_end X02Newest violates "X02" as "exports NewestFirst by pages of 1";
    repeating_an_export X02Repeats violates "X02" as "does not end";
    leaving_out_the_end X02End violates "X02" as "by pages of 1";
    ignoring_the_batch X02Batch violates "X02" as "by pages of 1";
    making_what_is_held X03Held violates "X03" as "that should not be";
    making_what_is_completed X03Over violates "X03" as "that should not be";
    holding_at_the_end_of_a_lock X03End violates "X03" as "that is runnable is missing";
    making_what_is_over X03Late violates "X03" as "that should not be";
    making_what_rests X03Retry violates "X03" as "that should not be";
    forgetting_what_failed X03Gone violates "X03" as "that is runnable is missing";
    making_the_newest_first X03Newest violates "X03" as "the runnable exports, oldest first";
    making_what_was_let_go_first X03Free violates "X03" as "the runnable exports, oldest first";
    making_exports_by_id X03Ids violates "X03" as "the runnable exports, oldest first";
    expiring_again X04Expired violates "X04" as "that should not be";
    keeping_at_the_end X04End violates "X04" as "that is expiring is missing";
    keeping_what_was_not_completed X04Open violates "A02" "A04" "X04" as "that is expiring is missing";
    expiring_what_was_asked_for_first X04Order violates "X04" as "the expiring exports, oldest first";
    counting_exports_too_early K01Exports violates "K01" as "what is counted";
    not_counting_exports K01Uncounted violates "K01" as "what is counted";
    counting_revoked_units_as_active K01Revoked violates "K01" as "what is counted";
    not_counting_drafts K01Drafts violates "K01" as "what is counted";
}
