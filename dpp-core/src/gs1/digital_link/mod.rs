//! GS1 Digital Links of trade items.

use std::fmt;
use std::str::FromStr;

use super::base::ResolverBase;
use super::gtin::Gtin;
use super::percent::encode;
use super::text::{LotCode, ProductVariant, Serial, ThirdPartySerial};
use crate::serde_text::serde_as_text;

mod ai;
mod error;
mod path;
mod query;
mod read;

pub(super) use ai::is_primary_key;
pub use error::{DigitalLinkError, DigitalLinkErrorKind};

/// The most bytes of a Digital Link that is parsed. GS1 sets no limit; common servers and proxies do, from 2,048
/// bytes on.
pub const MAX_LINK: usize = 2048;

/// A GS1 Digital Link, uncompressed, whose key is a GTIN.
///
/// Two links can be equal in what they identify and differ in base, query or fragment: what an item *is*, are
/// the values of [`gtin`](Self::gtin) and [`qualifiers`](Self::qualifiers), never the text of the link.
///
/// Source: GS1 Digital Link: URI Syntax 1.7, 4.
///
/// ```
/// use dpp_core::gs1::{DigitalLink, Gtin, LotCode, ResolverBase};
///
/// let base = ResolverBase::parse("https://id.example.com/eu")?;
/// let link = DigitalLink::product(base, Gtin::parse("09506000134352")?).with_lot(LotCode::parse("7/2026")?);
/// assert_eq!(link.to_string(), "https://id.example.com/eu/01/09506000134352/10/7%2F2026");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DigitalLink {
    base: ResolverBase,
    gtin: Gtin,
    path: Qualifiers,
    // INVARIANT: legal for `path`; AI (10) may stand in the query of a third party's link only.
    query: Option<String>,
    fragment: Option<String>,
}

/// What a link says about its GTIN. The two branches exclude one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Qualifiers {
    /// The brand's own qualifiers, in the order of the path; none of them for the product as such.
    Item {
        /// The consumer product variant, AI (22).
        variant: Option<ProductVariant>,
        /// The batch or lot, AI (10).
        lot: Option<LotCode>,
        /// The serial, AI (21).
        serial: Option<Serial>,
    },
    /// A third party's serial, AI (235), alone.
    ThirdParty(ThirdPartySerial),
}

impl Qualifiers {
    /// No qualifier: the product as such.
    pub const NONE: Self = Self::Item {
        variant: None,
        lot: None,
        serial: None,
    };

    const fn item(self) -> (Option<ProductVariant>, Option<LotCode>, Option<Serial>) {
        match self {
            Self::Item {
                variant,
                lot,
                serial,
            } => (variant, lot, serial),
            Self::ThirdParty(_) => (None, None, None),
        }
    }
}

/// Building.
impl DigitalLink {
    /// The link of a product, to which qualifiers can be added.
    pub const fn product(base: ResolverBase, gtin: Gtin) -> Self {
        Self {
            base,
            gtin,
            path: Qualifiers::NONE,
            query: None,
            fragment: None,
        }
    }

    /// The link of an item by a third party's serial.
    pub const fn third_party(base: ResolverBase, gtin: Gtin, serial: ThirdPartySerial) -> Self {
        Self {
            base,
            gtin,
            path: Qualifiers::ThirdParty(serial),
            query: None,
            fragment: None,
        }
    }

    /// The same link with this variant. A third party's link loses its serial and its query.
    pub fn with_variant(self, variant: ProductVariant) -> Self {
        let (_, lot, serial) = self.path.item();
        self.with_item(Qualifiers::Item {
            variant: Some(variant),
            lot,
            serial,
        })
    }

    /// The same link with this lot. A third party's link loses its serial and its query.
    pub fn with_lot(self, lot: LotCode) -> Self {
        let (variant, _, serial) = self.path.item();
        self.with_item(Qualifiers::Item {
            variant,
            lot: Some(lot),
            serial,
        })
    }

    /// The same link with this serial. A third party's link loses its own serial and its query.
    pub fn with_serial(self, serial: Serial) -> Self {
        let (variant, lot, _) = self.path.item();
        self.with_item(Qualifiers::Item {
            variant,
            lot,
            serial: Some(serial),
        })
    }

    fn with_item(mut self, item: Qualifiers) -> Self {
        if matches!(self.path, Qualifiers::ThirdParty(_)) {
            self.query = None;
        }
        Self { path: item, ..self }
    }
}

/// Reading.
impl DigitalLink {
    /// Reads a link as a GS1 conformant resolver does.
    ///
    /// - Scheme and host may have either case; before `/01/` there may be a stem.
    /// - The link's own path starts at the first segment `01`. A stem never holds a GS1 key, so there is one way
    ///   to read a link: one that could be read in two (`/01/shop/01/...`) is refused, not guessed at.
    /// - The GTIN has 14 digits. Qualifiers stand in the order 22, 10, 21, or 235 stands alone; each at most
    ///   once in path and query together, none of them empty.
    /// - One slash after a complete path is ignored: the URI syntax does not allow it, but a resolver SHOULD
    ///   tolerate it (GS1-Conformant Resolver 1.2.1), since people and programs add it.
    /// - Query and fragment are kept byte for byte. The query's parameters stand between `&` or `;`; an AI there
    ///   has to be a data attribute, once, with a value of the GS1 character set 82, where `+` means a space.
    ///   What each attribute demands of its value (a date, say) is not checked. Parameters of other names, which
    ///   have a letter in them, are not looked at.
    /// - At most [`MAX_LINK`] bytes, in the form given and in the normal form ([`Display`](fmt::Display)).
    ///
    /// Not read: compressed links, short names (`/gtin/`), other keys than (01).
    ///
    /// # Errors
    ///
    /// A [`DigitalLinkError`] with the byte at which the first thing is wrong.
    ///
    /// ```
    /// use dpp_core::gs1::{DigitalLink, DigitalLinkErrorKind};
    ///
    /// let link = DigitalLink::parse("https://id.example.com/01/09506000134352/21/32a%2Fb?linkType=gs1:dpp")?;
    /// assert_eq!(link.serial().unwrap().as_str(), "32a/b");
    /// assert_eq!(link.query(), Some("linkType=gs1:dpp"));
    ///
    /// let error = DigitalLink::parse("https://id.example.com/01/09506000134352/21/A/10/B").unwrap_err();
    /// assert_eq!((error.at, &error.kind), (46, &DigitalLinkErrorKind::OutOfOrder { ai: "10", after: "21" }));
    /// # Ok::<(), dpp_core::gs1::DigitalLinkError>(())
    /// ```
    pub fn parse(input: &str) -> Result<Self, DigitalLinkError> {
        read::read(input)
    }

    /// Reads the path and the query of a link on a host that was read before, in lower case, as
    /// [`parse`](Self::parse) reads the whole. Where something is wrong is a byte of the path or, of
    /// the query, of the query.
    pub(crate) fn parse_on(
        host: &str,
        path: &str,
        query: Option<&str>,
    ) -> Result<Self, DigitalLinkError> {
        read::read_on(host, path, query)
    }

    /// What the link starts with.
    pub const fn base(&self) -> &ResolverBase {
        &self.base
    }

    /// The GTIN, AI (01).
    pub const fn gtin(&self) -> Gtin {
        self.gtin
    }

    /// What the path says about the GTIN.
    pub const fn qualifiers(&self) -> Qualifiers {
        self.path
    }

    /// The consumer product variant, AI (22).
    pub const fn variant(&self) -> Option<ProductVariant> {
        self.path.item().0
    }

    /// The batch or lot of the path, AI (10).
    pub const fn lot(&self) -> Option<LotCode> {
        self.path.item().1
    }

    /// The serial, AI (21).
    pub const fn serial(&self) -> Option<Serial> {
        self.path.item().2
    }

    /// The third party's serial, AI (235).
    pub const fn third_party_serial(&self) -> Option<ThirdPartySerial> {
        match self.path {
            Qualifiers::ThirdParty(serial) => Some(serial),
            Qualifiers::Item { .. } => None,
        }
    }

    /// What stands behind the `?`, byte for byte; `None` without a `?`.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// What stands behind the `#`, byte for byte; `None` without a `#`.
    pub fn fragment(&self) -> Option<&str> {
        self.fragment.as_deref()
    }
}

/// Other forms of the link.
impl DigitalLink {
    /// The link with scheme and host in upper case, so that a QR code can stay in alphanumeric mode, which is a
    /// size smaller. It names the same item: only the case of scheme and host means nothing.
    ///
    /// It helps if stem, serial and lot are in upper case too, and there is no query: see
    /// [`is_alphanumeric`](Self::is_alphanumeric).
    pub fn to_upper_case_string(&self) -> String {
        format!("{}{}", self.base.to_upper_case_string(), Tail(self))
    }

    /// Whether the upper-case form fits the alphanumeric mode of a QR code: `0-9 A-Z $ % * + - . / :` and space.
    /// Percent escapes do; lower case, `_`, `~`, queries and fragments do not.
    ///
    /// Source: ISO/IEC 18004, 7.4.4.
    pub fn is_alphanumeric(&self) -> bool {
        let fits = |byte: u8| {
            byte.is_ascii_uppercase() || byte.is_ascii_digit() || b" $%*+-./:".contains(&byte)
        };
        self.to_upper_case_string().bytes().all(fits)
    }

    /// The canonical link: under `https://id.gs1.org`, with the query's data attributes alone, sorted by their AI.
    ///
    /// Of a link close to [`MAX_LINK`] it can be longer than that.
    ///
    /// Source: GS1 Digital Link: URI Syntax 1.7, 4.12.
    ///
    /// ```
    /// use dpp_core::gs1::DigitalLink;
    ///
    /// let link = DigitalLink::parse("http://example.com/p/01/09506000134352/21/A7?17=261231;lang=de;11=260101#top")?;
    /// let canonical = "https://id.gs1.org/01/09506000134352/21/A7?11=260101&17=261231";
    /// assert_eq!(link.canonical().to_string(), canonical);
    /// # Ok::<(), dpp_core::gs1::DigitalLinkError>(())
    /// ```
    pub fn canonical(&self) -> Self {
        Self {
            base: ResolverBase::gs1(),
            gtin: self.gtin,
            path: self.path,
            query: self
                .query()
                .and_then(|text| query::canonical(text, &self.path)),
            fragment: None,
        }
    }
}

/// What every serial link of a GTIN starts with: base, GTIN and `/21/`. The percent-encoded serial completes it.
///
/// ```
/// use dpp_core::gs1::{Gtin, ResolverBase, percent, serial_link_prefix};
///
/// let base = ResolverBase::parse("https://id.example.com")?;
/// let mut link = serial_link_prefix(&base, &Gtin::parse("9506000134352")?).into_bytes();
/// percent::push_encoded(&mut link, b"K7M4Q2X9PRTW");
/// assert_eq!(link, b"https://id.example.com/01/09506000134352/21/K7M4Q2X9PRTW");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn serial_link_prefix(base: &ResolverBase, gtin: &Gtin) -> String {
    format!("{base}/01/{gtin}/21/")
}

/// The link of a lot.
///
/// ```
/// use dpp_core::gs1::{Gtin, LotCode, ResolverBase, lot_link};
///
/// let base = ResolverBase::parse("https://id.example.com")?;
/// let link = lot_link(&base, &Gtin::parse("9506000134352")?, &LotCode::parse("7/2026")?);
/// assert_eq!(link, "https://id.example.com/01/09506000134352/10/7%2F2026");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn lot_link(base: &ResolverBase, gtin: &Gtin, lot: &LotCode) -> String {
    format!("{base}/01/{gtin}/10/{}", encode(lot.as_bytes()))
}

/// What follows the base.
struct Tail<'a>(&'a DigitalLink);

impl fmt::Display for Tail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(link) = self;
        write!(f, "/01/{}{}", link.gtin, link.path)?;
        if let Some(query) = &link.query {
            write!(f, "?{query}")?;
        }
        if let Some(fragment) = &link.fragment {
            write!(f, "#{fragment}")?;
        }
        Ok(())
    }
}

/// The qualifiers as a path, `/10/LOT42A/21/7`; nothing if there are none.
impl fmt::Display for Qualifiers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::ThirdParty(serial) = self {
            return write!(f, "/235/{}", encode(serial.as_bytes()));
        }
        let (variant, lot, serial) = self.item();
        if let Some(variant) = variant {
            write!(f, "/22/{}", encode(variant.as_bytes()))?;
        }
        if let Some(lot) = lot {
            write!(f, "/10/{}", encode(lot.as_bytes()))?;
        }
        if let Some(serial) = serial {
            write!(f, "/21/{}", encode(serial.as_bytes()))?;
        }
        Ok(())
    }
}

/// The normal form: scheme and host in lower case, every byte of a value that is not unreserved percent-encoded
/// with upper-case hex, no slash at the end; query and fragment as they were. It parses to an equal link.
impl fmt::Display for DigitalLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.base, Tail(self))
    }
}

impl FromStr for DigitalLink {
    type Err = DigitalLinkError;

    fn from_str(input: &str) -> Result<Self, DigitalLinkError> {
        Self::parse(input)
    }
}

serde_as_text!(DigitalLink, "a GS1 Digital Link of a GTIN");
