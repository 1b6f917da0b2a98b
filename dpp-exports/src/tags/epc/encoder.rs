//! From serial to EPC.

use dpp_core::gs1::percent::push_encoded;
use dpp_core::gs1::{CompanyPrefixLength, Gtin, ResolverBase, Serial, serial_link_prefix};

use super::bits::{Bits, Epc};
use super::error::EpcError;
use super::scheme::{EpcRule, EpcScheme};
use super::serial::push_shortest;
use super::sgtin::{TradeItem, decimal, is_escaped_in_urn, push_ascii};

/// Makes the EPCs of one trade item.
#[derive(Debug, Clone)]
pub struct SgtinEncoder {
    scheme: EpcScheme,
    /// The EPC up to the serial.
    bits: Bits,
    /// The URI up to the serial.
    uri: String,
}

impl SgtinEncoder {
    /// For the items of this GTIN. The length of its company prefix is not needed for SGTIN+.
    ///
    /// A GTIN-8 has no company prefix of its own; the zeros before it count as part of one.
    ///
    /// # Errors
    /// [`EpcError::NoCompanyPrefixLength`].
    pub fn new(
        rule: EpcRule,
        gtin: Gtin,
        company_prefix: Option<CompanyPrefixLength>,
    ) -> Result<Self, EpcError> {
        let item = company_prefix.map(|length| TradeItem::of(gtin, length));
        let item = item.ok_or(EpcError::NoCompanyPrefixLength(rule.scheme));
        let mut bits = Bits::default();
        let uri = match rule.scheme {
            EpcScheme::Sgtin96 => {
                let item = item?;
                item.push(0x30, rule, &mut bits);
                item.uri()
            }
            EpcScheme::Sgtin198 => {
                let item = item?;
                item.push(0x36, rule, &mut bits);
                item.uri()
            }
            EpcScheme::SgtinPlus => {
                push_plus(rule, gtin, &mut bits);
                serial_link_prefix(&ResolverBase::gs1(), &gtin)
            }
        };
        Ok(Self {
            scheme: rule.scheme,
            bits,
            uri,
        })
    }

    /// That the item with this serial has an EPC: of SGTIN-198 and SGTIN+ each has.
    ///
    /// # Errors
    /// [`EpcError`] when the serial does not fit into SGTIN-96.
    pub fn check(&self, serial: &Serial) -> Result<(), EpcError> {
        match self.scheme {
            EpcScheme::Sgtin96 => decimal(serial).map(drop),
            EpcScheme::Sgtin198 | EpcScheme::SgtinPlus => Ok(()),
        }
    }

    /// The EPC of the item with this serial.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn encode(&self, serial: &Serial) -> Result<Epc, EpcError> {
        let mut bits = self.bits;
        match self.scheme {
            EpcScheme::Sgtin96 => bits.push(decimal(serial)?, 38),
            EpcScheme::Sgtin198 => push_ascii(serial, &mut bits),
            EpcScheme::SgtinPlus => push_shortest(serial, &mut bits),
        }
        Ok(bits.finish())
    }

    /// Appends what the EPC identifies, without what only tags need: the pure identity URI
    /// `urn:epc:id:sgtin:<company prefix>.<indicator and item>.<serial>`, for SGTIN+ the
    /// canonical GS1 Digital Link, since it has no URN.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn push_uri(&self, serial: &Serial, out: &mut Vec<u8>) -> Result<(), EpcError> {
        self.check(serial)?;
        out.extend_from_slice(self.uri.as_bytes());
        match self.scheme {
            EpcScheme::Sgtin96 | EpcScheme::Sgtin198 => push_urn(serial, out),
            EpcScheme::SgtinPlus => push_encoded(out, serial.as_bytes()),
        }
        Ok(())
    }
}

/// Header, no +AIDC data behind the EPC, filter, and the digits of the GTIN.
fn push_plus(rule: EpcRule, gtin: Gtin, bits: &mut Bits) {
    bits.push(0xF7, 8);
    bits.push(0, 1);
    bits.push(rule.filter.get().into(), 3);
    for digit in gtin.as_bytes() {
        bits.push(u64::from(digit - b'0'), 4);
    }
}

fn push_urn(serial: &Serial, out: &mut Vec<u8>) {
    for byte in serial.as_bytes() {
        match is_escaped_in_urn(*byte) {
            true => push_encoded(out, &[*byte]),
            false => out.push(*byte),
        }
    }
}
