//! What can be wrong with a request.

use std::fmt;

use serde::Serialize;

use crate::gs1::Cset82Error;
use crate::identity::MintBatchId;

/// A request that cannot be: everything that is wrong with it, field by field and row by
/// row. Correct it and send it again; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvalidRequest {
    /// What is wrong with its fields.
    pub problems: Vec<Problem>,
    /// What is wrong with the serials that it brings, by row.
    pub rows: Vec<RowError>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The field, as it stands in JSON, for example `lots[3].lot_code`.
    pub field: String,
    /// Its value.
    pub value: String,
    /// What is wrong, and what would be right.
    pub reason: String,
}

/// What is wrong with one provided serial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowError {
    /// Its row, counted from 1.
    pub row: u32,
    /// The serial.
    pub serial: String,
    /// What is wrong with it.
    pub reason: RowReason,
}

/// Why a provided serial cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum RowReason {
    /// It is not a valid AI (21).
    #[error("{message}")]
    NotASerial {
        /// What is wrong with it.
        message: String,
    },
    /// It is `.` or `..`, which is a valid AI (21), but which browsers and proxies take for a
    /// step of a path.
    #[error("browsers and proxies take it for a step of a path, so that no link to it works")]
    PathStep,
    /// It stands in an earlier row.
    #[error("it stands in row {first_row} already")]
    Repeated {
        /// The earlier row, from 1.
        first_row: u32,
    },
    /// Another job of this product has brought it before.
    #[error("batch `{mint_batch_id}` has it already")]
    Taken {
        /// That job's batch.
        mint_batch_id: MintBatchId,
    },
    /// It lies among those that this product's serial pool has generated.
    #[error("it lies among the serials that were generated for this product")]
    Generated,
}

impl RowReason {
    pub(super) fn of(error: &Cset82Error) -> Self {
        Self::NotASerial {
            message: error.to_string(),
        }
    }
}

impl InvalidRequest {
    /// A single problem.
    pub fn one(field: &str, value: impl fmt::Display, reason: impl Into<String>) -> Self {
        Self {
            problems: vec![Problem::new(field, value, reason)],
            rows: Vec::new(),
        }
    }

    /// Problems with rows only.
    pub fn of_rows(rows: Vec<RowError>) -> Self {
        Self {
            problems: Vec::new(),
            rows,
        }
    }
}

impl Problem {
    pub(super) fn new(field: &str, value: impl fmt::Display, reason: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            value: value.to_string(),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`: {}", self.field, self.value, self.reason)
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "serials row {} `{}`: {}",
            self.row, self.serial, self.reason
        )
    }
}

/// The first few in words; the rest is counted.
impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 5;
        let problems = self
            .problems
            .iter()
            .map(|problem| problem as &dyn fmt::Display);
        let rows = self.rows.iter().map(|row| row as &dyn fmt::Display);
        for (problem, number) in problems.chain(rows).take(SHOWN).zip(0..) {
            let separator = if number == 0 { "" } else { "; " };
            write!(f, "{separator}{problem}")?;
        }
        match (self.problems.len() + self.rows.len()).saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl std::error::Error for InvalidRequest {}
