//! Resolver URLs: what is printed on an item.

use super::batch_identity::Unit;
use super::ids::{LotId, MintUnitId};
use super::lots::Lots;
use crate::gs1::percent::{is_unreserved, push_encoded};
use crate::gs1::{Gtin, ResolverBase, Serial, lot_link, serial_link_prefix};

/// Writes the resolver URL of any unit of one batch.
///
/// With a GTIN a serial unit has a GS1 Digital Link (`/01/<gtin>/21/<serial>`) and the units
/// of a lot share theirs (`/01/<gtin>/10/<lot>`); without one they have `/mu/<unit id>` and
/// `/ml/<lot id>`.
#[derive(Debug, Clone)]
pub struct UnitUrls {
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    Serial { prefix: String },
    Unit { prefix: String },
    Lot { lots: Lots, urls: Vec<String> },
}

impl UnitUrls {
    /// The URLs of a batch in serial mode.
    pub fn of_serials(base: &ResolverBase, gtin: Option<&Gtin>) -> Self {
        let form = match gtin {
            Some(gtin) => Form::Serial {
                prefix: serial_link_prefix(base, gtin),
            },
            None => Form::Unit {
                prefix: format!("{base}/mu/"),
            },
        };
        Self { form }
    }

    /// The URLs of a batch in lot mode; `ids` are the lots' ids in the same order.
    pub fn of_lots(
        base: &ResolverBase,
        gtin: Option<&Gtin>,
        lots: &Lots,
        ids: impl IntoIterator<Item = LotId>,
    ) -> Self {
        let codes = lots.as_slice().iter().map(|lot| &lot.lot_code);
        let urls = codes
            .zip(ids)
            .map(|(code, id)| match gtin {
                Some(gtin) => lot_link(base, gtin, code),
                None => lot_url(base, id),
            })
            .collect();
        Self {
            form: Form::Lot {
                lots: lots.clone(),
                urls,
            },
        }
    }

    /// Everything that the URLs follow from beside the units themselves, in bytes: `serial `,
    /// `unit ` or `lot `, then the common beginning, or of each lot the index after its last
    /// unit and its URL; lines end with a line feed.
    pub fn canonical(&self) -> Vec<u8> {
        let text = match &self.form {
            Form::Serial { prefix } => format!("serial {prefix}\n"),
            Form::Unit { prefix } => format!("unit {prefix}\n"),
            Form::Lot { lots, urls } => {
                let numbers = 0..lots.as_slice().len();
                let ends = numbers.filter_map(|number| lots.units_of(number));
                let lines = ends
                    .zip(urls)
                    .map(|(units, url)| format!("lot {} {url}\n", units.end));
                lines.collect()
            }
        };
        text.into_bytes()
    }

    /// Appends the URL of a unit.
    #[inline]
    pub fn write(&self, unit: &Unit, out: &mut Vec<u8>) {
        match &self.form {
            Form::Serial { prefix } => {
                out.extend_from_slice(prefix.as_bytes());
                if let Some(serial) = &unit.serial {
                    push_serial(out, serial);
                }
            }
            Form::Unit { prefix } => {
                out.extend_from_slice(prefix.as_bytes());
                push_uuid(out, unit.id.as_uuid());
            }
            Form::Lot { lots, urls } => {
                let url = lots
                    .number_of(unit.index)
                    .and_then(|number| urls.get(number));
                out.extend_from_slice(url.map_or("", String::as_str).as_bytes());
            }
        }
    }

    /// The URL of the lot with this number, from 0; none in serial mode.
    pub fn lot_url(&self, number: usize) -> Option<&str> {
        match &self.form {
            Form::Lot { urls, .. } => urls.get(number).map(String::as_str),
            Form::Serial { .. } | Form::Unit { .. } => None,
        }
    }

    /// The URL of a unit.
    pub fn url(&self, unit: &Unit) -> String {
        let mut out = Vec::with_capacity(96);
        self.write(unit, &mut out);
        String::from_utf8(out).unwrap_or_default()
    }
}

#[inline]
fn push_serial(out: &mut Vec<u8>, serial: &Serial) {
    let bytes = serial.as_bytes().iter();
    match bytes.fold(true, |plain, byte| plain & is_unreserved(*byte)) {
        true => serial.push_to(out),
        false => push_encoded(out, serial.as_bytes()),
    }
}

fn push_uuid(out: &mut Vec<u8>, uuid: &uuid::Uuid) {
    let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
    out.extend_from_slice(uuid.as_hyphenated().encode_lower(&mut text).as_bytes());
}

/// The URL by which one unit is addressed, whatever its batch's mode.
pub fn unit_url(base: &ResolverBase, unit: MintUnitId) -> String {
    format!("{base}/mu/{unit}")
}

/// The URL by which one lot is addressed without a GTIN.
pub fn lot_url(base: &ResolverBase, lot: LotId) -> String {
    format!("{base}/ml/{lot}")
}
