//! Requests that cannot be: each problem names the field and the value, and all are told.

use crate::support::*;
use dpp_core::TextRows;
use dpp_core::identity::serial::SerialScheme;
use dpp_core::mint::{
    IdempotencyKey, InvalidRequest, LotRequest, MintRequest, OrderedSerials, RowReason,
};

fn refused(request: MintRequest) -> InvalidRequest {
    request.check().unwrap_err()
}

/// The fields and values of all problems, of which each has a reason.
fn told(invalid: &InvalidRequest) -> Vec<(&str, &str)> {
    assert!(
        invalid
            .problems
            .iter()
            .all(|problem| !problem.reason.is_empty())
    );
    let problems = invalid.problems.iter();
    problems
        .map(|problem| (problem.field.as_str(), problem.value.as_str()))
        .collect()
}

fn with_serials(quantity: u64, rows: &[&str]) -> MintRequest {
    MintRequest {
        serials: Some(rows.iter().copied().collect()),
        ..request(quantity)
    }
}

fn with_key(key: &str) -> MintRequest {
    MintRequest {
        idempotency_key: Some(key.to_owned()),
        ..request(1)
    }
}

#[test]
fn a_request_has_1_to_1_000_000_units() {
    for (quantity, value) in [
        (0, "0"),
        (1_000_001, "1000001"),
        (u64::MAX, "18446744073709551615"),
        ((1 << 32) + 1, "4294967297"),
    ] {
        let invalid = refused(request(quantity));
        assert_eq!(told(&invalid), [("requested_quantity", value)]);
        let text = format!("requested_quantity `{value}`: a request has 1 to 1000000 units");
        assert_eq!(invalid.to_string(), text);
    }
    assert_eq!(order(request(1)).quantity(), 1);
    assert_eq!(order(request(1_000_000)).quantity(), 1_000_000);
}

#[test]
fn serial_mode_has_no_lots() {
    let lots = lot_request(&[("L", 1)]).lots;
    let invalid = refused(MintRequest { lots, ..request(1) });
    assert_eq!(told(&invalid), [("lots", "1 lots")]);
}

#[test]
fn lot_mode_has_1_to_100_lots() {
    let codes: Vec<_> = (0..101).map(|n| format!("L{n}")).collect();
    let lots: Vec<_> = codes.iter().map(|code| (code.as_str(), 2)).collect();
    assert_eq!(told(&refused(lot_request(&lots))), [("lots", "101 lots")]);
    assert_eq!(
        order(lot_request(&lots[..100])).lots().as_slice().len(),
        100
    );
    let none = MintRequest {
        requested_quantity: 5,
        ..lot_request(&[])
    };
    assert_eq!(told(&refused(none)), [("lots", "0 lots")]);
}

#[test]
fn the_quantities_of_the_lots_sum_up_to_the_requested_one() {
    for quantity in [4, 6] {
        let invalid = refused(MintRequest {
            requested_quantity: quantity,
            ..lot_request(&[("A", 2), ("B", 3)])
        });
        assert_eq!(told(&invalid), [("lots", "5")]);
        assert!(invalid.problems[0].reason.contains(&quantity.to_string()));
    }
    let huge = MintRequest {
        requested_quantity: 10,
        ..lot_request(&[("A", u64::MAX), ("B", 11)])
    };
    assert_eq!(
        told(&refused(huge)),
        [
            ("lots", "18446744073709551615"),
            ("lots[0].qty", "18446744073709551615")
        ]
    );
}

#[test]
fn every_wrong_lot_is_told_with_its_number() {
    let invalid = refused(lot_request(&[
        ("A", 1),
        ("B C", 1),
        ("A", 1),
        ("", 1),
        ("D", 0),
        (".", 1),
        ("..", 1),
        ("ABCDEFGHIJKLMNOPQRSTU", 1),
        ("ü", 1_000_001),
        ("A", 1),
        ("...", 1),
    ]));
    let expected = [
        ("requested_quantity", "1000010"),
        ("lots[1].lot_code", "B C"),
        ("lots[2].lot_code", "A"),
        ("lots[3].lot_code", ""),
        ("lots[4].qty", "0"),
        ("lots[5].lot_code", "."),
        ("lots[6].lot_code", ".."),
        ("lots[7].lot_code", "ABCDEFGHIJKLMNOPQRSTU"),
        ("lots[8].lot_code", "ü"),
        ("lots[8].qty", "1000001"),
        ("lots[9].lot_code", "A"),
    ];
    assert_eq!(told(&invalid), expected);
    assert_eq!(invalid.problems[2].reason, "lots[0] has it already");
    assert!(invalid.problems[1].reason.contains("` ` at byte 1"));
}

#[test]
fn lot_mode_has_neither_serials_nor_a_scheme_of_them() {
    let invalid = refused(MintRequest {
        serials: Some(["1"].into_iter().collect()),
        serial_scheme: Some(SerialScheme::Numeric38),
        ..lot_request(&[("L", 1)])
    });
    let expected = [
        ("serial_scheme", r#"{"scheme":"numeric38"}"#),
        ("serials", "1 serials"),
    ];
    assert_eq!(told(&invalid), expected);
}

#[test]
fn a_request_brings_exactly_as_many_serials_as_units() {
    let few = refused(with_serials(3, &["A", "B"]));
    assert_eq!(told(&few), [("serials", "2 serials")]);
    assert!(few.problems[0].reason.contains("too few"));
    let many = refused(with_serials(1, &["A", "B"]));
    assert!(many.problems[0].reason.contains("too many"));
    assert!(
        refused(with_serials(1, &[])).problems[0]
            .reason
            .contains("too few")
    );
}

#[test]
fn the_scheme_provided_and_the_list_of_serials_go_together() {
    let provided = Some(SerialScheme::Provided);
    let invalid = refused(MintRequest {
        serial_scheme: provided.clone(),
        ..request(1)
    });
    assert_eq!(
        told(&invalid),
        [("serial_scheme", r#"{"scheme":"provided"}"#)]
    );
    let invalid = refused(MintRequest {
        serial_scheme: Some(SerialScheme::Numeric38),
        ..with_serials(1, &["A"])
    });
    assert_eq!(
        told(&invalid),
        [("serial_scheme", r#"{"scheme":"numeric38"}"#)]
    );
    for scheme in [None, provided] {
        let order = order(MintRequest {
            serial_scheme: scheme,
            ..with_serials(1, &["A"])
        });
        assert_eq!(order.scheme(), Some(SerialScheme::Provided));
        let rows: TextRows = ["A"].into_iter().collect();
        assert_eq!(*order.serials(), OrderedSerials::Provided(rows));
    }
}

#[test]
fn every_wrong_row_is_told_with_its_number_from_1_and_the_reason() {
    let rows = [
        "A",
        "B C",
        "A",
        "",
        ".",
        "..",
        "ABCDEFGHIJKLMNOPQRSTU",
        "a",
        "...",
        "B C",
    ];
    let invalid = refused(with_serials(10, &rows));
    assert_eq!(invalid.problems, []);
    let told: Vec<_> = invalid
        .rows
        .iter()
        .map(|error| (error.row, error.serial.as_str()))
        .collect();
    let expected = [
        (2, "B C"),
        (3, "A"),
        (4, ""),
        (5, "."),
        (6, ".."),
        (7, "ABCDEFGHIJKLMNOPQRSTU"),
        (10, "B C"),
    ];
    assert_eq!(told, expected);
    let reason = |at: usize| &invalid.rows[at].reason;
    assert!(matches!(reason(0), RowReason::NotASerial { message } if message.contains("byte 1")));
    assert_eq!(*reason(1), RowReason::Repeated { first_row: 1 });
    assert_eq!(
        (reason(3), reason(4)),
        (&RowReason::PathStep, &RowReason::PathStep)
    );
    let json = serde_json::to_value(&invalid.rows[3]).unwrap();
    let expected = serde_json::json!({"row": 5, "serial": ".", "reason": {"code": "PATH_STEP"}});
    assert_eq!(json, expected);
    assert_eq!(
        invalid.rows[1].to_string(),
        "serials row 3 `A`: it stands in row 1 already"
    );
}

#[test]
fn a_million_rows_are_checked_to_the_last() {
    let mut rows = TextRows::with_capacity(1_000_000, 8_000_000);
    for row in 1..=1_000_000_u32 {
        match row {
            999_999 => rows.push("S7"),
            1_000_000 => rows.push("S 1"),
            _ => rows.push(&format!("S{row}")),
        }
    }
    let invalid = refused(MintRequest {
        serials: Some(rows),
        ..request(1_000_000)
    });
    let told: Vec<_> = invalid.rows.iter().map(|error| error.row).collect();
    assert_eq!(told, [999_999, 1_000_000]);
    assert_eq!(invalid.rows[0].reason, RowReason::Repeated { first_row: 7 });
}

#[test]
fn rows_beyond_a_million_are_refused_without_a_look_at_each() {
    let rows = std::iter::repeat_n("a bad row", 1_000_001).collect();
    let invalid = refused(MintRequest {
        serials: Some(rows),
        ..request(1_000_001)
    });
    assert_eq!(told(&invalid), [("requested_quantity", "1000001")]);
    assert_eq!(invalid.rows, []);
}

#[test]
fn an_idempotency_key_has_1_to_255_visible_ascii_characters() {
    for key in [
        "",
        "a b",
        "tab\t",
        "ü",
        "\u{7f}",
        &"k".repeat(256),
        &"ü".repeat(200),
    ] {
        let invalid = refused(with_key(key));
        let shown: String = key.chars().take(64).collect();
        assert_eq!(
            told(&invalid),
            [("idempotency_key", shown.as_str())],
            "{key}"
        );
    }
    assert!(
        refused(with_key(&"k".repeat(256))).problems[0]
            .reason
            .contains("256")
    );
    assert!(
        refused(with_key(&"ü".repeat(200))).problems[0]
            .reason
            .contains("'ü'")
    );
    for key in ["k", "!~", &"k".repeat(255)] {
        let order = order(with_key(key));
        assert_eq!(
            order.idempotency_key().map(IdempotencyKey::as_str),
            Some(key)
        );
    }
}

#[test]
fn every_problem_is_told_at_once() {
    let invalid = refused(MintRequest {
        requested_quantity: 0,
        idempotency_key: Some(String::new()),
        lots: vec![LotRequest {
            lot_code: "L".to_owned(),
            qty: 1,
        }],
        serial_scheme: Some(SerialScheme::Numeric38),
        ..with_serials(0, &["A", "A", "B C"])
    });
    let fields: Vec<_> = told(&invalid).into_iter().map(|(field, _)| field).collect();
    let expected = [
        "requested_quantity",
        "idempotency_key",
        "lots",
        "serial_scheme",
        "serials",
    ];
    assert_eq!(fields, expected);
    assert_eq!(invalid.rows.len(), 2);
    assert!(invalid.to_string().ends_with("; and 2 more"), "{invalid}");
}

#[test]
fn an_unknown_field_in_json_is_refused() {
    let mut json = serde_json::to_value(request(1)).unwrap();
    assert!(serde_json::from_value::<MintRequest>(json.clone()).is_ok());
    json["serial_schema"] = "numeric38".into();
    let error = serde_json::from_value::<MintRequest>(json).unwrap_err();
    assert!(error.to_string().contains("serial_schema"), "{error}");
}

/// It is kept under the idempotency key, and compared by later releases: it must not change.
#[test]
fn the_digest_of_a_request_never_changes() {
    let hex = |request: MintRequest| {
        let bytes = *order(request).digest().as_bytes();
        bytes.map(|byte| format!("{byte:02x}")).concat()
    };
    assert_eq!(hex(request(100)), "148a35fb7806b3a2204b5738ff617b2b");
    assert_eq!(
        hex(with_serials(2, &["A", "B"])),
        "b3a0eb747abfb7b8606952580ae353f6"
    );
    assert_eq!(
        hex(lot_request(&[("L-1", 30), ("L-2", 70)])),
        "deebab6066548b017b6321c58a5b38f6"
    );
}

#[test]
fn requests_have_the_same_digest_only_if_they_ask_for_the_same() {
    let base = || with_serials(3, &["A", "BC", "D"]);
    let digest = |request: MintRequest| order(request).digest();
    assert_eq!(digest(with_key("k")), digest(request(1)));
    let explicit = MintRequest {
        serial_scheme: Some(SerialScheme::default()),
        ..request(1)
    };
    assert_eq!(digest(explicit), digest(request(1)));
    let others = [
        with_serials(3, &["AB", "C", "D"]),
        with_serials(3, &["BC", "A", "D"]),
        with_serials(2, &["A", "BC"]),
        request(3),
        MintRequest {
            product_batch_id: Some(production_id()),
            ..base()
        },
        MintRequest {
            activation_mode: dpp_core::mint::ActivationMode::ActiveAtMint,
            ..base()
        },
        MintRequest {
            product_id: "a0000000-0000-4000-8000-000000000002".parse().unwrap(),
            ..base()
        },
    ];
    for other in others {
        assert_ne!(digest(other.clone()), digest(base()), "{other:?}");
    }
    let lots = |lots: &[(&str, u64)]| digest(lot_request(lots));
    assert_ne!(lots(&[("A", 1), ("B", 2)]), lots(&[("A", 2), ("B", 1)]));
}
