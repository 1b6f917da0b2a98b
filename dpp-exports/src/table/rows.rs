//! The lines of a table.

use std::io::{self, Write};

use csv::{Writer, WriterBuilder};

use super::cells::Cells;
use super::dialect::FormulaGuard;
use super::layout::TableLayout;
use crate::pack::{PackError, PackUnits};

const BUFFER: usize = 32 * 1024;

pub(super) fn write<W: Write>(
    layout: &TableLayout,
    pack: &PackUnits,
    out: W,
) -> Result<(), PackError> {
    let mut lines = Lines::of(layout, out);
    for headed in layout.columns() {
        lines.cell(headed.header.as_bytes())?;
    }
    lines.end()?;
    let mut cells = Cells::of(layout, pack)?;
    let mut units = pack.units();
    while let Some(run) = units.next_run() {
        for unit in run {
            pack.check(unit)?;
            cells.write(unit, &mut lines)?;
            lines.end()?;
        }
    }
    lines.flush()
}

/// Lines that are written cell by cell.
pub(super) struct Lines<W: Write> {
    csv: Writer<W>,
    guard: FormulaGuard,
    guarded: Vec<u8>,
}

impl<W: Write> Lines<W> {
    fn of(layout: &TableLayout, out: W) -> Self {
        Self {
            csv: WriterBuilder::new()
                .delimiter(layout.delimiter.byte())
                .terminator(layout.line_ending.terminator())
                .buffer_capacity(BUFFER)
                .from_writer(out),
            guard: layout.guard,
            guarded: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn cell(&mut self, cell: &[u8]) -> Result<(), PackError> {
        if self.guard.holds(cell) {
            return self.guarded_cell(cell);
        }
        self.csv.write_field(cell).map_err(cause)
    }

    fn guarded_cell(&mut self, cell: &[u8]) -> Result<(), PackError> {
        self.guarded.clear();
        self.guarded.push(b'\'');
        self.guarded.extend_from_slice(cell);
        self.csv.write_field(&self.guarded).map_err(cause)
    }

    fn end(&mut self) -> Result<(), PackError> {
        self.csv.write_record(None::<&[u8]>).map_err(cause)
    }

    fn flush(&mut self) -> Result<(), PackError> {
        Ok(self.csv.flush()?)
    }
}

/// The writer's own error, with its kind.
fn cause(error: csv::Error) -> PackError {
    PackError::Io(match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    })
}
