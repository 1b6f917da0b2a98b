//! Symbols up to their data mask, and which module of them holds what.

mod layout;
mod linear;
mod modules;

pub(crate) use layout::Layout;
pub(super) use linear::Linear;
pub(super) use modules::Modules;
