//! Export packs.
