//! Which language somebody wants, and which of those there are comes closest.

mod accept;
mod tag;

pub use accept::{AcceptLanguage, MAX_LANGUAGE_RANGES};
pub use tag::{LanguageTag, LanguageTagError, MAX_LANGUAGE_TAG};
