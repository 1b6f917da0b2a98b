//! The schema of a brand's passports, and whether a product's is ready.

use dpp_core::passport::{Brand, Field, FieldProblem, FieldType, Product, Schema, SchemaError};
use serde_json::{Value, json};

fn schema(fields: Value) -> Schema {
    serde_json::from_value(json!({ "fields": fields })).unwrap()
}

fn problems(schema: &Schema, fields: Value) -> Vec<FieldProblem> {
    schema.problems(fields.as_object().unwrap())
}

fn one(field_type: &str, required: bool) -> Schema {
    schema(json!([{"name": "f", "type": field_type, "required": required}]))
}

const TYPES: [&str; 7] = [
    "text",
    "number",
    "integer",
    "boolean",
    "date",
    "text_list",
    "object",
];

fn fits(field_type: &str, value: Value) -> bool {
    match problems(&one(field_type, true), json!({ "f": value })).as_slice() {
        [] => true,
        [FieldProblem::WrongType { field, .. } | FieldProblem::Missing { field }] => {
            assert_eq!(field, "f");
            false
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_type_takes_its_own_values_and_no_others() {
    let values = [
        ("text", json!("cotton")),
        ("number", json!(1.5)),
        ("number", json!(-7)),
        ("integer", json!(3)),
        ("integer", json!(18_446_744_073_709_551_615_u64)),
        ("integer", json!(3.0)),
        ("boolean", json!(false)),
        ("date", json!("2027-02-18")),
        ("text_list", json!(["a", "b"])),
        ("object", json!({"cotton": 80})),
    ];
    let also = |field_type: &str, own: &str| {
        matches!((field_type, own), ("number", "integer") | ("text", "date"))
    };
    for (own, value) in values {
        for field_type in TYPES {
            let expected = field_type == own
                || also(field_type, own)
                || (field_type == "integer" && value == json!(-7));
            assert_eq!(
                fits(field_type, value.clone()),
                expected,
                "{field_type} {value}"
            );
        }
    }
}

#[test]
fn a_date_is_a_day_of_the_calendar_in_ten_characters() {
    for day in ["2027-02-18", "2028-02-29", "0001-01-01", "9999-12-31"] {
        assert!(fits("date", json!(day)), "{day}");
    }
    for text in [
        "2027-02-29",
        "2027-13-01",
        "2027-00-10",
        "18.02.2027",
        "2027-2-18",
        "+2027-2-18",
        " 2027-2-18",
        "2027- 2-18",
        "2027-02-18T00:00:00Z",
        "2027/02/18",
        "２０２７-0",
    ] {
        assert!(!fits("date", json!(text)), "{text}");
    }
}

#[test]
fn a_list_has_only_texts_that_are_not_blank() {
    assert!(fits("text_list", json!(["a"])));
    for list in [
        json!(["a", " "]),
        json!(["a", 1]),
        json!([null]),
        json!([["a"]]),
    ] {
        assert!(!fits("text_list", list.clone()), "{list}");
    }
}

#[test]
fn a_required_field_that_is_missing_null_or_blank_is_told_as_missing() {
    let missing = vec![FieldProblem::Missing {
        field: "f".to_owned(),
    }];
    for field_type in TYPES {
        let schema = one(field_type, true);
        assert_eq!(problems(&schema, json!({})), missing);
        for blank in [json!(null), json!(""), json!(" \t\n"), json!([]), json!({})] {
            assert_eq!(
                problems(&schema, json!({ "f": blank })),
                missing,
                "{field_type}"
            );
        }
    }
}

#[test]
fn a_field_that_is_not_required_may_be_missing_but_not_wrong() {
    for field_type in TYPES {
        let schema = one(field_type, false);
        for blank in [json!(null), json!(""), json!([]), json!({})] {
            assert_eq!(problems(&schema, json!({ "f": blank })), []);
        }
        assert_eq!(problems(&schema, json!({})), []);
    }
    let wrong = problems(&one("number", false), json!({"f": "many"}));
    let expected = FieldProblem::WrongType {
        field: "f".to_owned(),
        value: "\"many\"".to_owned(),
        expected: "a number",
    };
    assert_eq!(wrong, [expected]);
    assert_eq!(
        wrong[0].to_string(),
        "field `f` has `\"many\"`, which is not a number"
    );
}

#[test]
fn zero_and_false_are_values() {
    assert!(fits("number", json!(0)));
    assert!(fits("boolean", json!(false)));
}

#[test]
fn only_allowed_values_pass() {
    let schema = schema(json!([
        {"name": "material", "type": "text", "allowed": ["cotton", "wool"]},
        {"name": "size", "type": "integer", "allowed": [1, 2]},
        {"name": "share", "type": "number", "allowed": [0.5, 1]},
        {"name": "care", "type": "text_list", "allowed": ["wash", "iron"]},
    ]));
    for right in [
        json!({"material": "wool", "size": 2, "share": 0.5, "care": ["iron", "wash"]}),
        json!({"size": 1.0, "share": 1.0}),
        json!({"share": 1}),
        json!({}),
    ] {
        assert_eq!(problems(&schema, right.clone()), [], "{right}");
    }
    let wrong = json!({"material": "Wool", "size": 3, "share": 0.50001, "care": ["wash", "burn"]});
    let told: Vec<_> = problems(&schema, wrong)
        .into_iter()
        .map(|problem| match problem {
            FieldProblem::NotAllowed { field, value, .. } => (field, value),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [
        ("material", "\"Wool\""),
        ("size", "3"),
        ("share", "0.50001"),
        ("care", "\"burn\""),
    ];
    assert_eq!(
        told,
        expected.map(|(field, value)| (field.to_owned(), value.to_owned()))
    );
}

#[test]
fn problems_stand_in_the_order_of_the_schema_and_other_fields_are_not_looked_at() {
    let schema = schema(json!([
        {"name": "z", "type": "text", "required": true},
        {"name": "a", "type": "text", "required": true},
    ]));
    let told = problems(&schema, json!({"unknown": {"whatever": [1]}}));
    let fields: Vec<_> = told.iter().map(FieldProblem::field).collect();
    assert_eq!(fields, ["z", "a"]);
    assert_eq!(Schema::default().problems(&Default::default()), []);
}

fn field(name: &str, allowed: Vec<Value>) -> Field {
    Field {
        name: name.to_owned(),
        field_type: FieldType::TextList,
        required: false,
        allowed,
    }
}

#[test]
fn a_schema_with_a_field_that_cannot_be_is_refused() {
    let named = |name| field(name, Vec::new());
    for blank in ["", " "] {
        let refused = Schema::new(vec![named("a"), named(blank)]);
        assert_eq!(refused, Err(SchemaError::NoName { number: 2 }));
    }
    let name = "a".to_owned();
    let twice = Schema::new(vec![named("a"), named("b"), named("a")]);
    assert_eq!(twice, Err(SchemaError::NameTwice { name: name.clone() }));
    let other_type = SchemaError::AllowedOfOtherType {
        name,
        value: "1".to_owned(),
        expected: FieldType::Text.expectation(),
    };
    assert_eq!(
        Schema::new(vec![field("a", vec![json!("x"), json!(1)])]),
        Err(other_type)
    );
}

#[test]
fn a_schema_in_json_is_checked_as_one_in_code() {
    for json in [
        json!({"fields": [{"name": "", "type": "text"}]}),
        json!({"fields": [{"name": "a", "type": "text"}, {"name": "a", "type": "text"}]}),
        json!({"fields": [{"name": "a", "type": "date", "allowed": ["soon"]}]}),
        json!({"fields": [{"name": "a", "type": "colour"}]}),
        json!({"fields": [{"name": "a", "type": "text", "requird": true}]}),
        json!({"gtin": true}),
    ] {
        assert!(
            serde_json::from_value::<Schema>(json.clone()).is_err(),
            "{json}"
        );
    }
    let whole = json!({"gtin_required": true, "fields": [
        {"name": "a", "type": "text_list", "required": true, "allowed": ["x"]},
    ]});
    let schema: Schema = serde_json::from_value(whole.clone()).unwrap();
    let in_code = Schema::new(schema.fields().to_vec()).unwrap();
    assert!(!in_code.gtin_required());
    assert_eq!(in_code.requiring_gtin(), schema);
    assert_eq!(serde_json::to_value(schema).unwrap(), whole);
}

#[test]
fn a_catalogue_in_json_is_checked_while_it_is_read() {
    let brand = json!({
        "id": "b0000000-0000-4000-8000-000000000001",
        "name": "Brand",
        "resolver": "https://id.example.com/dpp",
    });
    let brand: Brand = serde_json::from_value(brand).unwrap();
    assert_eq!(brand.schema, Schema::default());
    let mut product = json!({
        "id": "a0000000-0000-4000-8000-000000000001",
        "brand_id": "b0000000-0000-4000-8000-000000000001",
        "sku": "S",
        "name": "P",
        "gtin": "9506000134352",
        "commercial_status": "active",
    });
    let read: Product = serde_json::from_value(product.clone()).unwrap();
    assert_eq!(read.gtin.unwrap().as_str(), "09506000134352");
    product["gtin"] = json!("9506000134353");
    let error = serde_json::from_value::<Product>(product)
        .unwrap_err()
        .to_string();
    assert!(error.contains("9506000134353"), "{error}");
}
