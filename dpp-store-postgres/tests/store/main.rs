//! The store against a real server.

mod conformance;
mod rebuild;
mod rebuild_damage;
mod rebuild_live;
mod sql;
mod support;
mod units;
mod world;
