//! Why a logo is refused.

use super::MAX_BYTES;
use super::png::MAX_SIDE;

/// Why a logo is refused. The brand has to give another one.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LogoError {
    /// It is too large. Give a smaller PNG, or an SVG without what its editor keeps in it.
    #[error("the logo has `{bytes}` bytes, and at most `{MAX_BYTES}` are allowed")]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
    /// It is neither a PNG nor XML. Convert it to one of them.
    #[error("the logo is neither a PNG nor an SVG")]
    NotAnImage,
    /// It is an SVG, but not in UTF-8, or says so. Save it in UTF-8.
    #[error("the logo is not in UTF-8")]
    NotUtf8,
    /// It is XML that is not well-formed. Export it again.
    #[error("the logo is not well-formed XML: {reason}")]
    NotWellFormed {
        /// What is wrong, and where.
        reason: String,
    },
    /// The PNG does not decode. Export it again.
    #[error("the logo is a damaged PNG: {reason}")]
    DamagedPng {
        /// What is wrong with it.
        reason: String,
    },
    /// The PNG has too many pixels. Scale it down: a code shows some hundred.
    #[error(
        "the logo has `{width}` x `{height}` pixels, and at most `{MAX_SIDE}` x `{MAX_SIDE}` are allowed"
    )]
    TooManyPixels {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// Neither a `viewBox` nor width and height say how large the SVG is. Give it a `viewBox`.
    #[error("the logo has no size: neither a `viewBox` nor a width and a height")]
    NoSize,
    /// It is too long or too high to be seen in a code. Use the emblem without the name.
    #[error(
        "the logo is `{width}` x `{height}`, and may be at most 4 times as long as it is high, or as high as it is long"
    )]
    Proportions {
        /// Its width.
        width: f64,
        /// Its height.
        height: f64,
    },
    /// It declares a document type, which can define entities. Remove the `DOCTYPE`.
    #[error("the logo has a document type declaration")]
    Doctype,
    /// It has a script. Remove it.
    #[error("the logo has a script")]
    Script,
    /// It has an attribute that runs a script on an event. Remove it.
    #[error("the logo has the event handler `{attribute}`")]
    EventHandler {
        /// The attribute's name.
        attribute: String,
    },
    /// It refers to something outside itself. Embed a picture as PNG or JPEG in a `data:` URI,
    /// and remove the rest.
    #[error("the logo refers to `{reference}`, which is outside it")]
    External {
        /// What it refers to, cut after 80 characters.
        reference: String,
    },
    /// It has a processing instruction, such as one for a style sheet. Remove it.
    #[error("the logo has the processing instruction `{name}`")]
    ProcessingInstruction {
        /// The instruction's name.
        name: String,
    },
    /// It has an element that is not on the list of what only draws. Export it as a plain SVG,
    /// with text as paths and without animations, links, filters and foreign content.
    #[error("the logo has the element `{element}`, which is not allowed")]
    Element {
        /// The element's name.
        element: String,
    },
    /// It has an attribute that is not on the list of what only draws. Export it as a plain SVG.
    #[error("the logo has the attribute `{attribute}`, which is not allowed")]
    Attribute {
        /// The attribute's name.
        attribute: String,
    },
    /// A style has an at-rule, an escape, or a function that is not for colours and transforms.
    /// Export it with attributes instead of styles.
    #[error("the logo has a style with `{found}`, which is not allowed")]
    Style {
        /// What was found.
        found: String,
    },
    /// A `use` refers to something with a `use` in it, by which a small file can draw for ever.
    /// Export it without symbols in symbols.
    #[error("the logo uses `{id}`, which uses something itself")]
    NestedUse {
        /// The id of what is used.
        id: String,
    },
    /// It has elements inside one another more than 64 deep. Remove groups.
    #[error("the logo has elements more than 64 deep")]
    TooDeep,
}

/// As much of what a logo holds as a message needs.
pub(super) fn cut(text: &str) -> String {
    let shown = |c: char| {
        if c.is_control() {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        }
    };
    text.chars().take(80).map(shown).collect()
}
