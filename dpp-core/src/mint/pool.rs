//! The serial pool of a product: it hands out what no two batches may share.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::request::{RowError, RowReason};
use crate::gs1::Serial;
use crate::identity::serial::{
    Block, NumberOrder, NumberRanges, SequentialFormat, SerialAllocation, SerialScheme, TagLength,
};
use crate::identity::{MintBatchId, PoolSeed, Scrambler};
use crate::store::typed_events;
use crate::text_rows::TextRows;

typed_events! {
    /// What happens to the serials of a product.
    pub enum PoolEvent {
        /// The pool was used for the first time.
        Opened(PoolOpened) = ("serial_pool_opened", 1),
        /// A batch got serials.
        Reserved(SerialsReserved) = ("serials_reserved", 1),
        /// A batch brought serials.
        Claimed(ProvidedSerialsClaimed) = ("provided_serials_claimed", 1),
    }
}

/// The pool was used for the first time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolOpened {
    /// Its secret.
    pub seed: PoolSeed,
}

/// A batch got serials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SerialsReserved {
    /// The batch.
    pub mint_batch_id: MintBatchId,
    /// What it got.
    pub serials: SerialAllocation,
}

/// A batch brought serials, which are claims of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvidedSerialsClaimed {
    /// The batch.
    pub mint_batch_id: MintBatchId,
    /// How many.
    pub quantity: u32,
    /// How many of them a numeric scheme could have made, too: a guess at a numeric serial may
    /// hit these as well.
    pub numbers: u32,
}

/// How likely a guess at a numeric serial may hit, at most: 1 in so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuessBound(u32);

impl GuessBound {
    /// 1 in `guesses`; 0 means as 1, which is no bound.
    pub const fn one_in(guesses: u32) -> Self {
        match guesses {
            0 => Self(1),
            _ => Self(guesses),
        }
    }

    /// How many numeric serials a product may have.
    pub const fn most_numbers(self) -> u64 {
        NumberOrder::DOMAIN / self.0 as u64
    }
}

/// 1 in 10,000: what EU law asks of medicines (Delegated Regulation 2016/161, Article 4(c))
/// and tobacco (Implementing Regulation 2018/574, Article 8(1)(c)).
impl Default for GuessBound {
    fn default() -> Self {
        Self::one_in(10_000)
    }
}

/// What a pool remembers: where each of its counters stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SerialPool {
    seed: Option<PoolSeed>,
    blocks: u32,
    tag_lengths: BTreeSet<TagLength>,
    numbers: u64,
    series: Vec<(SequentialFormat, u64)>,
    provided: u64,
    provided_numbers: u64,
}

/// Why a pool cannot hand out what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PoolRejection {
    /// All blocks are handed out. Use another scheme for this product.
    #[error(
        "all {} blocks of randomised serials of this product are handed out",
        Block::COUNT
    )]
    NoBlockLeft,
    /// The numbers of this form are used up. Use a form with more digits.
    #[error("serials of the form {format:?} have {left} numbers left, and {requested} are needed")]
    SeriesExhausted {
        /// The form.
        format: SequentialFormat,
        /// How many are left.
        left: u64,
        /// How many are needed.
        requested: u32,
    },
    /// Serials of the two forms could be equal. Use the other form, or another prefix.
    #[error("serials of the form {format:?} could equal those of {other:?}, which is in use")]
    SeriesOverlap {
        /// The form that was asked for.
        format: SequentialFormat,
        /// The form that is in use.
        other: SequentialFormat,
    },
    /// With so many numbers in use, those that the brand brought included, guessing would be
    /// too easy. Use another scheme.
    #[error(
        "with {requested} more numeric serials this product would have {total}, and at most \
         {most} keep the chance of a guess within its bound"
    )]
    GuessBound {
        /// How many were asked for.
        requested: u32,
        /// How many there would be.
        total: u64,
        /// How many there may be.
        most: u64,
    },
}

impl SerialPool {
    /// How many serials brands have brought themselves.
    pub const fn provided(&self) -> u64 {
        self.provided
    }

    /// Hands out serials for a batch: the events of it. `fresh` becomes the pool's secret if
    /// it has none yet; `taken` are the numbers to step over, because the brand has brought
    /// serials that equal theirs.
    ///
    /// # Errors
    /// [`PoolRejection`] when there are not enough left.
    pub fn reserve(
        &self,
        mint_batch_id: MintBatchId,
        quantity: u32,
        scheme: &SerialScheme,
        fresh: PoolSeed,
        bound: GuessBound,
        taken: &BTreeSet<u64>,
    ) -> Result<Vec<PoolEvent>, PoolRejection> {
        let seed = self.seed.unwrap_or(fresh);
        let serials = self.allocate(quantity, scheme, seed, bound, taken)?;
        let opened = self.opening(fresh);
        let reserved = PoolEvent::Reserved(SerialsReserved {
            mint_batch_id,
            serials,
        });
        Ok(opened.into_iter().chain([reserved]).collect())
    }

    /// Whether there are enough left, as far as it can be told before a job is reserved.
    ///
    /// # Errors
    /// [`PoolRejection`] when there are not.
    pub fn check(
        &self,
        quantity: u32,
        scheme: &SerialScheme,
        bound: GuessBound,
    ) -> Result<(), PoolRejection> {
        let seed = self.seed.unwrap_or(PoolSeed::from_bytes([0; 32]));
        self.allocate(quantity, scheme, seed, bound, &BTreeSet::new())
            .map(drop)
    }

    fn allocate(
        &self,
        quantity: u32,
        scheme: &SerialScheme,
        seed: PoolSeed,
        bound: GuessBound,
        taken: &BTreeSet<u64>,
    ) -> Result<SerialAllocation, PoolRejection> {
        match scheme {
            SerialScheme::Provided => Ok(SerialAllocation::Provided),
            SerialScheme::Randomised { tag_length } => {
                let block = Block::nth(self.blocks, &Scrambler::of_blocks(&seed));
                Ok(SerialAllocation::Randomised {
                    block: block.ok_or(PoolRejection::NoBlockLeft)?,
                    tag_length: *tag_length,
                })
            }
            SerialScheme::Sequential(format) => self.sequential(format, quantity, taken),
            SerialScheme::Numeric38 => self.numeric(seed, quantity, bound, taken),
        }
    }

    fn sequential(
        &self,
        format: &SequentialFormat,
        quantity: u32,
        taken: &BTreeSet<u64>,
    ) -> Result<SerialAllocation, PoolRejection> {
        let mut others = self.series.iter().map(|(other, _)| other);
        if let Some(other) = others.find(|other| other.overlaps(format)) {
            return Err(PoolRejection::SeriesOverlap {
                format: format.clone(),
                other: other.clone(),
            });
        }
        let next = self.next_of(format);
        let ranges = NumberRanges::stepping_over(next, quantity, taken);
        if ranges.end() > format.last() + 1 {
            let numbers = next..=format.last().max(next);
            return Err(PoolRejection::SeriesExhausted {
                format: format.clone(),
                left: (format.last() + 1)
                    .saturating_sub(next)
                    .saturating_sub(taken.range(numbers).count() as u64),
                requested: quantity,
            });
        }
        let format = format.clone();
        Ok(SerialAllocation::Sequential { format, ranges })
    }

    fn numeric(
        &self,
        pool_seed: PoolSeed,
        requested: u32,
        bound: GuessBound,
        taken: &BTreeSet<u64>,
    ) -> Result<SerialAllocation, PoolRejection> {
        let ranges = NumberRanges::stepping_over(self.numbers, requested, taken);
        let total = ranges.end().saturating_add(self.provided_numbers);
        let most = bound.most_numbers();
        if total > most {
            return Err(PoolRejection::GuessBound {
                requested,
                total,
                most,
            });
        }
        Ok(SerialAllocation::Numeric38 { pool_seed, ranges })
    }

    /// The first number of a series is 1.
    fn next_of(&self, format: &SequentialFormat) -> u64 {
        let known = self.series.iter().find(|(known, _)| known == format);
        known.map_or(1, |(_, next)| *next)
    }

    fn opening(&self, fresh: PoolSeed) -> Option<PoolEvent> {
        match self.seed {
            Some(_) => None,
            None => Some(PoolEvent::Opened(PoolOpened { seed: fresh })),
        }
    }

    /// Takes note of serials that a batch brings: the event of it.
    ///
    /// # Errors
    /// An error for each row that lies among those that this pool has generated.
    pub fn claim(
        &self,
        mint_batch_id: MintBatchId,
        rows: &TextRows,
    ) -> Result<PoolEvent, Vec<RowError>> {
        let errors = self.generated_rows(rows);
        if !errors.is_empty() {
            return Err(errors);
        }
        let quantity = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let is_number = |row: &&str| NumberOrder::number_of(row.as_bytes()).is_some();
        let numbers = rows.iter().filter(is_number).count();
        Ok(PoolEvent::Claimed(ProvidedSerialsClaimed {
            mint_batch_id,
            quantity,
            numbers: u32::try_from(numbers).unwrap_or(u32::MAX),
        }))
    }

    /// An error for each row that lies among those that this pool has generated.
    pub fn generated_rows(&self, rows: &TextRows) -> Vec<RowError> {
        let generated = Generated::of(self);
        let each = (1..).zip(rows.iter());
        each.filter(|(_, row)| Serial::parse(row).is_ok_and(|serial| generated.has(&serial)))
            .map(|(row, serial)| RowError {
                row,
                serial: serial.to_owned(),
                reason: RowReason::Generated,
            })
            .collect()
    }

    /// The state after an event.
    #[must_use]
    pub fn evolve(mut self, event: &PoolEvent) -> Self {
        match event {
            PoolEvent::Opened(event) => self.seed = Some(event.seed),
            PoolEvent::Claimed(event) => {
                let (quantity, numbers) = (event.quantity.into(), event.numbers.into());
                self.provided = self.provided.saturating_add(quantity);
                self.provided_numbers = self.provided_numbers.saturating_add(numbers);
            }
            PoolEvent::Reserved(event) => self.note(&event.serials),
        }
        self
    }

    fn note(&mut self, serials: &SerialAllocation) {
        match serials {
            SerialAllocation::None | SerialAllocation::Provided => {}
            SerialAllocation::Randomised { tag_length, .. } => {
                self.blocks = self.blocks.saturating_add(1);
                self.tag_lengths.insert(*tag_length);
            }
            SerialAllocation::Numeric38 { ranges, .. } => {
                self.numbers = self.numbers.max(ranges.end());
            }
            SerialAllocation::Sequential { format, ranges } => {
                let next = ranges.end().max(self.next_of(format));
                self.series.retain(|(known, _)| known != format);
                self.series.push((format.clone(), next));
            }
        }
    }
}

/// Tells which serials a pool has generated.
struct Generated<'a> {
    pool: &'a SerialPool,
    blocks: Option<Scrambler>,
    numbers: Option<NumberOrder>,
}

impl<'a> Generated<'a> {
    fn of(pool: &'a SerialPool) -> Self {
        let seed = pool.seed.as_ref();
        Self {
            blocks: seed.filter(|_| pool.blocks > 0).map(Scrambler::of_blocks),
            numbers: seed.filter(|_| pool.numbers > 0).map(NumberOrder::of_pool),
            pool,
        }
    }

    fn has(&self, serial: &Serial) -> bool {
        self.has_block(serial) || self.has_number(serial) || self.has_in_series(serial)
    }

    /// A block that was handed out belongs to its batch as a whole.
    fn has_block(&self, serial: &Serial) -> bool {
        let lengths = &self.pool.tag_lengths;
        let length_in_use = lengths
            .iter()
            .any(|length| length.serial_length() == serial.len());
        let (Some(order), Some(block), true) = (&self.blocks, Block::of(serial), length_in_use)
        else {
            return false;
        };
        block.number(order) < self.pool.blocks
    }

    fn has_number(&self, serial: &Serial) -> bool {
        let number = NumberOrder::number_of(serial.as_bytes());
        let place = self
            .numbers
            .as_ref()
            .zip(number)
            .map(|(order, number)| order.invert(number));
        place.is_some_and(|place| place < self.pool.numbers)
    }

    fn has_in_series(&self, serial: &Serial) -> bool {
        let mut series = self.pool.series.iter();
        series.any(|(format, next)| {
            let number = format.number_of(serial.as_bytes());
            number.is_some_and(|number| (1..*next).contains(&number))
        })
    }
}
