//! The store against a real server.

mod conformance;
mod reads;
mod support;
