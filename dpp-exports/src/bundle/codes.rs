//! What a bundle is made of.

use std::borrow::Cow;

use dpp_core::export::ROWS_PER_PACK;
use dpp_core::gs1::Gtin;

use crate::qr::{Lengths, upper_case_host};

/// One code, and how often it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code<'a> {
    /// The serial or the lot code.
    pub name: &'a str,
    /// The text of the QR code.
    pub resolver_url: &'a str,
    /// How many files it gets.
    pub copies: u32,
}

/// Why a code cannot be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodesError {
    /// A bundle would get too many files. Put the rest into another one.
    #[error("the bundle would have `{files}` codes, and at most `{ROWS_PER_PACK}` are allowed")]
    TooMany {
        /// How many it would have.
        files: u64,
    },
}

/// The codes of one bundle in print order, at most 10,000 with all copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codes {
    kind: CodeKind,
    gtin: Option<Gtin>,
    upper_case: bool,
    text: String,
    codes: Vec<Placed>,
    files: u32,
    lengths: Lengths,
}

/// What the codes of a bundle stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodeKind {
    Serials,
    Lots,
}

/// Where a code's name and URL lie in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Placed {
    start: usize,
    name_end: usize,
    end: usize,
    copies: u32,
}

impl Codes {
    /// None yet, of units with serials; the GTIN is that of their product if it has one.
    pub const fn of_serials(gtin: Option<Gtin>) -> Self {
        Self::new(CodeKind::Serials, gtin)
    }

    /// None yet, of lots.
    pub const fn of_lots(gtin: Option<Gtin>) -> Self {
        Self::new(CodeKind::Lots, gtin)
    }

    const fn new(kind: CodeKind, gtin: Option<Gtin>) -> Self {
        Self {
            kind,
            gtin,
            upper_case: false,
            text: String::new(),
            codes: Vec::new(),
            files: 0,
            lengths: Lengths::NONE,
        }
    }

    /// Puts scheme and host of the URLs that are added from here on into upper case (see
    /// [`upper_case_host`]).
    #[must_use]
    pub const fn in_upper_case(mut self) -> Self {
        self.upper_case = true;
        self
    }

    /// Adds the code of one unit.
    ///
    /// # Errors
    /// [`CodesError`].
    pub fn push(&mut self, name: &str, resolver_url: &str) -> Result<(), CodesError> {
        self.push_copies(name, resolver_url, 1)
    }

    /// Adds the code of a lot, and so many copies of it.
    ///
    /// # Errors
    /// [`CodesError`].
    pub fn push_copies(
        &mut self,
        name: &str,
        resolver_url: &str,
        copies: u32,
    ) -> Result<(), CodesError> {
        let files = u64::from(self.files) + u64::from(copies);
        self.files = u32::try_from(files)
            .ok()
            .filter(|files| *files <= ROWS_PER_PACK)
            .ok_or(CodesError::TooMany { files })?;
        let resolver_url = match self.upper_case {
            true => upper_case_host(resolver_url),
            false => Cow::Borrowed(resolver_url),
        };
        let start = self.text.len();
        self.text.push_str(name);
        self.text.push_str(&resolver_url);
        self.lengths.add(&resolver_url);
        self.codes.push(Placed {
            start,
            name_end: start + name.len(),
            end: self.text.len(),
            copies,
        });
        Ok(())
    }

    /// How many files the bundle has, without the index.
    pub const fn files(&self) -> u32 {
        self.files
    }

    /// The codes in print order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Code<'_>> + Clone {
        self.codes.iter().map(|placed| self.code(placed))
    }

    /// So many codes, from one on.
    pub(crate) fn some(&self, start: usize, count: usize) -> impl Iterator<Item = Code<'_>> {
        let rest = self.codes.get(start..).unwrap_or_default();
        rest.iter().take(count).map(|placed| self.code(placed))
    }

    fn code(&self, placed: &Placed) -> Code<'_> {
        let text = |from, to| self.text.get(from..to).unwrap_or_default();
        Code {
            name: text(placed.start, placed.name_end),
            resolver_url: text(placed.name_end, placed.end),
            copies: placed.copies,
        }
    }

    /// How long the longest texts are.
    pub const fn lengths(&self) -> &Lengths {
        &self.lengths
    }

    /// The product's GTIN.
    pub const fn gtin(&self) -> Option<&Gtin> {
        self.gtin.as_ref()
    }

    pub(crate) const fn kind(&self) -> CodeKind {
        self.kind
    }
}
