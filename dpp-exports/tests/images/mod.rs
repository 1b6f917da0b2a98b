//! Logos to test with.

#![allow(dead_code, reason = "each test file uses its part")]

use dpp_exports::logo::Logo;
use png::{BitDepth, ColorType, Encoder};

/// An SVG with this inside, 8 x 8.
pub(crate) fn svg(inside: &str) -> String {
    sized("viewBox=\"0 0 8 8\"", inside)
}

pub(crate) fn sized(size: &str, inside: &str) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {size}>{inside}</svg>")
}

/// A box in a colour, as wide as said and 10 high.
pub(crate) fn coloured(colour: &str, width: u32) -> Logo {
    let rect = format!("<rect width=\"{width}\" height=\"10\" fill=\"{colour}\"/>");
    let size = format!("viewBox=\"0 0 {width} 10\"");
    Logo::parse(sized(&size, &rect).as_bytes()).unwrap()
}

/// A PNG of these pixels, in grey.
pub(crate) fn png(width: u32, height: u32, mut pixel: impl FnMut() -> u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    let pixels: Vec<u8> = (0..width * height).map(|_| pixel()).collect();
    writer.write_image_data(&pixels).unwrap();
    writer.finish().unwrap();
    bytes
}

/// Bytes that look like chance.
pub(crate) fn noise() -> impl FnMut() -> u8 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    }
}

/// A PNG of dark and light squares, each as likely as not.
pub(crate) fn noisy(width: u32, height: u32) -> Logo {
    let mut noise = noise();
    Logo::parse(&png(
        width,
        height,
        || if noise() & 1 == 0 { 0 } else { 255 },
    ))
    .unwrap()
}
