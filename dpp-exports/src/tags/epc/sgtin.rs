//! What SGTIN-96 and SGTIN-198 share: the trade item, cut where its company prefix ends.

use dpp_core::gs1::{CompanyPrefixLength, Gtin, Serial};

use super::bits::Bits;
use super::error::EpcError;
use super::scheme::EpcRule;

/// The largest serial of SGTIN-96.
const MAX_SERIAL: u64 = (1 << 38) - 1;

/// A GTIN without its check digit: the company prefix, then the indicator digit and the item
/// reference.
pub(super) struct TradeItem {
    prefix: String,
    item: String,
}

impl TradeItem {
    pub(super) fn of(gtin: Gtin, length: CompanyPrefixLength) -> Self {
        let (indicator, rest) = gtin.as_str().split_at(1);
        let (rest, _check_digit) = rest.split_at(12);
        let (prefix, item) = rest.split_at(usize::from(length.get()));
        Self {
            prefix: prefix.to_owned(),
            item: format!("{indicator}{item}"),
        }
    }

    /// The URI up to the serial.
    pub(super) fn uri(&self) -> String {
        format!("urn:epc:id:sgtin:{}.{}.", self.prefix, self.item)
    }

    /// Header, filter, partition and trade item, by the SGTIN partition table.
    pub(super) fn push(&self, header: u8, rule: EpcRule, bits: &mut Bits) {
        let width = prefix_bits(self.prefix.len());
        bits.push(header.into(), 8);
        bits.push(rule.filter.get().into(), 3);
        bits.push(12 - self.prefix.len() as u64, 3);
        bits.push(number(&self.prefix), width);
        bits.push(number(&self.item), 44 - width);
    }
}

/// How many bits a company prefix of so many digits has; the item has the rest of 44.
const fn prefix_bits(digits: usize) -> u32 {
    match digits {
        12 => 40,
        11 => 37,
        10 => 34,
        9 => 30,
        8 => 27,
        7 => 24,
        _ => 20,
    }
}

/// A text of at most 13 digits.
fn number(digits: &str) -> u64 {
    digits.parse().unwrap_or(0)
}

/// A serial as SGTIN-96 has it.
pub(super) fn decimal(serial: &Serial) -> Result<u64, EpcError> {
    let text = serial.as_str();
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(EpcError::NotDecimal(*serial));
    }
    if text.len() > 1 && text.starts_with('0') {
        return Err(EpcError::LeadingZero(*serial));
    }
    match text.parse() {
        Ok(number) if number <= MAX_SERIAL => Ok(number),
        _ => Err(EpcError::TooLarge(*serial)),
    }
}

/// A serial as SGTIN-198 has it: 20 characters of 7 bits, zeros behind the last.
pub(super) fn push_ascii(serial: &Serial, bits: &mut Bits) {
    let text = serial.as_bytes();
    let padding = std::iter::repeat_n(&0, Serial::MAX - text.len());
    for byte in text.iter().chain(padding) {
        bits.push((*byte).into(), 7);
    }
}

/// The characters of the set that a URN cannot have as they are (TDS, appendix A).
pub(super) const fn is_escaped_in_urn(byte: u8) -> bool {
    matches!(byte, b'"' | b'%' | b'&' | b'/' | b'<' | b'>' | b'?')
}
