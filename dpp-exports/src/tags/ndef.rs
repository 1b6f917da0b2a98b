//! NFC: a URI record, and the memory block of a Type 2 tag that holds it.
//!
//! Sources: NFC Forum, NDEF 1.0 and URI Record Type Definition 1.0; Type 2 Tag 1.2, the NDEF
//! Message TLV.

/// The beginnings that are written as one byte, the longer before those that they begin with.
/// Of the 35 that the standard has, these are the web's.
const PREFIXES: [(&[u8], u8); 4] = [
    (b"https://www.", 0x02),
    (b"http://www.", 0x01),
    (b"https://", 0x04),
    (b"http://", 0x03),
];

/// The most bytes of a message that the length of a TLV can tell.
const MAX_MESSAGE: usize = 0xFFFE;

/// The header of a record of type `U`, well known (TNF 1), which begins and ends its message.
const MESSAGE: u8 = 0b1100_0001;
const SHORT_RECORD: u8 = 0b0001_0000;

/// Why there is no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NdefError {
    /// The URI is longer than a Type 2 tag can hold. Shorten it; no resolver URL is that long.
    #[error("a URI of {bytes} bytes makes a message of more than {MAX_MESSAGE} bytes")]
    TooLong {
        /// How many bytes it has.
        bytes: usize,
    },
}

/// Appends the NDEF message with one URI record: a short record up to 255 bytes of payload, a
/// long one above.
///
/// # Errors
/// [`NdefError::TooLong`] when the message would have more than 65,534 bytes.
///
/// ```
/// use dpp_exports::tags::ndef;
///
/// let mut message = Vec::new();
/// ndef::push_uri_message(&mut message, b"https://a.eu")?;
/// assert_eq!(message, b"\xD1\x01\x05U\x04a.eu");
/// # Ok::<(), ndef::NdefError>(())
/// ```
pub fn push_uri_message(out: &mut Vec<u8>, uri: &[u8]) -> Result<(), NdefError> {
    let record = Record::of(uri)?;
    record.push(out);
    Ok(())
}

/// Appends the memory block of a Type 2 tag from its first data byte on: the message of
/// [`push_uri_message`] in an NDEF Message TLV, and the Terminator TLV.
///
/// # Errors
/// [`NdefError::TooLong`] when the message would have more than 65,534 bytes.
pub fn push_type_2(out: &mut Vec<u8>, uri: &[u8]) -> Result<(), NdefError> {
    let record = Record::of(uri)?;
    out.push(0x03);
    match u8::try_from(record.length) {
        Ok(length) if length < 0xFF => out.push(length),
        _ => {
            out.push(0xFF);
            out.extend_from_slice(&record.length.to_be_bytes());
        }
    }
    record.push(out);
    out.push(0xFE);
    Ok(())
}

/// A URI record before it is written.
struct Record<'a> {
    prefix: u8,
    rest: &'a [u8],
    /// Of the payload: the prefix and the rest.
    payload: u16,
    /// Of the whole record.
    length: u16,
}

impl<'a> Record<'a> {
    fn of(uri: &'a [u8]) -> Result<Self, NdefError> {
        let (prefix, rest) = abbreviate(uri);
        let payload = 1 + rest.len();
        let length = payload + if payload > 0xFF { 7 } else { 4 };
        match (u16::try_from(payload), u16::try_from(length)) {
            (Ok(payload), Ok(length)) if usize::from(length) <= MAX_MESSAGE => Ok(Self {
                prefix,
                rest,
                payload,
                length,
            }),
            _ => Err(NdefError::TooLong { bytes: uri.len() }),
        }
    }

    fn push(&self, out: &mut Vec<u8>) {
        match u8::try_from(self.payload) {
            Ok(payload) => out.extend_from_slice(&[MESSAGE | SHORT_RECORD, 1, payload]),
            Err(_) => {
                out.extend_from_slice(&[MESSAGE, 1]);
                out.extend_from_slice(&u32::from(self.payload).to_be_bytes());
            }
        }
        out.extend_from_slice(&[b'U', self.prefix]);
        out.extend_from_slice(self.rest);
    }
}

fn abbreviate(uri: &[u8]) -> (u8, &[u8]) {
    let mut prefixes = PREFIXES.into_iter();
    let found = prefixes.find_map(|(prefix, code)| Some((code, uri.strip_prefix(prefix)?)));
    found.unwrap_or((0, uri))
}
