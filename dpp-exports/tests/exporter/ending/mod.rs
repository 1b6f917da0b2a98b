//! The end of exports, and links until then.

mod broken_off;
mod download;
mod expire;
mod listing;
