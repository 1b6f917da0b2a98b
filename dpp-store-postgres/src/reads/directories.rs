//! What the serial pools of products have handed out, kept by the process.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use dpp_core::identity::serial::{SerialAllocation, SerialDirectory};
use dpp_core::store::ReadStoreError;
use dpp_core::{BrandId, ProductId};
use tokio_postgres::Row;

use super::answer::{Answer, Asking, FROM, Text, statement};
use crate::fault::Failed;
use crate::tables::batch_id;

/// The directories that were asked for. Each only grows, and is read on from where it was read
/// to.
#[derive(Default)]
pub(crate) struct Directories(Mutex<HashMap<(BrandId, ProductId), Held>>);

/// More are not kept: all are forgotten then, and those still asked for read again.
const MOST: usize = 1_024;

#[derive(Clone, Default)]
struct Held {
    /// The last position that is in it.
    upto: i64,
    of: Of,
    directory: Arc<SerialDirectory>,
}

/// The feed, and the first event in it that is passed over. Tables that were rebuilt may have
/// rows where there were none.
type Of = (Option<i64>, Option<i64>);

static BEYOND: Text = Text::new(|| {
    statement(
        "x.position, x.batch_id, x.allocation",
        "SELECT true AS there, a.position, a.batch_id, a.allocation
           FROM serial_allocation a
          WHERE a.brand_id = $1 AND a.product_id = $2 AND a.position > $3
          ORDER BY a.position
         OFFSET 0",
    )
});

pub(super) async fn of(
    asking: Asking<'_>,
    product: ProductId,
) -> Result<Option<Arc<SerialDirectory>>, ReadStoreError> {
    let kept = &asking.shared.directories;
    let key = (asking.brand, product);
    let known = kept.get(key);
    let upto = known.as_ref().map_or(0, |known| known.upto);
    let answer = beyond(asking, product, upto).await?;
    let of = (answer.tag.map(|tag| tag.0), answer.unreadable);
    match known {
        Some(known) if known.of == of => Ok(kept.add(key, known, &answer)?),
        Some(_) => {
            let whole = beyond(asking, product, 0).await?;
            kept.forget(key);
            Ok(kept.add(
                key,
                Held {
                    of,
                    ..Held::default()
                },
                &whole,
            )?)
        }
        None => Ok(kept.add(
            key,
            Held {
                of,
                ..Held::default()
            },
            &answer,
        )?),
    }
}

async fn beyond(
    asking: Asking<'_>,
    product: ProductId,
    upto: i64,
) -> Result<Answer, ReadStoreError> {
    let (brand, product) = (asking.brand.as_uuid(), product.as_uuid());
    asking.ask(&BEYOND, &[brand, product, &upto]).await
}

impl Directories {
    fn get(&self, key: (BrandId, ProductId)) -> Option<Held> {
        self.with(|kept| kept.get(&key).cloned())
    }

    fn forget(&self, key: (BrandId, ProductId)) {
        self.with(|kept| kept.remove(&key));
    }

    /// Adds rows to what was known when they were asked for, or to what another task has come
    /// to know meanwhile; none if there is nothing.
    fn add(
        &self,
        key: (BrandId, ProductId),
        known: Held,
        answer: &Answer,
    ) -> Result<Option<Arc<SerialDirectory>>, Failed> {
        if answer.rows.is_empty() {
            return Ok((known.upto > 0).then_some(known.directory));
        }
        let rows: Result<Vec<_>, _> = answer.rows.iter().map(allocation).collect();
        let mut rows = rows?;
        rows.sort_by_key(|(position, ..)| *position);
        self.with(|kept| {
            let other = kept.remove(&key).filter(|other| other.of == known.of);
            let mut held = match other {
                Some(other) if other.upto >= known.upto => other,
                _ => known,
            };
            let directory = Arc::make_mut(&mut held.directory);
            for (position, batch, allocation) in &rows {
                if *position > held.upto {
                    directory.insert(*batch, allocation);
                    held.upto = *position;
                }
            }
            if kept.len() >= MOST {
                kept.clear();
            }
            let directory = held.directory.clone();
            kept.insert(key, held);
            Ok(Some(directory))
        })
    }

    // Whoever panicked with the lock held has taken out what it was changing.
    fn with<T>(&self, change: impl FnOnce(&mut HashMap<(BrandId, ProductId), Held>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn allocation(
    row: &Row,
) -> Result<(i64, dpp_core::identity::MintBatchId, SerialAllocation), Failed> {
    let json: &[u8] = row.try_get(FROM + 2)?;
    let allocation = serde_json::from_slice(json).map_err(Failed::damaged)?;
    Ok((row.try_get(FROM)?, batch_id(row, FROM + 1)?, allocation))
}

impl fmt::Debug for Directories {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Directories").finish_non_exhaustive()
    }
}
