//! Why there is no EPC.

use dpp_core::gs1::Serial;

use super::scheme::EpcScheme;

/// Why there is no EPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EpcError {
    /// The product has no GTIN, which every EPC of a trade item begins with. Give it one, or
    /// write NFC tags instead.
    #[error("an EPC needs a GTIN, and the product has none")]
    NoGtin,
    /// The unit has no serial: its batch is one of lots. Mint units with serials for tags.
    #[error("an EPC needs a serial, and units of lots have none")]
    NoSerial,
    /// The scheme has to tell where the company prefix of the GTIN ends, and nobody said. Pass
    /// its length, or choose SGTIN+.
    #[error("`{0}` needs the length of the GTIN's company prefix")]
    NoCompanyPrefixLength(EpcScheme),
    /// The serial has other characters than digits. Choose SGTIN-198 or SGTIN+, or mint with
    /// numeric serials.
    #[error("serial `{0}` does not fit into SGTIN-96: it is not a decimal number")]
    NotDecimal(Serial),
    /// The serial begins with a zero, which SGTIN-96 would lose. Choose SGTIN-198 or SGTIN+.
    #[error("serial `{0}` does not fit into SGTIN-96: it begins with a zero")]
    LeadingZero(Serial),
    /// The serial is a larger number than 38 bits hold. Choose SGTIN-198 or SGTIN+.
    #[error("serial `{0}` does not fit into SGTIN-96: it is larger than 274877906943")]
    TooLarge(Serial),
}
