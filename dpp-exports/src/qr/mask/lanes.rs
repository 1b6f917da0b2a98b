//! The same row of several symbols side by side.
//!
//! What is done to a row of one is done to all: these loops over arrays become instructions on
//! whole vectors, as wide as the machine has them.

use std::ops::{BitAnd, BitOr, BitXor, Not, Shl, Shr};

/// A row of modules: bit `x` is set if the one in column `x` is dark.
pub(in crate::qr) trait Word: Copy + Send + Sync + BitXor<Output = Self> {
    fn of(row: u128) -> Self;
    fn wide(self) -> u128;
}

impl Word for u64 {
    fn of(row: u128) -> Self {
        row as Self
    }

    fn wide(self) -> u128 {
        self.into()
    }
}

impl Word for u128 {
    fn of(row: u128) -> Self {
        row
    }

    fn wide(self) -> u128 {
        self
    }
}

/// One row of each of `N` symbols. Shifts are by less than 64.
pub(super) trait Lanes<const N: usize>:
    Copy
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Not<Output = Self>
    + Shl<u32, Output = Self>
    + Shr<u32, Output = Self>
{
    const NONE: Self;

    fn of(rows: [u128; N]) -> Self;
    fn rows(self) -> [u128; N];
    fn row(self, symbol: usize) -> u128;
    fn add_ones(self, counts: &mut [u64; N]);
    fn is_none(self) -> bool;

    /// The same row in all.
    fn all(row: u128) -> Self {
        Self::of([row; N])
    }
}

/// Of symbols of up to 64 modules.
#[derive(Clone, Copy)]
pub(super) struct Narrow<const N: usize>([u64; N]);

/// Of larger ones: the first 64 columns, and the others.
#[derive(Clone, Copy)]
pub(super) struct Wide<const N: usize>(Narrow<N>, Narrow<N>);

impl<const N: usize> Narrow<N> {
    #[inline(always)]
    fn map(self, each: impl Fn(u64) -> u64) -> Self {
        Self(self.0.map(each))
    }

    #[inline(always)]
    fn with(mut self, other: Self, each: impl Fn(u64, u64) -> u64) -> Self {
        let lanes = self.0.iter_mut().zip(other.0);
        lanes.for_each(|(one, other)| *one = each(*one, other));
        self
    }
}

impl<const N: usize> Lanes<N> for Narrow<N> {
    const NONE: Self = Self([0; N]);

    #[inline(always)]
    fn of(rows: [u128; N]) -> Self {
        Self(rows.map(|row| row as u64))
    }

    #[inline(always)]
    fn rows(self) -> [u128; N] {
        self.0.map(u128::from)
    }

    #[inline(always)]
    fn row(self, symbol: usize) -> u128 {
        self.0.get(symbol).copied().unwrap_or_default().into()
    }

    #[inline(always)]
    fn add_ones(self, counts: &mut [u64; N]) {
        let lanes = counts.iter_mut().zip(self.0);
        lanes.for_each(|(count, lane)| *count += u64::from(lane.count_ones()));
    }

    #[inline(always)]
    fn is_none(self) -> bool {
        self.0 == [0; N]
    }
}

impl<const N: usize> Lanes<N> for Wide<N> {
    const NONE: Self = Self(Narrow([0; N]), Narrow([0; N]));

    #[inline(always)]
    fn of(rows: [u128; N]) -> Self {
        Self(Narrow::of(rows), Narrow::of(rows.map(|row| row >> 64)))
    }

    #[inline(always)]
    fn rows(self) -> [u128; N] {
        let (mut rows, high) = (self.0.rows(), self.1.rows());
        let lanes = rows.iter_mut().zip(high);
        lanes.for_each(|(row, high)| *row |= high << 64);
        rows
    }

    #[inline(always)]
    fn row(self, symbol: usize) -> u128 {
        self.0.row(symbol) | self.1.row(symbol) << 64
    }

    #[inline(always)]
    fn add_ones(self, counts: &mut [u64; N]) {
        self.0.add_ones(counts);
        self.1.add_ones(counts);
    }

    #[inline(always)]
    fn is_none(self) -> bool {
        (self.0 | self.1).is_none()
    }
}

macro_rules! bit_by_bit {
    ($($operator:ident $method:ident),*) => {$(
        impl<const N: usize> $operator for Narrow<N> {
            type Output = Self;

            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                self.with(other, |one, other| one.$method(other))
            }
        }

        impl<const N: usize> $operator for Wide<N> {
            type Output = Self;

            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(self.0.$method(other.0), self.1.$method(other.1))
            }
        }
    )*};
}

bit_by_bit!(BitAnd bitand, BitOr bitor, BitXor bitxor);

impl<const N: usize> Not for Narrow<N> {
    type Output = Self;

    #[inline(always)]
    fn not(self) -> Self {
        self.map(|lane| !lane)
    }
}

impl<const N: usize> Not for Wide<N> {
    type Output = Self;

    #[inline(always)]
    fn not(self) -> Self {
        Self(!self.0, !self.1)
    }
}

impl<const N: usize> Shl<u32> for Narrow<N> {
    type Output = Self;

    #[inline(always)]
    fn shl(self, by: u32) -> Self {
        self.map(|lane| lane << by)
    }
}

impl<const N: usize> Shl<u32> for Wide<N> {
    type Output = Self;

    #[inline(always)]
    fn shl(self, by: u32) -> Self {
        Self(self.0 << by, self.1 << by | self.0 >> (u64::BITS - by))
    }
}

impl<const N: usize> Shr<u32> for Narrow<N> {
    type Output = Self;

    #[inline(always)]
    fn shr(self, by: u32) -> Self {
        self.map(|lane| lane >> by)
    }
}

impl<const N: usize> Shr<u32> for Wide<N> {
    type Output = Self;

    #[inline(always)]
    fn shr(self, by: u32) -> Self {
        Self(self.0 >> by | self.1 << (u64::BITS - by), self.1 >> by)
    }
}
