//! Paths of symbols, deflated by a code that is made for them.
//!
//! A compressor looks for what repeats and counts what is frequent, for every file anew. Of the
//! paths of QR codes both is known: each run has nearly the text of the one before, and
//! the statistics are those of random modules. So one Huffman code stands here for all
//! paths, and which text is a back reference is a rule; the deflated text of several runs side by
//! side is a bit string that is ready in a table.
//!
//! What a path is deflated to is a function of the path alone: not of a machine, a number of
//! threads, or other codes. The rule is in [`runs`]; [`fragments`] is as much of it as fits in a
//! table.
//!
//! Source: RFC 1951.

mod bits;
mod code;
mod fragments;
mod runs;

pub(super) use fragments::{Fragments, PathWriter};

#[cfg(test)]
pub(super) mod tests;
