//! Whether a product's passport has what its brand's schema asks for.

use serde_json::Value;

use super::schema::{Field, Fields, Schema};

/// What is wrong with one field of a passport. Correct the product.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldProblem {
    /// A required field is missing, null or blank.
    #[error("required field `{field}` is missing")]
    Missing {
        /// The field's name.
        field: String,
    },
    /// The value is not of the field's type.
    #[error("field `{field}` has `{value}`, which is not {expected}")]
    WrongType {
        /// The field's name.
        field: String,
        /// The value, as JSON.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
    /// The value is not among those that the schema allows.
    #[error("field `{field}` has `{value}`, which is not among the values allowed: {allowed}")]
    NotAllowed {
        /// The field's name.
        field: String,
        /// The value, as JSON.
        value: String,
        /// The values that are, as JSON.
        allowed: String,
    },
}

impl FieldProblem {
    /// The field's name.
    pub fn field(&self) -> &str {
        match self {
            Self::Missing { field }
            | Self::WrongType { field, .. }
            | Self::NotAllowed { field, .. } => field,
        }
    }
}

impl Schema {
    /// Everything that is wrong with these fields, in the schema's order. A product is ready
    /// to mint when there is nothing. A field that is not required may be missing, but not
    /// wrong; fields that the schema does not name are not looked at.
    pub fn problems(&self, fields: &Fields) -> Vec<FieldProblem> {
        let each = self.fields().iter();
        each.filter_map(|field| problem(field, fields.get(&field.name)))
            .collect()
    }
}

fn problem(field: &Field, value: Option<&Value>) -> Option<FieldProblem> {
    let name = field.name.clone();
    let Some(value) = value.filter(|value| !is_blank(value)) else {
        return field
            .required
            .then_some(FieldProblem::Missing { field: name });
    };
    if !field.field_type.fits(value) {
        return Some(FieldProblem::WrongType {
            field: name,
            value: value.to_string(),
            expected: field.field_type.expectation(),
        });
    }
    let wrong = forbidden(field, value)?;
    Some(FieldProblem::NotAllowed {
        field: name,
        value: wrong.to_string(),
        allowed: Value::Array(field.allowed.clone()).to_string(),
    })
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(entries) => entries.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

fn forbidden<'a>(field: &Field, value: &'a Value) -> Option<&'a Value> {
    let allowed = |value: &&Value| {
        let mut values = field.allowed.iter();
        field.allowed.is_empty() || values.any(|known| is_same(known, value))
    };
    match value {
        Value::Array(entries) => entries.iter().find(|entry| !allowed(entry)),
        single => Some(single).filter(|single| !allowed(single)),
    }
}

/// `1` and `1.0` are one number: not every program that writes JSON keeps them apart.
fn is_same(one: &Value, other: &Value) -> bool {
    let either_is_float = one.is_f64() || other.is_f64();
    one == other || either_is_float && one.as_f64() == other.as_f64() && one.is_number()
}
