//! The schema of a brand's passports.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The fields of one passport, by name.
pub type Fields = Map<String, Value>;

/// Which fields the passports of a brand have. The empty schema asks for nothing.
///
/// ```
/// use dpp_core::passport::Schema;
///
/// let schema: Schema = serde_json::from_str(
///     r#"{"gtin_required": true,
///         "fields": [{"name": "material", "type": "text", "required": true,
///                     "allowed": ["cotton", "wool"]}]}"#,
/// )?;
/// assert_eq!(schema.fields()[0].name, "material");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawSchema", into = "RawSchema")]
pub struct Schema {
    gtin_required: bool,
    fields: Vec<Field>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSchema {
    #[serde(default)]
    gtin_required: bool,
    #[serde(default)]
    fields: Vec<Field>,
}

/// One field of a schema.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What its value must be.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// Whether a product without it cannot be minted.
    #[serde(default)]
    pub required: bool,
    /// The values that it may take; any of its type if there is none. For a list these are
    /// the values of its entries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<Value>,
}

/// What the value of a field must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Text with something in it besides white space.
    Text,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// A day, as `2027-02-18`.
    Date,
    /// At least one text.
    TextList,
    /// A structure with at least one entry.
    Object,
}

/// Why a schema cannot be. Correct the field that it names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// A field has no name.
    #[error("field {number} of the schema has no name")]
    NoName {
        /// Which one, from 1.
        number: usize,
    },
    /// Two fields have the same name.
    #[error("the schema has field `{name}` twice")]
    NameTwice {
        /// The name.
        name: String,
    },
    /// A value that is allowed is not of the field's type.
    #[error("field `{name}` allows `{value}`, which is not {expected}")]
    AllowedOfOtherType {
        /// The field's name.
        name: String,
        /// The value.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
}

impl Schema {
    /// A schema with these fields, which asks for no GTIN.
    ///
    /// # Errors
    /// [`SchemaError`] when a name is missing or comes twice, or an allowed value does not
    /// fit its field.
    pub fn new(fields: Vec<Field>) -> Result<Self, SchemaError> {
        let mut names = std::collections::HashSet::new();
        for (field, number) in fields.iter().zip(1..) {
            if field.name.trim().is_empty() {
                return Err(SchemaError::NoName { number });
            }
            if !names.insert(field.name.as_str()) {
                let name = field.name.clone();
                return Err(SchemaError::NameTwice { name });
            }
            check_allowed(field)?;
        }
        Ok(Self {
            gtin_required: false,
            fields,
        })
    }

    /// This schema, which asks for a GTIN as well.
    #[must_use]
    pub fn requiring_gtin(self) -> Self {
        Self {
            gtin_required: true,
            ..self
        }
    }

    /// Whether a product needs a GTIN.
    pub const fn gtin_required(&self) -> bool {
        self.gtin_required
    }

    /// The fields.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }
}

fn check_allowed(field: &Field) -> Result<(), SchemaError> {
    let entry = field.field_type.entry();
    let wrong = field.allowed.iter().find(|value| !entry.fits(value));
    wrong.map_or(Ok(()), |value| {
        Err(SchemaError::AllowedOfOtherType {
            name: field.name.clone(),
            value: value.to_string(),
            expected: entry.expectation(),
        })
    })
}

impl FieldType {
    /// What a single value is: of a list, an entry.
    pub(super) const fn entry(self) -> Self {
        match self {
            Self::TextList => Self::Text,
            other => other,
        }
    }

    /// What a value must be, in words.
    pub const fn expectation(self) -> &'static str {
        match self {
            Self::Text => "a text that is not blank",
            Self::Number => "a number",
            Self::Integer => "a whole number",
            Self::Boolean => "true or false",
            Self::Date => "a day such as 2027-02-18",
            Self::TextList => "a list of texts that are not blank",
            Self::Object => "a structure with entries",
        }
    }

    /// Whether the value is of this type.
    pub fn fits(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Text, Value::String(text)) => !text.trim().is_empty(),
            (Self::Number, Value::Number(_)) | (Self::Boolean, Value::Bool(_)) => true,
            (Self::Integer, Value::Number(number)) => is_whole(number),
            (Self::Date, Value::String(text)) => is_day(text),
            (Self::TextList, Value::Array(entries)) => {
                !entries.is_empty() && entries.iter().all(|entry| Self::Text.fits(entry))
            }
            (Self::Object, Value::Object(entries)) => !entries.is_empty(),
            _ => false,
        }
    }
}

fn is_whole(number: &serde_json::Number) -> bool {
    number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|f| f.fract() == 0.0)
}

fn is_day(text: &str) -> bool {
    // The calendar's parser takes signs, spaces and single digits as well.
    let in_form = text.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    text.len() == 10 && in_form && chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
}

impl TryFrom<RawSchema> for Schema {
    type Error = SchemaError;

    fn try_from(raw: RawSchema) -> Result<Self, SchemaError> {
        let schema = Self::new(raw.fields)?;
        Ok(match raw.gtin_required {
            true => schema.requiring_gtin(),
            false => schema,
        })
    }
}

impl From<Schema> for RawSchema {
    fn from(schema: Schema) -> Self {
        Self {
            gtin_required: schema.gtin_required,
            fields: schema.fields,
        }
    }
}
