//! The rows of one pack.

use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};
use dpp_core::Timestamp;
use dpp_core::identity::{Unit, Units};
use dpp_core::mint::IdentityMode;
use dpp_core::read::BatchUnits;

use crate::error::ExportError;

/// The names of the columns, in order.
pub const COLUMNS: [&str; 6] = [
    "mint_unit_id",
    "resolver_url",
    "serial",
    "gtin",
    "status",
    "created_at",
];

const BUFFER: usize = 32 * 1024;
const UUID_TEXT: usize = 36;

pub(super) fn write<W: Write>(
    units: &BatchUnits,
    mut rows: Units<'_>,
    out: W,
) -> Result<(), ExportError> {
    let mut csv = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .buffer_capacity(BUFFER)
        .from_writer(out);
    csv.write_record(COLUMNS).map_err(cause)?;
    let mut cells = Cells::of(units);
    while let Some(run) = rows.next_run() {
        for unit in run {
            cells.check_serial(unit)?;
            cells.write(unit, &mut csv).map_err(cause)?;
        }
    }
    csv.flush()?;
    Ok(())
}

/// What the rows of a batch have in common, and room for what they have not.
struct Cells<'a> {
    units: &'a BatchUnits,
    gtin: &'a [u8],
    status: &'static [u8],
    has_serials: bool,
    url: Vec<u8>,
    made: Option<(Timestamp, String)>,
}

impl<'a> Cells<'a> {
    fn of(units: &'a BatchUnits) -> Self {
        let facts = &units.record().batch.facts;
        let gtin = facts.gtin.as_ref().map(|gtin| gtin.as_bytes().as_slice());
        Self {
            units,
            gtin: gtin.unwrap_or_default(),
            status: units.first_status().as_str().as_bytes(),
            has_serials: facts.identity_mode == IdentityMode::Serial,
            url: Vec::new(),
            made: None,
        }
    }

    fn check_serial(&self, unit: &Unit) -> Result<(), ExportError> {
        match unit.serial {
            None if self.has_serials => Err(ExportError::NoSerial {
                batch: self.units.identity().batch(),
                index: unit.index,
            }),
            _ => Ok(()),
        }
    }

    fn write<W: Write>(&mut self, unit: &Unit, csv: &mut Writer<W>) -> csv::Result<()> {
        self.url.clear();
        self.units.urls().write(unit, &mut self.url);
        let mut id = [0; UUID_TEXT];
        csv.write_field(unit.id.as_uuid().as_hyphenated().encode_lower(&mut id))?;
        csv.write_field(&self.url)?;
        let serial = unit.serial.as_ref().map(|serial| serial.as_bytes());
        csv.write_field(serial.unwrap_or_default())?;
        csv.write_field(self.gtin)?;
        csv.write_field(self.status)?;
        csv.write_field(self.made_at(unit.index))?;
        csv.write_record(None::<&[u8]>)
    }

    /// The units of a cycle were made at one moment, so its text is kept.
    fn made_at(&mut self, index: u32) -> &str {
        let Some(at) = self.units.made_at(index) else {
            return "";
        };
        match &mut self.made {
            Some((known, _)) if *known == at => {}
            made => *made = Some((at, at.to_string())),
        }
        self.made.as_ref().map_or("", |(_, text)| text)
    }
}

/// The writer's own error, with its kind.
fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}
