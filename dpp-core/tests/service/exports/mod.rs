//! Exports: asked for, held, made pack by pack, downloaded and expired.

mod ending;
mod locks;
mod packs;
mod requests;
mod source;
mod taking;

pub(crate) mod support;
