//! Rows as text, cell by cell, so that they can be compared and named.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::report::{Difference, MOST_DIFFERENCES};

/// Which row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) table: &'static str,
    pub(super) batch: Option<Uuid>,
    pub(super) row: String,
}

/// The columns of a row that are not its key.
pub(super) type Cells = Vec<(&'static str, String)>;

/// Some rows.
#[derive(Debug, Default)]
pub(super) struct Lines(BTreeMap<Key, Cells>);

impl Lines {
    pub(super) fn add(
        &mut self,
        table: &'static str,
        batch: impl Into<Option<Uuid>>,
        row: impl Into<String>,
        cells: Cells,
    ) {
        let (batch, row) = (batch.into(), row.into());
        self.0.insert(Key { table, batch, row }, cells);
    }
}

/// What was found to differ.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) differences: Vec<Difference>,
    pub(super) count: u64,
}

impl Found {
    pub(super) fn note(&mut self, difference: Difference) {
        self.count += 1;
        if self.differences.len() < MOST_DIFFERENCES {
            self.differences.push(difference);
        }
    }

    /// Compares rows that are there with those that should be.
    pub(super) fn compare(&mut self, there: Lines, due: Lines) {
        let mut there = there.0;
        for (key, due) in due.0 {
            match there.remove(&key) {
                None => self.note_row(key, Presence::Missing),
                Some(there) => self.compare_cells(&key, there, due),
            }
        }
        for key in there.into_keys() {
            self.note_row(key, Presence::Extra);
        }
    }

    fn compare_cells(&mut self, key: &Key, there: Cells, due: Cells) {
        for ((column, there), (_, due)) in there.into_iter().zip(due) {
            if there != due {
                self.note(Difference {
                    table: key.table,
                    batch: key.batch,
                    row: key.row.clone(),
                    column: Some(column),
                    there: Some(there),
                    due: Some(due),
                });
            }
        }
    }

    /// Notes a row that is missing or too many.
    pub(super) fn note_row(&mut self, key: Key, presence: Presence) {
        let row = || Some("the row".to_owned());
        self.note(Difference {
            table: key.table,
            batch: key.batch,
            row: key.row,
            column: None,
            there: row().filter(|_| presence == Presence::Extra),
            due: row().filter(|_| presence == Presence::Missing),
        });
    }
}

/// How a row is off as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// It should be there.
    Missing,
    /// It should not.
    Extra,
}

/// A cell that may be empty.
pub(super) fn or_null<T: ToString>(cell: Option<T>) -> String {
    cell.map_or_else(|| "null".to_owned(), |cell| cell.to_string())
}
