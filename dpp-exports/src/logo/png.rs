//! PNGs that decode.

use std::io::Cursor;

use png::{Decoder, DecodingError, Limits, Reader};

use super::error::cut;
use super::{LogoError, Size};

/// The most pixels that a PNG may be wide and high.
pub(super) const MAX_SIDE: u32 = 4096;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const MOST_MEMORY: usize = 4 * 1024 * 1024;

pub(super) fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(SIGNATURE)
}

/// Decodes all of it, row by row, and keeps nothing.
pub(super) fn check(bytes: &[u8]) -> Result<Size, LogoError> {
    let limits = Limits { bytes: MOST_MEMORY };
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(damaged)?;
    let (width, height) = (header.width, header.height);
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(LogoError::TooManyPixels { width, height });
    }
    decoder.read_info().and_then(read_to_end).map_err(damaged)?;
    Ok(Size {
        width: width.into(),
        height: height.into(),
    })
}

fn read_to_end(mut reader: Reader<Cursor<&[u8]>>) -> Result<(), DecodingError> {
    while reader.next_row()?.is_some() {}
    reader.finish()
}

fn damaged(error: DecodingError) -> LogoError {
    LogoError::DamagedPng {
        reason: cut(&error.to_string()),
    }
}
