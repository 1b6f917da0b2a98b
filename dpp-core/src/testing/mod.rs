//! Tests for those who build on the library (feature `testing`).
