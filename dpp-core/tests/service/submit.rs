//! Submitting: answers, idempotency, blocked and invalid requests.

use std::sync::Arc;

use crate::support::*;
use dpp_core::mint::{BlockingCode, LotRequest, MintRequest, RowReason};
use dpp_core::passport::{Brand, CommercialStatus, Product, Schema};
use dpp_core::service::{MintService, PreflightAnswer, Settings, SubmitAnswer, SubmitError};
use dpp_core::store::EventStore;
use dpp_core::store::log::PageLimit;
use dpp_core::{Caller, TextRows};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use futures::{StreamExt, TryStreamExt};
use serde_json::json;

pub(crate) fn world() -> (Arc<MemoryStore>, MintService, Caller) {
    let store = Arc::new(MemoryStore::default());
    let service = service(store.clone(), 1, Settings::default());
    (store, service, owner(brand(1)))
}

pub(crate) fn events_in(store: &MemoryStore) -> usize {
    let page = block_on(store.read_feed(brand(1), None, PageLimit::MAX)).unwrap();
    page.events.len()
}

pub(crate) fn submit(
    service: &MintService,
    request: MintRequest,
) -> Result<SubmitAnswer, SubmitError> {
    block_on(service.submit(&owner(brand(1)), request, noon()))
}

fn reasons(answer: &SubmitAnswer) -> Vec<BlockingCode> {
    match answer {
        SubmitAnswer::Blocked {
            blocking_reasons, ..
        } => blocking_reasons.iter().map(|reason| reason.code).collect(),
        accepted => panic!("{accepted:?}"),
    }
}

pub(crate) fn with_key(request: MintRequest, key: &str) -> MintRequest {
    MintRequest {
        idempotency_key: Some(key.to_owned()),
        ..request
    }
}

pub(crate) fn own(request: MintRequest, rows: &[&str]) -> MintRequest {
    MintRequest {
        serials: Some(rows.iter().copied().collect()),
        ..request
    }
}

fn numbered(quantity: u64) -> MintRequest {
    let scheme = json!({"scheme": "sequential", "prefix": "SN-", "digits": 4});
    MintRequest {
        serial_scheme: Some(serde_json::from_value(scheme).unwrap()),
        ..serials(1, quantity)
    }
}

#[test]
fn an_accepted_request_answers_in_the_words_of_the_wire() {
    let (_, service, _) = world();
    let answer = submit(&service, serials(1, 5)).unwrap();
    let job = answer.job().unwrap();
    let expected = json!({
        "ok": true,
        "mint_job_id": job.to_string(),
        "mint_batch_id": job.batch().to_string(),
        "status": "QUEUED",
        "is_duplicate": false,
    });
    assert_eq!(serde_json::to_value(&answer).unwrap(), expected);
}

#[test]
fn a_blocked_request_answers_with_every_reason_and_creates_nothing() {
    let catalogue = catalogue()
        .with_brand(Brand {
            schema: serde_json::from_value::<Schema>(json!({
                "gtin_required": true,
                "fields": [
                    {"name": "material", "type": "text", "required": true},
                    {"name": "weight", "type": "number", "required": true},
                    {"name": "origin", "type": "text", "required": true, "allowed": ["PT", "IT"]},
                ],
            }))
            .unwrap(),
            ..a_brand(1)
        })
        .with_product(Product {
            commercial_status: CommercialStatus::Discontinued,
            fields: json!({"weight": "heavy", "origin": "XX"})
                .as_object()
                .unwrap()
                .clone(),
            ..a_product(1, 3, None)
        });
    let store = Arc::new(MemoryStore::default());
    let service = service_for(store.clone(), host_with(1, catalogue), Settings::default());
    let request = MintRequest {
        product_batch_id: Some(production(3)),
        ..serials(3, 5)
    };
    let answer = submit(&service, request.clone()).unwrap();
    assert_eq!(
        reasons(&answer),
        [
            BlockingCode::CommercialStatusNotActive,
            BlockingCode::MintReadinessNotReady,
            BlockingCode::MissingRequiredField,
            BlockingCode::FieldTypeMismatch,
            BlockingCode::FieldValueNotAllowed,
            BlockingCode::GtinRequired,
            BlockingCode::ProductBatchMismatch,
            BlockingCode::ProductBatchNotReady,
        ]
    );
    let wire = serde_json::to_value(&answer).unwrap();
    assert_eq!(wire["ok"], json!(false));
    assert_eq!(wire["product_id"], json!(product(3)));
    assert_eq!(wire["product_batch_id"], json!(production(3)));
    assert_eq!(
        wire["blocking_reasons"][2]["code"],
        json!("MISSING_REQUIRED_FIELD")
    );
    assert_eq!(wire["blocking_reasons"][2]["field"], json!("material"));
    assert_eq!(events_in(&store), 0);

    let preflight = block_on(service.preflight(&owner(brand(1)), request)).unwrap();
    let PreflightAnswer::PreflightBlocked {
        blocking_reasons, ..
    } = preflight
    else {
        panic!("{preflight:?}");
    };
    assert_eq!(blocking_reasons.len(), 8);
}

#[test]
fn preflight_passes_without_creating_anything_and_can_be_repeated() {
    let (store, service, caller) = world();
    for _ in 0..3 {
        let answer = block_on(service.preflight(&caller, serials(1, 5))).unwrap();
        assert_eq!(answer, PreflightAnswer::PreflightPass);
    }
    assert_eq!(events_in(&store), 0);
}

#[test]
fn what_belongs_to_another_brand_is_not_found() {
    let (store, service, _) = world();
    let foreign_product = submit(&service, serials(9, 5)).unwrap();
    assert_eq!(reasons(&foreign_product), [BlockingCode::ProductNotFound]);
    let no_product = submit(&service, serials(77, 5)).unwrap();
    assert_eq!(reasons(&no_product), [BlockingCode::ProductNotFound]);
    for id in [9, 77] {
        let request = MintRequest {
            product_batch_id: Some(production(id)),
            ..serials(1, 5)
        };
        let answer = submit(&service, request).unwrap();
        assert_eq!(reasons(&answer), [BlockingCode::ProductBatchNotFound]);
    }
    assert_eq!(events_in(&store), 0);
}

#[test]
fn the_cap_counts_all_jobs_of_a_production_batch_and_a_cancelled_one_gives_back() {
    let (_, service, caller) = world();
    let of = |quantity| MintRequest {
        product_batch_id: Some(production(1)),
        ..serials(1, quantity)
    };
    let first = submit(&service, of(600)).unwrap().job().unwrap();
    let too_many = submit(&service, of(401)).unwrap();
    assert_eq!(
        reasons(&too_many),
        [BlockingCode::ProductBatchQuantityExceeded]
    );
    submit(&service, of(400)).unwrap().job().unwrap();
    assert!(submit(&service, of(1)).unwrap().job().is_none());
    block_on(service.cancel(&caller, brand(1), first, None, noon())).unwrap();
    assert!(submit(&service, of(601)).unwrap().job().is_none());
    assert!(submit(&service, of(600)).unwrap().job().is_some());
}

#[test]
fn bad_input_is_refused_with_field_and_value_and_changes_nothing() {
    let (store, service, _) = world();
    let many_lots: Vec<_> = (0..101).map(|number| format!("L{number}")).collect();
    let many_lots: Vec<_> = many_lots.iter().map(|code| (code.as_str(), 1)).collect();
    let serial_mode_with_lots = MintRequest {
        lots: vec![LotRequest {
            lot_code: "A".to_owned(),
            qty: 5,
        }],
        ..serials(1, 5)
    };
    let long_key = "k".repeat(256);
    let cases = [
        (serials(1, 0), "requested_quantity `0`"),
        (serials(1, 1_000_001), "requested_quantity `1000001`"),
        (
            serial_mode_with_lots,
            "lots `1 lots`: serial mode has no lots",
        ),
        (lots(1, &many_lots), "lots `101 lots`"),
        (lots(1, &[]), "lots `0 lots`"),
        (
            MintRequest {
                requested_quantity: 9,
                ..lots(1, &[("A", 4), ("B", 4)])
            },
            "lots `8`: the quantities sum up to 8, not to requested_quantity 9",
        ),
        (
            lots(1, &[("A", 4), ("A", 4)]),
            "lots[1].lot_code `A`: lots[0] has it already",
        ),
        (lots(1, &[("A B", 4)]), "lots[0].lot_code `A B`"),
        (lots(1, &[("A", 0), ("B", 1)]), "lots[0].qty `0`"),
        (
            own(lots(1, &[("A", 1)]), &["S"]),
            "serials `1 serials`: lot mode has no serials",
        ),
        (
            own(serials(1, 3), &["S1", "S2"]),
            "serials `2 serials`: that is too few",
        ),
        (
            own(serials(1, 1), &["S1", "S2"]),
            "serials `2 serials`: that is too many",
        ),
        (
            own(serials(1, 3), &["S1", "S2", "S1"]),
            "row 3 `S1`: it stands in row 1 already",
        ),
        (own(serials(1, 2), &["S1", "S 2"]), "serials row 2 `S 2`"),
        (own(serials(1, 1), &[""]), "serials row 1 ``"),
        (with_key(serials(1, 5), ""), "idempotency_key ``"),
        (with_key(serials(1, 5), &long_key), "256 characters"),
        (with_key(serials(1, 5), "a b"), "idempotency_key `a b`"),
    ];
    for (request, expected) in cases {
        let error = submit(&service, request).unwrap_err();
        assert!(matches!(error, SubmitError::Invalid(_)), "{error:?}");
        assert!(
            error.to_string().contains(expected),
            "`{error}` lacks `{expected}`"
        );
    }
    assert_eq!(events_in(&store), 0);
}

#[test]
fn serials_that_a_product_has_already_are_refused_row_by_row() {
    let (store, service, _) = world();
    let first = submit(&service, own(serials(1, 3), &["S1", "S2", "S3"])).unwrap();
    submit(&service, own(serials(2, 1), &["S1"])).unwrap();
    submit(&service, numbered(20)).unwrap();
    block_on(work_off(&service, noon()));
    let events = events_in(&store);
    let rows = ["A", "S3", "SN-0020", "SN-0021", "S1"];
    let SubmitError::Invalid(invalid) = submit(&service, own(serials(1, 5), &rows)).unwrap_err()
    else {
        panic!("it was not refused for its rows");
    };
    let found: Vec<_> = invalid
        .rows
        .iter()
        .map(|row| (row.row, row.serial.as_str()))
        .collect();
    assert_eq!(found, [(2, "S3"), (3, "SN-0020"), (5, "S1")]);
    let taken = RowReason::Taken {
        mint_batch_id: first.job().unwrap().batch(),
    };
    assert_eq!(invalid.rows[0].reason, taken);
    assert_eq!(invalid.rows[1].reason, RowReason::Generated);
    assert_eq!(events_in(&store), events);
}

#[test]
fn a_serial_that_was_stepped_over_is_refused_once_as_taken() {
    let (_, service, _) = world();
    let first = submit(&service, own(serials(1, 1), &["SN-0003"])).unwrap();
    submit(&service, numbered(20)).unwrap();
    block_on(work_off(&service, noon()));
    let rows = ["SN-0004", "SN-0003"];
    let SubmitError::Invalid(invalid) = submit(&service, own(serials(1, 2), &rows)).unwrap_err()
    else {
        panic!("it was not refused for its rows");
    };
    let found: Vec<_> = invalid
        .rows
        .into_iter()
        .map(|row| (row.row, row.reason))
        .collect();
    let mint_batch_id = first.job().unwrap().batch();
    let taken = RowReason::Taken { mint_batch_id };
    assert_eq!(found, [(1, RowReason::Generated), (2, taken)]);
}

#[test]
fn a_hundred_thousand_provided_serials_are_minted_in_their_order() {
    let (_, service, caller) = world();
    let rows: Vec<_> = (0..100_000).map(|row| format!("P/{row}")).collect();
    let request = MintRequest {
        serials: Some(rows.iter().map(String::as_str).collect::<TextRows>()),
        ..serials(1, 100_000)
    };
    let batch = submit(&service, request).unwrap().job().unwrap().batch();
    block_on(work_off(&service, noon()));
    let scope = caller.to_read(brand(1)).unwrap();
    let page = service.reads();
    for from in [0, 19_999, 20_000, 99_998] {
        let units = block_on(page.units(&scope, batch, from)).unwrap().take(3);
        for unit in block_on(units.try_collect::<Vec<_>>()).unwrap() {
            assert_eq!(unit.serial.unwrap().as_str(), rows[unit.index as usize]);
        }
    }
    let verified = block_on(service.verify(&caller, brand(1), batch)).unwrap();
    assert!(verified.is_ok() && verified.units == 100_000);
}

#[test]
fn preflight_tells_reasons_and_rows_together() {
    let (_, service, caller) = world();
    submit(&service, own(serials(1, 1), &["S1"])).unwrap();
    let request = MintRequest {
        product_batch_id: Some(production(3)),
        ..own(serials(1, 2), &["S0", "S1"])
    };
    let answer = block_on(service.preflight(&caller, request)).unwrap();
    let PreflightAnswer::PreflightBlocked {
        blocking_reasons,
        rows,
    } = answer
    else {
        panic!("{answer:?}");
    };
    assert_eq!(blocking_reasons[0].code, BlockingCode::ProductBatchNotReady);
    assert_eq!(
        (rows.len(), rows[0].row, rows[0].serial.as_str()),
        (1, 2, "S1")
    );
}

#[test]
fn a_product_without_serials_left_is_blocked_for_that_too() {
    let (_, service, _) = world();
    let request = MintRequest {
        serial_scheme: Some(
            serde_json::from_value(json!({"scheme": "sequential", "prefix": "SN-", "digits": 1}))
                .unwrap(),
        ),
        product_batch_id: Some(production(3)),
        ..serials(1, 10)
    };
    let answer = submit(&service, request).unwrap();
    let expected = [
        BlockingCode::ProductBatchNotReady,
        BlockingCode::SerialsNotAvailable,
    ];
    assert_eq!(reasons(&answer), expected);
}
