//! The checks before a job is made: every reason at once.

use crate::support::*;
use dpp_core::mint::{
    BlockingCode, BlockingReason, MintRequest, PreflightFacts, Quota, QuotaEvent, QuotaTaken,
    blocking_reasons,
};
use dpp_core::passport::{Brand, CommercialStatus, Product, ProductBatch, ProductBatchStatus};

struct Catalogue {
    brand: Brand,
    product: Option<Product>,
    production: Option<ProductBatch>,
    quota: Quota,
}

impl Catalogue {
    fn ready() -> Self {
        Self {
            brand: brand(),
            product: Some(product()),
            production: Some(production()),
            quota: Quota::default(),
        }
    }

    fn reasons(&self, request: MintRequest) -> Vec<BlockingReason> {
        let facts = PreflightFacts {
            brand: &self.brand,
            product: self.product.as_ref(),
            product_batch: self.production.as_ref(),
            quota: &self.quota,
        };
        blocking_reasons(&order(request), &facts)
    }

    fn codes(&self, request: MintRequest) -> Vec<BlockingCode> {
        let reasons = self.reasons(request);
        reasons.iter().map(|reason| reason.code).collect()
    }
}

fn of_production(quantity: u64) -> MintRequest {
    MintRequest {
        product_batch_id: Some(production_id()),
        ..request(quantity)
    }
}

#[test]
fn a_ready_product_with_a_ready_production_batch_passes() {
    assert_eq!(Catalogue::ready().reasons(of_production(1_000)), []);
}

#[test]
fn a_product_that_the_brand_does_not_have_is_not_found() {
    let catalogue = Catalogue {
        product: None,
        ..Catalogue::ready()
    };
    let reasons = catalogue.reasons(request(1));
    assert_eq!(reasons.len(), 1);
    assert_eq!(reasons[0].code, BlockingCode::ProductNotFound);
    assert!(reasons[0].message.contains(&product_id().to_string()));
}

#[test]
fn what_has_another_id_or_brand_than_was_ordered_is_not_found() {
    let another_brand = "b0000000-0000-4000-8000-000000000009".parse().unwrap();
    let another_product = "a0000000-0000-4000-8000-000000000009".parse().unwrap();
    let another_batch = "e0000000-0000-4000-8000-000000000009".parse().unwrap();
    let products = [
        Product {
            id: another_product,
            ..product()
        },
        Product {
            brand_id: another_brand,
            ..product()
        },
    ];
    for product in products {
        let catalogue = Catalogue {
            product: Some(product),
            ..Catalogue::ready()
        };
        let found = catalogue.codes(of_production(1));
        assert_eq!(found, [BlockingCode::ProductNotFound]);
    }
    let batches = [
        ProductBatch {
            id: another_batch,
            ..production()
        },
        ProductBatch {
            brand_id: another_brand,
            ..production()
        },
    ];
    for batch in batches {
        let catalogue = Catalogue {
            production: Some(batch),
            ..Catalogue::ready()
        };
        let found = catalogue.codes(of_production(1));
        assert_eq!(found, [BlockingCode::ProductBatchNotFound]);
    }
}

#[test]
fn only_an_active_product_passes() {
    for status in [
        CommercialStatus::Draft,
        CommercialStatus::Discontinued,
        CommercialStatus::Archived,
    ] {
        let mut catalogue = Catalogue::ready();
        catalogue.product.as_mut().unwrap().commercial_status = status;
        let reasons = catalogue.reasons(request(1));
        assert_eq!(reasons[0].code, BlockingCode::CommercialStatusNotActive);
        assert!(reasons[0].message.contains(status.as_str()));
    }
}

#[test]
fn each_field_that_is_not_ready_has_an_entry_with_its_name() {
    let mut catalogue = Catalogue::ready();
    catalogue.brand.schema = serde_json::from_value(serde_json::json!({"fields": [
        {"name": "material", "type": "text", "required": true},
        {"name": "weight", "type": "number", "required": true},
        {"name": "origin", "type": "text", "required": true, "allowed": ["PT", "IT"]},
        {"name": "note", "type": "text"},
    ]}))
    .unwrap();
    let fields = &mut catalogue.product.as_mut().unwrap().fields;
    fields.insert("weight".to_owned(), "heavy".into());
    fields.insert("origin".to_owned(), "XX".into());
    let reasons = catalogue.reasons(request(1));
    let told: Vec<_> = reasons
        .iter()
        .map(|reason| (reason.code, reason.field.as_deref()))
        .collect();
    let expected = [
        (BlockingCode::MintReadinessNotReady, None),
        (BlockingCode::MissingRequiredField, Some("material")),
        (BlockingCode::FieldTypeMismatch, Some("weight")),
        (BlockingCode::FieldValueNotAllowed, Some("origin")),
    ];
    assert_eq!(told, expected);
    let json = serde_json::to_value(&reasons[1]).unwrap();
    assert_eq!(json["code"], "MISSING_REQUIRED_FIELD");
    assert_eq!(json["field"], "material");
}

#[test]
fn a_gtin_is_asked_for_only_by_the_schema() {
    let mut catalogue = Catalogue::ready();
    catalogue.product.as_mut().unwrap().gtin = None;
    assert_eq!(catalogue.codes(request(1)), []);
    catalogue.brand.schema = serde_json::from_str(r#"{"gtin_required": true}"#).unwrap();
    assert_eq!(catalogue.codes(request(1)), [BlockingCode::GtinRequired]);
    catalogue.product = Some(product());
    assert_eq!(catalogue.codes(request(1)), []);
}

#[test]
fn a_request_without_a_production_batch_skips_every_check_of_it() {
    let catalogue = Catalogue {
        production: None,
        ..Catalogue::ready()
    };
    assert_eq!(catalogue.codes(request(1_000_000)), []);
    let found = catalogue.codes(of_production(1));
    assert_eq!(found, [BlockingCode::ProductBatchNotFound]);
}

#[test]
fn a_production_batch_that_is_not_ready_or_makes_another_product_blocks() {
    for status in [ProductBatchStatus::Planned, ProductBatchStatus::Closed] {
        let mut catalogue = Catalogue::ready();
        catalogue.production.as_mut().unwrap().status = status;
        let found = catalogue.codes(of_production(1));
        assert_eq!(found, [BlockingCode::ProductBatchNotReady]);
    }
    let mut catalogue = Catalogue::ready();
    let other = "a0000000-0000-4000-8000-000000000002".parse().unwrap();
    catalogue.production.as_mut().unwrap().product_id = other;
    let found = catalogue.codes(of_production(1));
    assert_eq!(found, [BlockingCode::ProductBatchMismatch]);
}

#[test]
fn the_cap_of_a_production_batch_counts_what_other_jobs_have_taken() {
    let mut catalogue = Catalogue::ready();
    catalogue.quota = Quota::default().evolve(&QuotaEvent::Taken(QuotaTaken {
        mint_batch_id: batch_id(),
        quantity: 900,
    }));
    assert_eq!(catalogue.codes(of_production(100)), []);
    let reasons = catalogue.reasons(of_production(101));
    assert_eq!(reasons[0].code, BlockingCode::ProductBatchQuantityExceeded);
    for number in ["101", "100", "1000"] {
        assert!(
            reasons[0].message.contains(number),
            "{}",
            reasons[0].message
        );
    }
}

#[test]
fn every_reason_is_told_at_once() {
    let mut catalogue = Catalogue::ready();
    catalogue.brand.schema = serde_json::from_value(serde_json::json!({
        "gtin_required": true,
        "fields": [{"name": "material", "type": "text", "required": true}],
    }))
    .unwrap();
    let product = catalogue.product.as_mut().unwrap();
    product.commercial_status = CommercialStatus::Draft;
    product.gtin = None;
    let production = catalogue.production.as_mut().unwrap();
    production.status = ProductBatchStatus::Closed;
    production.product_id = "a0000000-0000-4000-8000-000000000002".parse().unwrap();
    let expected = [
        BlockingCode::CommercialStatusNotActive,
        BlockingCode::MintReadinessNotReady,
        BlockingCode::MissingRequiredField,
        BlockingCode::GtinRequired,
        BlockingCode::ProductBatchMismatch,
        BlockingCode::ProductBatchNotReady,
        BlockingCode::ProductBatchQuantityExceeded,
    ];
    assert_eq!(catalogue.codes(of_production(1_001)), expected);
    let missing = Catalogue {
        product: None,
        production: None,
        ..Catalogue::ready()
    };
    let expected = [
        BlockingCode::ProductNotFound,
        BlockingCode::ProductBatchNotFound,
    ];
    assert_eq!(missing.codes(of_production(1)), expected);
}
