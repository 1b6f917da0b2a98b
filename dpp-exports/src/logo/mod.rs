//! A brand's logo, and its place in the centre of a QR code.
//!
//! A logo comes from people, and goes into files that printers and browsers open. So it is
//! checked once, strictly: an SVG may draw, and may neither run, load nor hide anything; a PNG has
//! to decode. What is refused says why.
//!
//! A code with a logo has error correction H. The logo takes whole modules in the symbol's centre
//! with a light margin of one module around it: as many as fit without touching a finder, timing
//! or alignment pattern, the format or the version information; at most 11 % of all; and so few
//! that, of what each Reed-Solomon block can put right, at least half is left for dirt and wear
//! (grade B of ISO/IEC 15415), even if all that the logo touches is read wrong.
//!
//! In versions 7 to 13 and 21 to 27 an alignment pattern lies in the very centre. A text that
//! needs one of 7 to 13 gets a symbol of version 14, and one that needs more than 20 gets none. So
//! with a logo, a text of up to 58 bytes has at most 41 modules, and a longer one 73 or more. In
//! alphanumeric mode it is 84 characters: with a logo, put the host into upper case
//! ([`upper_case_host`](crate::qr::upper_case_host)).
//!
//! ```
//! use dpp_exports::logo::Logo;
//!
//! let logo = Logo::parse(br#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">
//!     <circle cx="4" cy="4" r="4" fill="teal"/>
//! </svg>"#)?;
//! println!("{}", logo.sha256());
//!
//! let refused = Logo::parse(br#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">
//!     <script>alert(1)</script>
//! </svg>"#);
//! assert_eq!(refused.unwrap_err().to_string(), "the logo has a script");
//! # Ok::<(), dpp_exports::logo::LogoError>(())
//! ```

mod error;
mod place;

mod allowed;
mod css;
mod png;
mod svg;

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dpp_core::export::Sha256Digest;
use sha2::{Digest, Sha256};

use crate::qr::{Area, Picture, QUIET_ZONE, SvgTemplate, Version};

pub use error::LogoError;

/// The most bytes that a logo may have: 256 KiB.
pub const MAX_BYTES: usize = 256 * 1024;

const MOST_TO_ONE: f64 = 4.0;
const XLINK: &str = " xmlns:xlink=\"http://www.w3.org/1999/xlink\"";

/// A logo that was checked.
#[derive(Clone, PartialEq)]
pub struct Logo {
    bytes: Vec<u8>,
    format: Format,
    size: Size,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Png,
    Svg,
}

/// Width and height, in whatever unit.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Size {
    width: f64,
    height: f64,
}

impl Logo {
    /// Checks an SVG or a PNG; which of them, its content says.
    ///
    /// # Errors
    /// [`LogoError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, LogoError> {
        if bytes.len() > MAX_BYTES {
            return Err(LogoError::TooLarge { bytes: bytes.len() });
        }
        let (format, size) = if png::is_png(bytes) {
            (Format::Png, png::check(bytes)?)
        } else if svg::is_xml(bytes) {
            (Format::Svg, svg::check(bytes)?)
        } else {
            return Err(LogoError::NotAnImage);
        };
        let ratio = size.width / size.height;
        if !(1.0 / MOST_TO_ONE..=MOST_TO_ONE).contains(&ratio) {
            let Size { width, height } = size;
            return Err(LogoError::Proportions { width, height });
        }
        Ok(Self {
            bytes: bytes.to_vec(),
            format,
            size,
        })
    }

    /// Its bytes as they were given.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The SHA-256 over its bytes as they were given, by which an export records what it used.
    pub fn sha256(&self) -> Sha256Digest {
        Sha256Digest::from_bytes(Sha256::digest(&self.bytes).into())
    }

    /// Where it lies in a symbol of this version; none if there is no room for it in the centre.
    ///
    /// The area has an odd number of columns and rows, and the symbol's central module in its
    /// middle. The logo keeps its proportions inside the area without its outermost modules.
    pub fn area(&self, version: Version) -> Option<Area> {
        place::place(self.size.width / self.size.height, version)
    }

    /// Draws symbols of this version with the logo; none if there is no room for it.
    pub fn template(&self, version: Version) -> Option<SvgTemplate> {
        let area = self.area(version)?;
        let picture = Picture {
            area,
            element: self.element(&area),
            namespaces: XLINK,
        };
        Some(SvgTemplate::with(version, Some(picture)))
    }

    /// A view port of its own keeps the logo in its box, whatever it draws outside its own.
    /// `href` stands where SVG 1.1 has it, since many programs of printers read no other.
    fn element(&self, area: &Area) -> String {
        let margin = place::MARGIN;
        let (x, y) = (area.x + margin + QUIET_ZONE, area.y + margin + QUIET_ZONE);
        let (width, height) = (area.width - 2 * margin, area.height - 2 * margin);
        let size = format!("width=\"{width}\" height=\"{height}\"");
        let kind = match self.format {
            Format::Png => "png",
            Format::Svg => "svg+xml",
        };
        let data = STANDARD.encode(&self.bytes);
        format!(
            "<svg x=\"{x}\" y=\"{y}\" {size}><image {size} \
             xlink:href=\"data:image/{kind};base64,{data}\"/></svg>"
        )
    }
}

impl fmt::Debug for Logo {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Logo")
            .field("format", &self.format)
            .field("size", &self.size)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}
