//! The cells of one row.

use std::io::Write;

use dpp_core::Timestamp;
use dpp_core::gs1::{Gtin, LotCode, Serial};
use dpp_core::identity::Unit;

use super::column::Column;
use super::layout::{TableLayout, no_tag, serial_of};
use super::rows::Lines;
use crate::pack::{PackError, PackUnits};
use crate::tags::{SgtinEncoder, ndef, push_hex};

const UUID_TEXT: usize = 36;

/// What the rows of a pack have in common, and room for what they have not.
pub(super) struct Cells<'a> {
    pack: &'a PackUnits,
    sources: Vec<Source>,
    room: Room,
}

impl<'a> Cells<'a> {
    pub(super) fn of(layout: &TableLayout, pack: &'a PackUnits) -> Result<Self, PackError> {
        let encoder = layout.encoder(pack.gtin());
        let first = pack.slice().indexes().start;
        let encoder = encoder.map_err(|cause| no_tag(first, cause))?;
        let columns = layout.columns().iter();
        let sources = columns.map(|headed| Source::of(headed.column, encoder.as_ref(), pack));
        Ok(Self {
            pack,
            sources: sources.collect(),
            room: Room::default(),
        })
    }

    /// Writes one row, without its end.
    pub(super) fn write<W: Write>(
        &mut self,
        unit: &Unit,
        lines: &mut Lines<W>,
    ) -> Result<(), PackError> {
        for source in &self.sources {
            lines.cell(source.cell(unit, self.pack, &mut self.room)?)?;
        }
        Ok(())
    }
}

/// Where the cells of a column come from.
enum Source {
    Fixed(Vec<u8>),
    UnitId,
    Url,
    UpperUrl { base: String },
    Serial,
    Status,
    MadeAt,
    ElementString { gtin: Gtin },
    Sequence,
    Lot,
    Ndef,
    EpcHex(SgtinEncoder),
    EpcUri(SgtinEncoder),
}

impl Source {
    fn of(column: Column, encoder: Option<&SgtinEncoder>, pack: &PackUnits) -> Self {
        let gtin = pack.gtin();
        let of_encoder = |source: fn(SgtinEncoder) -> Self| match encoder {
            Some(encoder) => source(encoder.clone()),
            None => Self::Fixed(Vec::new()),
        };
        match column {
            Column::MintUnitId => Self::UnitId,
            Column::MintBatchId => Self::Fixed(pack.batch().to_string().into_bytes()),
            Column::ResolverUrl => Self::Url,
            Column::ResolverUrlUpper => Self::UpperUrl {
                base: pack.facts().resolver_base.to_upper_case_string(),
            },
            Column::Serial => Self::Serial,
            Column::Gtin => Self::Fixed(gtin.map_or(Vec::new(), |gtin| gtin.as_bytes().to_vec())),
            Column::Gtin13 => Self::Fixed(gtin.map_or(Vec::new(), gtin_13)),
            Column::Status => Self::Status,
            Column::CreatedAt => Self::MadeAt,
            Column::ElementString => match gtin {
                Some(gtin) => Self::ElementString { gtin },
                None => Self::Fixed(Vec::new()),
            },
            Column::Sequence => Self::Sequence,
            Column::LotCode => Self::Lot,
            Column::NdefHex => Self::Ndef,
            Column::EpcHex => of_encoder(Self::EpcHex),
            Column::EpcUri => of_encoder(Self::EpcUri),
        }
    }

    fn cell<'a>(
        &'a self,
        unit: &'a Unit,
        pack: &'a PackUnits,
        room: &'a mut Room,
    ) -> Result<&'a [u8], PackError> {
        let text = room.cleared();
        match self {
            Self::Fixed(cell) => return Ok(cell),
            Self::Serial => return Ok(unit.serial.as_ref().map_or(&[], Serial::as_bytes)),
            Self::Status => return Ok(pack.status(unit.index).as_str().as_bytes()),
            Self::Lot => return Ok(lot(pack, unit).map_or(&[], LotCode::as_bytes)),
            Self::MadeAt => return Ok(room.made_at(pack, unit.index)),
            Self::UnitId => push_id(text, unit),
            Self::Url => pack.write_url(unit, text),
            Self::UpperUrl { base } => {
                pack.write_url(unit, text);
                overwrite(text, base);
            }
            Self::ElementString { gtin } => {
                push_element_string(text, *gtin, unit, lot(pack, unit));
            }
            Self::Sequence => write!(text, "{}", u64::from(unit.index) + 1)?,
            Self::Ndef => room.push_ndef(pack, unit)?,
            Self::EpcHex(encoder) => {
                let epc = serial_of(unit).and_then(|serial| encoder.encode(serial));
                epc.map_err(|cause| no_tag(unit.index, cause))?
                    .push_hex(text);
            }
            Self::EpcUri(encoder) => {
                let pushed = serial_of(unit).and_then(|serial| encoder.push_uri(serial, text));
                pushed.map_err(|cause| no_tag(unit.index, cause))?;
            }
        }
        Ok(&room.text)
    }
}

/// Room for the text of one cell.
#[derive(Default)]
struct Room {
    text: Vec<u8>,
    url: Vec<u8>,
    memory: Vec<u8>,
    made: Option<(Timestamp, String)>,
}

impl Room {
    fn cleared(&mut self) -> &mut Vec<u8> {
        self.text.clear();
        &mut self.text
    }

    fn push_ndef(&mut self, pack: &PackUnits, unit: &Unit) -> Result<(), PackError> {
        self.url.clear();
        pack.write_url(unit, &mut self.url);
        self.memory.clear();
        ndef::push_type_2(&mut self.memory, &self.url)
            .map_err(|cause| no_tag(unit.index, cause))?;
        push_hex(&mut self.text, &self.memory);
        Ok(())
    }

    /// The units of a cycle were made at one moment, so its text is kept.
    fn made_at(&mut self, pack: &PackUnits, index: u32) -> &[u8] {
        let Some(at) = pack.made_at(index) else {
            return &[];
        };
        if self.made.as_ref().is_none_or(|(known, _)| *known != at) {
            self.made = Some((at, at.to_string()));
        }
        let made = self.made.as_ref();
        made.map_or(&[], |(_, text)| text.as_bytes())
    }
}

fn gtin_13(gtin: Gtin) -> Vec<u8> {
    match gtin.as_bytes() {
        [b'0', rest @ ..] => rest.to_vec(),
        _ => Vec::new(),
    }
}

fn lot<'a>(pack: &'a PackUnits, unit: &Unit) -> Option<&'a LotCode> {
    let lot = pack.facts().lots.lot_of(unit.index);
    lot.map(|lot| &lot.lot_code)
}

fn push_id(out: &mut Vec<u8>, unit: &Unit) {
    let mut text = [0; UUID_TEXT];
    let id = unit.id.as_uuid().as_hyphenated().encode_lower(&mut text);
    out.extend_from_slice(id.as_bytes());
}

/// A text that begins with the same in another case.
fn overwrite(text: &mut [u8], beginning: &str) {
    if let Some(begun) = text.get_mut(..beginning.len()) {
        begun.copy_from_slice(beginning.as_bytes());
    }
}

fn push_element_string(out: &mut Vec<u8>, gtin: Gtin, unit: &Unit, lot: Option<&LotCode>) {
    out.extend_from_slice(b"(01)");
    out.extend_from_slice(gtin.as_bytes());
    if let Some(serial) = &unit.serial {
        out.extend_from_slice(b"(21)");
        out.extend_from_slice(serial.as_bytes());
    } else if let Some(lot) = lot {
        out.extend_from_slice(b"(10)");
        out.extend_from_slice(lot.as_bytes());
    }
}
