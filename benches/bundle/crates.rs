//! The fastest ready crates, put together with care.

use std::fmt::Write;

use fast_qr::qr::QRBuilder;
use fast_qr::{ECL, QRCode};
use libdeflater::{CompressionLvl, Compressor, crc32};

use crate::cases::Case;
use crate::hash;

/// Archives of files that are compressed already; no crate takes these.
#[derive(Default)]
struct Zip {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    files: u16,
}

impl Zip {
    fn add(&mut self, name: &str, plain: &[u8], deflated: &[u8]) {
        let start = self.bytes.len() as u32;
        let mut common = vec![20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0];
        common.extend(crc32(plain).to_le_bytes());
        common.extend((deflated.len() as u32).to_le_bytes());
        common.extend((plain.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0; 2]);
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&common);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(deflated);
        self.directory.extend(b"PK\x01\x02\x14\0");
        self.directory.extend(&common);
        self.directory.extend([0; 10]);
        self.directory.extend(start.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.files += 1;
    }

    fn finish(mut self) -> Vec<u8> {
        let start = self.bytes.len() as u32;
        self.bytes.append(&mut self.directory);
        let size = self.bytes.len() as u32 - start;
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend([self.files.to_le_bytes(); 2].concat());
        self.bytes.extend(size.to_le_bytes());
        self.bytes.extend(start.to_le_bytes());
        self.bytes.extend([0; 2]);
        self.bytes
    }
}

struct Deflater {
    compressor: Compressor,
    out: Vec<u8>,
}

impl Deflater {
    fn deflate(&mut self, plain: &[u8]) -> &[u8] {
        let most = self.compressor.deflate_compress_bound(plain.len());
        self.out.resize(most, 0);
        let size = self
            .compressor
            .deflate_compress(plain, &mut self.out)
            .unwrap();
        &self.out[..size]
    }
}

/// Filled runs, each a closed subpath, after what all have in common.
fn write_svg(code: &QRCode, svg: &mut Vec<u8>) {
    let side = code.size + 8;
    svg.clear();
    svg.extend(b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ");
    write_number(side, svg);
    svg.push(b' ');
    write_number(side, svg);
    svg.extend(b"\" shape-rendering=\"crispEdges\"><path fill=\"#000\" d=\"");
    for y in 0..code.size {
        let row = &code[y][..code.size];
        let mut x = 0;
        while x < row.len() {
            let start = x;
            while x < row.len() && row[x].value() {
                x += 1;
            }
            if x > start {
                svg.push(b'M');
                write_number(start + 4, svg);
                svg.push(b' ');
                write_number(y + 4, svg);
                svg.push(b'h');
                write_number(x - start, svg);
                svg.extend(b"v1h-");
                write_number(x - start, svg);
                svg.push(b'z');
            }
            x += 1;
        }
    }
    svg.extend(b"\"/></svg>\n");
}

fn write_number(number: usize, out: &mut Vec<u8>) {
    if number >= 10 {
        out.push(b'0' + (number / 10) as u8);
    }
    out.push(b'0' + (number % 10) as u8);
}

pub(crate) fn bundle(case: &Case) -> Vec<u8> {
    let mut deflater = Deflater {
        compressor: Compressor::new(CompressionLvl::new(1).unwrap()),
        out: Vec::new(),
    };
    let (mut zip, mut index, mut svg) = (Zip::default(), String::new(), Vec::new());
    index.push_str("serial,gtin,resolver_url,filename\r\n");
    let mut name = String::new();
    for (number, code) in case.codes.iter().enumerate() {
        let mut builder = QRBuilder::new(code.resolver_url);
        write_svg(&builder.ecl(ECL::M).build().unwrap(), &mut svg);
        name.clear();
        write!(name, "qr/{:05}_{}.svg", number + 1, code.name).unwrap();
        let (serial, url) = (code.name, code.resolver_url);
        write!(index, "{serial},09506000134352,{url},{name}\r\n").unwrap();
        zip.add(&name, &svg, deflater.deflate(&svg));
    }
    zip.add(
        "index.csv",
        index.as_bytes(),
        deflater.deflate(index.as_bytes()),
    );
    let zip = zip.finish();
    hash(&zip);
    zip
}
