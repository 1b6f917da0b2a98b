//! The files of a bundle, compressed.
//!
//! Every SVG begins with the same bytes, which may hold a logo. They are compressed once, up to
//! a byte boundary; [the path](super::deflate) that follows is put behind. The two are one DEFLATE
//! stream (RFC 1951), whatever the first one holds.

use std::io;
use std::sync::LazyLock;

use crc32fast::Hasher;
use zlib_rs::{Deflate, DeflateFlush, Status};

use super::codes::{Code, Codes};
use super::deflate::{Fragments, PathWriter};
use super::design::Design;
use super::index;
use super::zip::File;
use crate::qr::EncodeError;

/// Of the index.
const FAST: i32 = 1;
/// Of what all files have in common.
const BEST: i32 = 9;
const WINDOW_BITS: u8 = 15;
const MORE: usize = 4096;

/// Ready for all bundles.
static FRAGMENTS: LazyLock<Fragments> = LazyLock::new(Fragments::new);

/// What the files of one bundle have in common.
pub(super) struct Files<'a> {
    design: &'a Design,
    head: Vec<u8>,
    head_size: usize,
    head_crc: Hasher,
}

/// What one code's file has behind the head.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tail<'a> {
    pub(super) crc: u32,
    pub(super) size: usize,
    pub(super) deflated: &'a [u8],
}

impl<'a> Files<'a> {
    pub(super) fn new(design: &'a Design) -> io::Result<Self> {
        let plain = design.template().head();
        let head = deflate(plain, BEST, DeflateFlush::SyncFlush)?;
        let mut head_crc = Hasher::new();
        head_crc.update(plain);
        Ok(Self {
            design,
            head,
            head_size: plain.len(),
            head_crc,
        })
    }

    #[cfg(test)]
    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }

    pub(super) fn file<'b>(&'b self, tail: Tail<'b>) -> File<'b> {
        File {
            crc: tail.crc,
            size: self.head_size + tail.size,
            deflated: [&self.head, tail.deflated],
        }
    }

    pub(super) fn drawer(&self) -> Drawer<'_> {
        Drawer {
            files: self,
            paths: PathWriter::new(&FRAGMENTS),
        }
    }
}

/// The index, compressed.
pub(super) struct IndexFile {
    crc: u32,
    size: usize,
    deflated: Vec<u8>,
}

impl IndexFile {
    pub(super) fn of(codes: &Codes) -> io::Result<Self> {
        let csv = index::csv(codes)?;
        Ok(Self {
            crc: crc32fast::hash(&csv),
            size: csv.len(),
            deflated: deflate(&csv, FAST, DeflateFlush::Finish)?,
        })
    }

    pub(super) fn file(&self) -> File<'_> {
        File {
            crc: self.crc,
            size: self.size,
            deflated: [&self.deflated, &[]],
        }
    }
}

/// Draws and compresses one code after another.
pub(super) struct Drawer<'a> {
    files: &'a Files<'a>,
    paths: PathWriter<'a>,
}

/// What was drawn, in order.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    deflated: Vec<u8>,
    /// CRC, size, and where the compressed bytes end.
    tails: Vec<(u32, usize, usize)>,
}

impl Drawer<'_> {
    pub(super) fn draw<'c>(
        &mut self,
        codes: impl Iterator<Item = Code<'c>>,
    ) -> Result<Drawn, EncodeError> {
        let mut drawn = Drawn::default();
        for code in codes {
            let symbol = self.files.design.encode(code.resolver_url)?;
            let rows = self.files.design.template().drawn(&symbol);
            let (svg, deflated) = self.paths.write(rows);
            let mut crc = self.files.head_crc.clone();
            crc.update(svg);
            drawn.deflated.extend_from_slice(deflated);
            let end = drawn.deflated.len();
            drawn.tails.push((crc.finalize(), svg.len(), end));
        }
        Ok(drawn)
    }
}

impl Drawn {
    pub(super) fn tails(&self) -> impl Iterator<Item = Tail<'_>> {
        let ends = self.tails.iter().map(|(.., end)| *end);
        let starts = std::iter::once(0).chain(ends);
        starts
            .zip(&self.tails)
            .map(|(start, (crc, size, end))| Tail {
                crc: *crc,
                size: *size,
                deflated: self.deflated.get(start..*end).unwrap_or_default(),
            })
    }
}

/// What is no path, compressed: to the end of a stream, or to a byte boundary at which another can
/// follow.
fn deflate(mut plain: &[u8], level: i32, flush: DeflateFlush) -> io::Result<Vec<u8>> {
    let mut deflate = Deflate::new(level, false, WINDOW_BITS);
    let mut out = Vec::new();
    loop {
        let (start, taken, written) = (out.len(), deflate.total_in(), deflate.total_out());
        out.resize(start + MORE.max(plain.len() / 2), 0);
        let room = out.get_mut(start..).unwrap_or_default();
        let whole = room.len();
        let status = deflate.compress(plain, room, flush).map_err(failed)?;
        let taken = (deflate.total_in() - taken) as usize;
        let written = (deflate.total_out() - written) as usize;
        plain = plain.get(taken..).unwrap_or_default();
        out.truncate(start + written);
        if status == Status::StreamEnd || plain.is_empty() && written < whole {
            return Ok(out);
        }
    }
}

fn failed(error: zlib_rs::DeflateError) -> io::Error {
    io::Error::other(error.as_str())
}
