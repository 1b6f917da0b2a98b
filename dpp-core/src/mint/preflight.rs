//! The checks that a request must pass before a job is made: every reason at once.

use serde::Serialize;

use super::quota::Quota;
use super::request::MintOrder;
use crate::passport::{
    Brand, CommercialStatus, FieldProblem, Product, ProductBatch, ProductBatchStatus,
};

/// What the checks look at: the catalogue as it is now, and how much of the production
/// batch's quantity is taken. A product or production batch that the brand does not have is
/// `None`; one of another id or brand than the order's counts as not found.
#[derive(Debug, Clone, Copy)]
pub struct PreflightFacts<'a> {
    /// The brand.
    pub brand: &'a Brand,
    /// The order's product.
    pub product: Option<&'a Product>,
    /// The order's production batch.
    pub product_batch: Option<&'a ProductBatch>,
    /// What other jobs have taken of the production batch.
    pub quota: &'a Quota,
}

impl<'a> PreflightFacts<'a> {
    fn product_of(&self, order: &MintOrder) -> Option<&'a Product> {
        self.product.filter(|product| {
            product.id == order.product_id() && product.brand_id == order.brand_id()
        })
    }

    fn product_batch_of(&self, order: &MintOrder) -> Option<&'a ProductBatch> {
        self.product_batch.filter(|batch| {
            Some(batch.id) == order.product_batch_id() && batch.brand_id == order.brand_id()
        })
    }
}

/// Why a request is blocked, in words and as a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlockingReason {
    /// The code.
    pub code: BlockingCode,
    /// What is wrong, with the value, and what would be right.
    pub message: String,
    /// The passport field that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// The codes of SPEC section 3.1, and three more: for fields that are there but wrong, and for
/// serials that are used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BlockingCode {
    /// The brand has no such product.
    ProductNotFound,
    /// The product is not on sale.
    CommercialStatusNotActive,
    /// The product's passport is not ready; an entry for each field follows.
    MintReadinessNotReady,
    /// A required field is missing.
    MissingRequiredField,
    /// A field's value is not of its type.
    FieldTypeMismatch,
    /// A field's value is not among those allowed.
    FieldValueNotAllowed,
    /// The brand's schema asks for a GTIN.
    GtinRequired,
    /// The brand has no such production batch.
    ProductBatchNotFound,
    /// The production batch makes another product.
    ProductBatchMismatch,
    /// The production batch is not ready.
    ProductBatchNotReady,
    /// The production batch has not enough units left.
    ProductBatchQuantityExceeded,
    /// The product has not enough serials left of the kind that was asked for.
    SerialsNotAvailable,
}

impl BlockingCode {
    /// The code as it stands on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProductNotFound => "PRODUCT_NOT_FOUND",
            Self::CommercialStatusNotActive => "COMMERCIAL_STATUS_NOT_ACTIVE",
            Self::MintReadinessNotReady => "MINT_READINESS_NOT_READY",
            Self::MissingRequiredField => "MISSING_REQUIRED_FIELD",
            Self::FieldTypeMismatch => "FIELD_TYPE_MISMATCH",
            Self::FieldValueNotAllowed => "FIELD_VALUE_NOT_ALLOWED",
            Self::GtinRequired => "GTIN_REQUIRED",
            Self::ProductBatchNotFound => "PRODUCT_BATCH_NOT_FOUND",
            Self::ProductBatchMismatch => "PRODUCT_BATCH_MISMATCH",
            Self::ProductBatchNotReady => "PRODUCT_BATCH_NOT_READY",
            Self::ProductBatchQuantityExceeded => "PRODUCT_BATCH_QUANTITY_EXCEEDED",
            Self::SerialsNotAvailable => "SERIALS_NOT_AVAILABLE",
        }
    }
}

impl std::fmt::Display for BlockingCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for BlockingCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Every reason why this order cannot be accepted now; none if it can.
pub fn blocking_reasons(order: &MintOrder, facts: &PreflightFacts<'_>) -> Vec<BlockingReason> {
    let mut reasons = product_reasons(order, facts);
    reasons.extend(product_batch_reasons(order, facts));
    reasons
}

fn product_reasons(order: &MintOrder, facts: &PreflightFacts<'_>) -> Vec<BlockingReason> {
    let Some(product) = facts.product_of(order) else {
        let message = format!(
            "product_id `{}` is not a product of this brand",
            order.product_id()
        );
        return vec![reason(BlockingCode::ProductNotFound, message)];
    };
    let mut reasons = Vec::new();
    if product.commercial_status != CommercialStatus::Active {
        let status = product.commercial_status.as_str();
        let message = format!(
            "product `{}` is `{status}`, and must be `active`",
            product.sku
        );
        reasons.push(reason(BlockingCode::CommercialStatusNotActive, message));
    }
    reasons.extend(readiness_reasons(product, facts.brand));
    if facts.brand.schema.gtin_required() && product.gtin.is_none() {
        let message = format!(
            "product `{}` has no GTIN, and the brand's schema asks for one",
            product.sku
        );
        reasons.push(reason(BlockingCode::GtinRequired, message));
    }
    reasons
}

fn readiness_reasons(product: &Product, brand: &Brand) -> Vec<BlockingReason> {
    let problems = brand.schema.problems(&product.fields);
    if problems.is_empty() {
        return Vec::new();
    }
    let message = format!(
        "product `{}` has {} fields to correct",
        product.sku,
        problems.len()
    );
    let whole = reason(BlockingCode::MintReadinessNotReady, message);
    let each = problems.iter().map(|problem| BlockingReason {
        code: match problem {
            FieldProblem::Missing { .. } => BlockingCode::MissingRequiredField,
            FieldProblem::WrongType { .. } => BlockingCode::FieldTypeMismatch,
            FieldProblem::NotAllowed { .. } => BlockingCode::FieldValueNotAllowed,
        },
        message: problem.to_string(),
        field: Some(problem.field().to_owned()),
    });
    std::iter::once(whole).chain(each).collect()
}

fn product_batch_reasons(order: &MintOrder, facts: &PreflightFacts<'_>) -> Vec<BlockingReason> {
    let Some(id) = order.product_batch_id() else {
        return Vec::new();
    };
    let Some(batch) = facts.product_batch_of(order) else {
        let message = format!("product_batch_id `{id}` is not a production batch of this brand");
        return vec![reason(BlockingCode::ProductBatchNotFound, message)];
    };
    let mut reasons = Vec::new();
    if batch.product_id != order.product_id() {
        let message = format!(
            "production batch `{id}` makes product `{}`",
            batch.product_id
        );
        reasons.push(reason(BlockingCode::ProductBatchMismatch, message));
    }
    if batch.status != ProductBatchStatus::Ready {
        let status = batch.status.as_str();
        let message = format!("production batch `{id}` is `{status}`, and must be `ready`");
        reasons.push(reason(BlockingCode::ProductBatchNotReady, message));
    }
    if let Err(exceeded) = facts.quota.check(batch.quantity, order.quantity()) {
        let message = format!("production batch `{id}`: {exceeded}");
        reasons.push(reason(BlockingCode::ProductBatchQuantityExceeded, message));
    }
    reasons
}

pub(crate) const fn reason(code: BlockingCode, message: String) -> BlockingReason {
    BlockingReason {
        code,
        message,
        field: None,
    }
}
