//! Positions: the tag of a brand's feed, and the number of an event in it.

use dpp_core::store::log::Position;

/// The feed of one brand in one database: what all of its positions begin with. It is drawn with
/// the brand's first commit, and a copy of the database keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FeedTag(pub(crate) i64);

impl FeedTag {
    /// The position of the event with this number, from 1.
    pub(crate) fn position(self, number: i64) -> Position {
        let mut bytes = [0; 16];
        let (tag, place) = bytes.split_at_mut(8);
        tag.copy_from_slice(&self.0.to_be_bytes());
        place.copy_from_slice(&number.to_be_bytes());
        Position::from_bytes(bytes)
    }

    /// The number of the event at a position; none if it is of another feed.
    pub(crate) fn number(self, position: Position) -> Option<i64> {
        let bytes = position.to_bytes();
        let (tag, place) = bytes.split_first_chunk()?;
        let number = i64::from_be_bytes(place.try_into().ok()?);
        (i64::from_be_bytes(*tag) == self.0).then_some(number)
    }
}
