//! The plain way.

use std::io::{Cursor, Write};

use dpp_exports::bundle::Design;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::cases::Case;
use crate::hash;

/// The plain way; with a logo, as little of it as shows the same picture.
pub(crate) fn bundle(case: &Case) -> Vec<u8> {
    let level = case.logo.as_ref().map_or(EcLevel::M, |_| EcLevel::H);
    let picture = case.logo.as_ref().map(|logo| {
        let design = Design::new(&case.codes, Some(logo)).unwrap();
        let first = case.codes.iter().next().unwrap();
        let svg = String::from_utf8(design.svg(first.resolver_url).unwrap()).unwrap();
        svg[svg.find("<svg x=").unwrap()..svg.find("<path").unwrap()].to_owned()
    });
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut index = String::from("serial,gtin,resolver_url,filename\r\n");
    for (number, code) in case.codes.iter().enumerate() {
        let symbol = QrCode::with_error_correction_level(code.resolver_url, level).unwrap();
        let mut svg = symbol.render::<svg::Color<'_>>().build();
        if let Some(picture) = &picture {
            svg = svg.replace("</svg>", &format!("{picture}</svg>"));
        }
        let name = format!("qr/{:05}_{}.svg", number + 1, code.name);
        index += &format!(
            "{},09506000134352,{},{name}\r\n",
            code.name, code.resolver_url
        );
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(svg.as_bytes()).unwrap();
    }
    zip.start_file("index.csv", SimpleFileOptions::default())
        .unwrap();
    zip.write_all(index.as_bytes()).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    hash(&zip);
    zip
}
