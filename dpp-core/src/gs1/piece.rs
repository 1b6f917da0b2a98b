//! A part of an input that remembers where it stood in it.

#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Piece<'a> {
    pub(super) const fn whole(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) const fn end(self) -> usize {
        self.at + self.text.len()
    }

    /// The part of a whole input before a byte of it.
    pub(super) fn before(self, at: usize) -> Self {
        Self {
            text: self.text.get(..at).unwrap_or_default(),
            ..self
        }
    }

    /// The part of a whole input from a byte of it on.
    pub(super) fn after(self, at: usize) -> Self {
        Self {
            text: self.text.get(at..).unwrap_or_default(),
            at,
        }
    }

    /// What stands before the first separator, and what stands after it.
    pub(super) fn cut(self, separator: &str) -> (Self, Option<Self>) {
        let split = match separator.as_bytes() {
            // Preparing a search for a text takes longer than searching for a byte.
            [one] => self.text.split_once(char::from(*one)),
            _ => self.text.split_once(separator),
        };
        let Some((before, after)) = split else {
            return (self, None);
        };
        let after_at = self.at + before.len() + separator.len();
        (
            Self {
                text: before,
                ..self
            },
            Some(Self {
                text: after,
                at: after_at,
            }),
        )
    }

    /// The parts between separators of one byte each.
    pub(super) fn split(self, separators: &'static [char]) -> impl Iterator<Item = Self> {
        let mut at = self.at;
        self.text.split(separators).map(move |text| {
            let piece = Self { text, at };
            at += text.len() + 1;
            piece
        })
    }
}
