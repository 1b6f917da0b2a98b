//! Archives that are too large to be made, and too large for 32 bits.

use std::io::{self, Read, Seek, SeekFrom, Write};

use zip::ZipArchive;

use super::{File, ZipWriter};
use dpp_core::Timestamp;

const LARGE: usize = 1 << 20;

/// Keeps what is written, but for pieces of one length, which have to be zeros and are only
/// counted.
#[derive(Default)]
struct Sparse {
    pieces: Vec<(u64, Vec<u8>)>,
    length: u64,
    position: u64,
}

impl Write for Sparse {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() != LARGE {
            self.pieces.push((self.length, bytes.to_vec()));
        }
        self.length += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for Sparse {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let after = self
            .pieces
            .partition_point(|(start, _)| *start <= self.position);
        let next = self
            .pieces
            .get(after)
            .map_or(self.length, |(start, _)| *start);
        let (start, piece) = &self.pieces[after - 1];
        let piece = piece
            .get((self.position - start) as usize..)
            .unwrap_or_default();
        let count = match piece.len() {
            0 => (next - self.position).min(out.len() as u64) as usize,
            length => length.min(out.len()),
        };
        out[..count].fill(0);
        let known = piece.len().min(count);
        out[..known].copy_from_slice(&piece[..known]);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Sparse {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = match to {
            SeekFrom::Start(position) => position,
            SeekFrom::Current(by) => self.position.checked_add_signed(by).unwrap(),
            SeekFrom::End(by) => self.length.checked_add_signed(by).unwrap(),
        };
        Ok(self.position)
    }
}

/// A stored block of DEFLATE with this text; it ends the stream.
fn stored(text: &[u8]) -> Vec<u8> {
    let length = text.len() as u16;
    let lengths = [length.to_le_bytes(), (!length).to_le_bytes()].concat();
    [&[1], lengths.as_slice(), text].concat()
}

fn add(zip: &mut ZipWriter<&mut Sparse>, name: &str, text: &str, zeros: &[u8]) {
    let file = File {
        crc: crc32fast::hash(text.as_bytes()),
        size: text.len(),
        deflated: [&stored(text.as_bytes()), zeros],
    };
    zip.add(name, &file).unwrap();
}

/// Writes so many large files with a short one before and after them, and reads the short ones.
fn read_back(large: u64) -> (Sparse, usize) {
    let mut out = Sparse::default();
    let mut zip = ZipWriter::new(&mut out, Timestamp::from_unix_millis(1_800_000_000_000));
    let zeros = vec![0; LARGE];
    add(&mut zip, "first", "one", &[]);
    for number in 0..large {
        add(&mut zip, &format!("large/{number}"), "", &zeros);
    }
    add(&mut zip, "last", "two", &[]);
    zip.finish().unwrap();

    let mut archive = ZipArchive::new(out).unwrap();
    let files = archive.len();
    for (name, expected) in [("first", "one"), ("last", "two")] {
        let mut text = String::new();
        archive
            .by_name(name)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, expected);
    }
    (archive.into_inner(), files)
}

fn has_zip64_end(archive: &Sparse) -> bool {
    let (_, end) = archive.pieces.last().unwrap();
    end.starts_with(b"PK\x06\x06")
}

#[test]
fn an_archive_under_4_gib_has_no_zip64() {
    let (archive, files) = read_back(4090);
    assert!(archive.length < 1 << 32);
    assert_eq!((files, has_zip64_end(&archive)), (4092, false));
}

#[test]
fn an_archive_over_4_gib_is_read() {
    let (archive, files) = read_back(4200);
    assert!(archive.length > 1 << 32);
    assert_eq!((files, has_zip64_end(&archive)), (4202, true));
}

#[test]
fn an_archive_with_more_files_than_16_bits_count_is_read() {
    let mut out = Sparse::default();
    let mut zip = ZipWriter::new(&mut out, Timestamp::from_unix_millis(0));
    for number in 0..70_000 {
        add(&mut zip, &number.to_string(), "", &[]);
    }
    zip.finish().unwrap();
    assert!(has_zip64_end(&out));
    assert_eq!(ZipArchive::new(out).unwrap().len(), 70_000);
}

#[test]
fn a_file_over_4_gib_is_refused() {
    let mut out = Sparse::default();
    let mut zip = ZipWriter::new(&mut out, Timestamp::from_unix_millis(0));
    let file = File {
        crc: 0,
        size: 1 << 32,
        deflated: [&[], &[]],
    };
    assert!(zip.add("large", &file).is_err());
}
