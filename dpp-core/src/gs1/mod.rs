//! GS1 values.
