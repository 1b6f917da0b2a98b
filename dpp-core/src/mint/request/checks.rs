//! Checking a request: every problem at once.

use std::collections::HashMap;
use std::str::FromStr;

use serde::Serialize;
use serde_json::json;

use super::problem::{InvalidRequest, Problem, RowError, RowReason};
use super::{
    ActivationMode, IdempotencyKey, IdentityMode, LotRequest, MintOrder, MintRequest,
    OrderedSerials, RequestDigest,
};
use crate::gs1::{LotCode, Serial};
use crate::identity::serial::SerialScheme;
use crate::identity::{Lot, Lots, MAX_UNITS};
use crate::ids::{BrandId, ProductBatchId, ProductId};
use crate::text_rows::TextRows;

impl MintRequest {
    /// Checks every field and every row.
    ///
    /// # Errors
    /// [`InvalidRequest`] with everything that is wrong.
    pub fn check(self) -> Result<MintOrder, InvalidRequest> {
        let mut found = Found::default();
        let quantity = found.or_note(check_quantity(self.requested_quantity));
        let idempotency_key = self.idempotency_key.as_deref();
        let idempotency_key = found.or_note(idempotency_key.map(check_key).transpose());
        let lots = found.lots(&self);
        let scheme = found.scheme(&self);
        found.serials(&self);
        let unwritable = |error| Problem::new("request", "as JSON", format!("{error}"));
        let digest = found.or_note(digest(&self).map_err(unwritable));
        let checked = (quantity, idempotency_key, lots, scheme, digest);
        let (Some(quantity), Some(idempotency_key), Some(lots), Some(scheme), Some(digest)) =
            checked
        else {
            return Err(found.into_error());
        };
        if !found.is_clean() {
            return Err(found.into_error());
        }
        Ok(MintOrder {
            brand_id: self.brand_id,
            product_id: self.product_id,
            product_batch_id: self.product_batch_id,
            quantity,
            activation_mode: self.activation_mode,
            lots,
            serials: match (self.identity_mode, self.serials) {
                (IdentityMode::Batch, _) => OrderedSerials::None,
                (IdentityMode::Serial, Some(rows)) => OrderedSerials::Provided(rows),
                (IdentityMode::Serial, None) => OrderedSerials::Derived(scheme),
            },
            idempotency_key,
            digest,
        })
    }
}

#[derive(Default)]
struct Found {
    problems: Vec<Problem>,
    rows: Vec<RowError>,
}

impl Found {
    fn note(&mut self, field: &str, value: impl std::fmt::Display, reason: impl Into<String>) {
        self.problems.push(Problem::new(field, value, reason));
    }

    fn or_note<T>(&mut self, checked: Result<T, Problem>) -> Option<T> {
        checked.map_err(|problem| self.problems.push(problem)).ok()
    }

    fn is_clean(&self) -> bool {
        self.problems.is_empty() && self.rows.is_empty()
    }

    fn into_error(self) -> InvalidRequest {
        InvalidRequest {
            problems: self.problems,
            rows: self.rows,
        }
    }

    fn lots(&mut self, request: &MintRequest) -> Option<Lots> {
        let count = request.lots.len();
        if request.identity_mode == IdentityMode::Serial {
            if count > 0 {
                let reason =
                    "serial mode has no lots: leave them out, or use identity_mode `batch`";
                self.note("lots", format!("{count} lots"), reason);
            }
            return Some(Lots::default());
        }
        if count == 0 || count > Lots::MAX {
            let reason = format!("lot mode has 1 to {} lots", Lots::MAX);
            self.note("lots", format!("{count} lots"), reason);
            return None;
        }
        self.check_sum(request);
        let mut seen = HashMap::with_capacity(count);
        let mut lots = Vec::with_capacity(count);
        for (number, lot) in request.lots.iter().enumerate() {
            let code = self.lot_code(number, &lot.lot_code, &mut seen);
            let qty = self.lot_quantity(number, lot.qty);
            lots.extend(code.zip(qty).map(|(lot_code, qty)| Lot { lot_code, qty }));
        }
        if lots.len() < count {
            return None;
        }
        let lots = Lots::new(lots);
        lots.map_err(|error| self.note("lots", format!("{count} lots"), error.to_string()))
            .ok()
    }

    fn check_sum(&mut self, request: &MintRequest) {
        let sum = request
            .lots
            .iter()
            .fold(0_u64, |sum, lot| sum.saturating_add(lot.qty));
        if sum != request.requested_quantity {
            let wanted = request.requested_quantity;
            let reason =
                format!("the quantities sum up to {sum}, not to requested_quantity {wanted}");
            self.note("lots", sum, reason);
        }
    }

    fn lot_code<'a>(
        &mut self,
        number: usize,
        code: &'a str,
        seen: &mut HashMap<&'a str, usize>,
    ) -> Option<LotCode> {
        let field = format!("lots[{number}].lot_code");
        let first = *seen.entry(code).or_insert(number);
        if first != number {
            self.note(&field, code, format!("lots[{first}] has it already"));
            return None;
        }
        if is_path_step(code) {
            self.note(&field, code, RowReason::PathStep.to_string());
            return None;
        }
        let checked = LotCode::parse(code);
        checked
            .map_err(|error| self.note(&field, code, error.to_string()))
            .ok()
    }

    fn lot_quantity(&mut self, number: usize, qty: u64) -> Option<u32> {
        match u32::try_from(qty) {
            Ok(qty @ 1..=MAX_UNITS) => Some(qty),
            _ => {
                let reason = format!("a lot has 1 to {MAX_UNITS} units");
                self.note(&format!("lots[{number}].qty"), qty, reason);
                None
            }
        }
    }

    fn scheme(&mut self, request: &MintRequest) -> Option<SerialScheme> {
        let brings = request.serials.is_some();
        let reason = match (&request.serial_scheme, request.identity_mode) {
            (None, _) => return Some(SerialScheme::default()),
            (Some(_), IdentityMode::Batch) => "lot mode has no serials: leave the scheme out",
            (Some(SerialScheme::Provided), _) if !brings => {
                "it needs the list `serials`, one for each unit"
            }
            (Some(SerialScheme::Provided), _) => return Some(SerialScheme::Provided),
            (Some(_), _) if brings => "a request that brings `serials` has the scheme `provided`",
            (Some(scheme), _) => return Some(scheme.clone()),
        };
        let given = json!(request.serial_scheme).to_string();
        self.note("serial_scheme", given, reason);
        None
    }

    fn serials(&mut self, request: &MintRequest) {
        let Some(rows) = &request.serials else {
            return;
        };
        let given = format!("{} serials", rows.len());
        if request.identity_mode == IdentityMode::Batch {
            let reason = "lot mode has no serials: leave them out, or use identity_mode `serial`";
            self.note("serials", given, reason);
            return;
        }
        let wanted = request.requested_quantity;
        if rows.len() as u64 != wanted {
            let few = if (rows.len() as u64) < wanted {
                "few"
            } else {
                "many"
            };
            let reason = format!("that is too {few}: requested_quantity is {wanted}");
            self.note("serials", given, reason);
        }
        if rows.len() <= MAX_UNITS as usize {
            self.rows = row_errors(rows);
        }
    }
}

fn check_quantity(quantity: u64) -> Result<u32, Problem> {
    match u32::try_from(quantity) {
        Ok(checked @ 1..=MAX_UNITS) => Ok(checked),
        _ => {
            let reason = format!("a request has 1 to {MAX_UNITS} units");
            Err(Problem::new("requested_quantity", quantity, reason))
        }
    }
}

fn check_key(key: &str) -> Result<IdempotencyKey, Problem> {
    let shown: String = key.chars().take(64).collect();
    IdempotencyKey::from_str(key).map_err(|reason| Problem::new("idempotency_key", shown, reason))
}

fn row_errors(rows: &TextRows) -> Vec<RowError> {
    let mut seen = HashMap::with_capacity(rows.len());
    let mut errors = Vec::new();
    for (row, serial) in (1_u32..).zip(rows.iter()) {
        if let Some(reason) = row_reason(row, serial, &mut seen) {
            errors.push(RowError {
                row,
                serial: serial.to_owned(),
                reason,
            });
        }
    }
    errors
}

fn row_reason<'a>(
    row: u32,
    serial: &'a str,
    seen: &mut HashMap<&'a str, u32>,
) -> Option<RowReason> {
    if let Err(error) = Serial::parse(serial) {
        return Some(RowReason::of(&error));
    }
    if is_path_step(serial) {
        return Some(RowReason::PathStep);
    }
    let first_row = *seen.entry(serial).or_insert(row);
    (first_row != row).then_some(RowReason::Repeated { first_row })
}

/// RFC 3986, section 5.2.4: percent-encoded or not, browsers and proxies resolve them away.
fn is_path_step(text: &str) -> bool {
    matches!(text, "." | "..")
}

/// What a request is told apart by, in an order that no feature of the JSON library changes:
/// digests are kept, and compared by later releases.
#[derive(Serialize)]
struct DigestedParts<'a> {
    activation_mode: ActivationMode,
    brand_id: BrandId,
    identity_mode: IdentityMode,
    lots: &'a [LotRequest],
    product_batch_id: Option<ProductBatchId>,
    product_id: ProductId,
    requested_quantity: u64,
    serial_scheme: SerialScheme,
}

fn digest(request: &MintRequest) -> serde_json::Result<RequestDigest> {
    let scheme = request.serial_scheme.clone();
    let parts = DigestedParts {
        activation_mode: request.activation_mode,
        brand_id: request.brand_id,
        identity_mode: request.identity_mode,
        lots: &request.lots,
        product_batch_id: request.product_batch_id,
        product_id: request.product_id,
        requested_quantity: request.requested_quantity,
        serial_scheme: scheme.unwrap_or_else(|| default_scheme(request)),
    };
    let parts = serde_json::to_vec(&parts)?;
    Ok(RequestDigest::of(&parts, request.serials.as_ref()))
}

/// To leave the scheme out is to ask for the default one.
fn default_scheme(request: &MintRequest) -> SerialScheme {
    match request.serials {
        Some(_) => SerialScheme::Provided,
        None => SerialScheme::default(),
    }
}
