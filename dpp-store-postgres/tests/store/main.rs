//! The store against a real server.

mod catalogue;
mod conformance;
mod failures;
mod follow;
#[path = "../support/host.rs"]
mod host;
mod no_skip;
mod open;
mod proxy;
mod settled;
mod silence;
mod support;
mod tls;
mod workers;
