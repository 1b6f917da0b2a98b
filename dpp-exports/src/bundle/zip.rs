//! A ZIP that is written from front to back.
//!
//! Files come compressed, with their sizes, so that each is written as it is, with no data
//! descriptor behind it and no seeking. There is nothing of the machine in it: no extra fields
//! but those of ZIP64, "made by" MS-DOS, no attributes. What is kept in memory is the directory,
//! under 100 bytes a file.
//!
//! Source: PKWARE's APPNOTE.TXT 6.3.10, whose clauses are named below.

use std::io::{self, Write};

use chrono::{DateTime, Datelike, Timelike, Utc};
use dpp_core::Timestamp;

const DEFLATED: u16 = 8;
const NEEDS_DEFLATE: u16 = 20;
const NEEDS_ZIP64: u16 = 45;
const ZIP64: u16 = 1;

/// A file, deflated in two parts, and the CRC-32 and the size that it has when inflated.
#[derive(Debug, Clone, Copy)]
pub(super) struct File<'a> {
    pub(super) crc: u32,
    pub(super) size: usize,
    pub(super) deflated: [&'a [u8]; 2],
}

pub(super) struct ZipWriter<W> {
    out: W,
    offset: u64,
    files: u64,
    directory: Vec<u8>,
    time: [u8; 4],
}

impl<W: Write> ZipWriter<W> {
    /// One whose files all have this time stamp.
    pub(super) fn new(out: W, at: Timestamp) -> Self {
        Self {
            out,
            offset: 0,
            files: 0,
            directory: Vec::new(),
            time: dos_time(at),
        }
    }

    /// Writes one file; its name is ASCII, and no other file's.
    pub(super) fn add(&mut self, name: &str, file: &File<'_>) -> io::Result<()> {
        let common = self.common(name, file)?;
        let start = self.offset;
        let mut header = Vec::with_capacity(30 + name.len());
        header.extend(b"PK\x03\x04"); // 4.3.7
        header.extend(NEEDS_DEFLATE.to_le_bytes());
        header.extend(common);
        header.extend([0; 2]);
        header.extend(name.as_bytes());
        self.write(&header)?;
        for part in file.deflated {
            self.write(part)?;
        }
        self.list(name, common, start);
        Ok(())
    }

    /// Flags, method, time, CRC, sizes, and the length of the name: what a local header and the
    /// directory have in common (4.3.12).
    fn common(&self, name: &str, file: &File<'_>) -> io::Result<[u8; 22]> {
        let deflated: usize = file.deflated.iter().map(|part| part.len()).sum();
        let too_large = |_| io::Error::other("a file has 4 GiB or more");
        let (deflated, size) = (u32::try_from(deflated), u32::try_from(file.size));
        let (deflated, size) = (deflated.map_err(too_large)?, size.map_err(too_large)?);
        let name = u16::try_from(name.len()).map_err(io::Error::other)?;
        let mut common = [0; 22];
        let mut rest = common.as_mut_slice();
        rest.write_all(&0_u16.to_le_bytes())?;
        rest.write_all(&DEFLATED.to_le_bytes())?;
        rest.write_all(&self.time)?;
        rest.write_all(&file.crc.to_le_bytes())?;
        rest.write_all(&deflated.to_le_bytes())?;
        rest.write_all(&size.to_le_bytes())?;
        rest.write_all(&name.to_le_bytes())?;
        Ok(common)
    }

    fn list(&mut self, name: &str, common: [u8; 22], start: u64) {
        let (short, long) = short_or_long(start);
        let version = if long.is_empty() {
            NEEDS_DEFLATE
        } else {
            NEEDS_ZIP64
        };
        let directory = &mut self.directory;
        directory.extend(b"PK\x01\x02"); // 4.3.12
        directory.extend(version.to_le_bytes());
        directory.extend(version.to_le_bytes());
        directory.extend(common);
        directory.extend((long.len() as u16).to_le_bytes());
        directory.extend([0; 10]); // comment, disk, attributes
        directory.extend(short);
        directory.extend(name.as_bytes());
        directory.extend(long);
        self.files += 1;
    }

    /// Writes the directory, and flushes.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let directory = std::mem::take(&mut self.directory);
        let (start, size) = (self.offset, directory.len() as u64);
        self.write(&directory)?;
        let end = self.offset;
        let mut tail = Vec::new();
        let is_large = start >= u64::from(u32::MAX);
        if is_large || self.files >= u64::from(u16::MAX) {
            tail.extend(b"PK\x06\x06"); // 4.3.14
            tail.extend(44_u64.to_le_bytes());
            tail.extend(NEEDS_ZIP64.to_le_bytes());
            tail.extend(NEEDS_ZIP64.to_le_bytes());
            tail.extend([0; 8]);
            for number in [self.files, self.files, size, start] {
                tail.extend(number.to_le_bytes());
            }
            tail.extend(b"PK\x06\x07"); // 4.3.15
            tail.extend([0; 4]);
            tail.extend(end.to_le_bytes());
            tail.extend(1_u32.to_le_bytes());
        }
        let files = u16::try_from(self.files).unwrap_or(u16::MAX).to_le_bytes();
        tail.extend(b"PK\x05\x06"); // 4.3.16
        tail.extend([0; 4]);
        tail.extend([files, files].concat());
        tail.extend(u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes());
        tail.extend(short_or_long(start).0);
        tail.extend([0; 2]);
        self.write(&tail)?;
        self.out.flush()
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.offset += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}

/// An offset as it stands in a directory: in 4 bytes, or in the ZIP64 extra field (4.5.3).
fn short_or_long(offset: u64) -> ([u8; 4], Vec<u8>) {
    match u32::try_from(offset) {
        Ok(short) if short < u32::MAX => (short.to_le_bytes(), Vec::new()),
        _ => {
            let mut long = ZIP64.to_le_bytes().to_vec();
            long.extend(8_u16.to_le_bytes());
            long.extend(offset.to_le_bytes());
            (u32::MAX.to_le_bytes(), long)
        }
    }
}

/// Time and date of MS-DOS (4.4.6), which reach from 1980 to 2107.
fn dos_time(at: Timestamp) -> [u8; 4] {
    let at = DateTime::<Utc>::from(at);
    let years = at.year().clamp(1980, 2107) - 1980;
    let (years, month, day) = match at.year() {
        ..1980 => (0, 1, 1),
        _ => (years as u32, at.month(), at.day()),
    };
    let time = at.hour() << 11 | at.minute() << 5 | at.second() >> 1;
    let date = years << 9 | month << 5 | day;
    (date << 16 | time).to_le_bytes()
}

#[cfg(test)]
mod tests;
