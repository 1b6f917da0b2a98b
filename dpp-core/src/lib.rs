//! The pure domain of Digital Product Passports.

pub mod gs1;
