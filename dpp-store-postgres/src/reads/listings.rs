//! Products, provided serials and counters.

use dpp_core::gs1::{Gtin, Serial};
use dpp_core::store::{BrandCounters, Order, ProvidedSerial, ReadStoreError};
use dpp_core::unit::UnitCounts;
use dpp_core::{BrandId, PageLimit, ProductId};
use tokio_postgres::Row;
use uuid::Uuid;

use super::answer::{Asking, FROM, Text, sort, statement};
use crate::fault::Failed;
use crate::tables::batch_id;

// From one product to the next: a product may have any number of batches.
static PRODUCTS: Text = Text::new(|| {
    statement(
        "x.product_id",
        "WITH RECURSIVE found AS (
             (SELECT b.product_id FROM batch b
               WHERE b.brand_id = $1 AND b.gtin = $2
               ORDER BY b.product_id LIMIT 1)
              UNION ALL
              SELECT (SELECT b.product_id FROM batch b
                       WHERE b.brand_id = $1 AND b.gtin = $2 AND b.product_id > found.product_id
                       ORDER BY b.product_id LIMIT 1)
                FROM found WHERE found.product_id IS NOT NULL)
         SELECT true AS there, product_id FROM found WHERE product_id IS NOT NULL",
    )
});

pub(super) async fn products(
    asking: Asking<'_>,
    gtin: Gtin,
) -> Result<Vec<ProductId>, ReadStoreError> {
    let (brand, gtin) = (asking.brand.as_uuid(), gtin.to_string());
    let answer = asking.ask(&PRODUCTS, &[brand, &gtin]).await?;
    let product = |row: &Row| Ok(ProductId::from_uuid(row.try_get(FROM)?));
    let mut products = collect(&answer.rows, product)?;
    sort(&mut products, Order::OldestFirst, |product| *product);
    Ok(products)
}

static PROVIDED: Text = Text::new(|| {
    statement(
        "x.serial, x.batch_id, x.index",
        "SELECT true AS there, p.serial, p.batch_id, p.index
           FROM provided_serial p
          WHERE p.brand_id = $1 AND (p.serial, p.batch_id, p.index) > ($2, $3, $4)
            AND p.serial < $5
          ORDER BY p.serial, p.batch_id, p.index
          LIMIT $6",
    )
});

pub(super) async fn provided(
    asking: Asking<'_>,
    prefix: &str,
    after: Option<ProvidedSerial>,
    limit: PageLimit,
) -> Result<Vec<ProvidedSerial>, ReadStoreError> {
    // That no serial can begin with it is no reason not to ask: the brand may be unreadable.
    let (first, end) = match prefix {
        "" => ("", "\u{7f}".to_owned()),
        _ if Serial::parse(prefix).is_err() => ("", String::new()),
        _ => (prefix, end_of(prefix)),
    };
    let after = after.filter(|after| after.serial.as_str() >= first);
    let (serial, batch, index) = match &after {
        Some(after) => (
            after.serial.as_str(),
            *after.batch.as_uuid(),
            i32::try_from(after.index).unwrap_or(i32::MAX),
        ),
        None => (first, Uuid::nil(), -1),
    };
    let (brand, most) = (asking.brand.as_uuid(), limit.get() as i64);
    let answer = asking
        .ask(&PROVIDED, &[brand, &serial, &batch, &index, &end, &most])
        .await?;
    let mut rows = collect(&answer.rows, provided_serial)?;
    sort(&mut rows, Order::OldestFirst, |row| *row);
    Ok(rows)
}

/// What comes after every text that begins with this one, which is ASCII as serials are.
fn end_of(prefix: &str) -> String {
    let mut end: Vec<char> = prefix.chars().collect();
    if let Some(last) = end.last_mut() {
        *last = char::from_u32(u32::from(*last) + 1).unwrap_or(char::MAX);
    }
    end.into_iter().collect()
}

fn provided_serial(row: &Row) -> Result<ProvidedSerial, Failed> {
    let text: &str = row.try_get(FROM)?;
    let index: i32 = row.try_get(FROM + 2)?;
    Ok(ProvidedSerial {
        serial: Serial::parse(text).map_err(Failed::damaged)?,
        batch: batch_id(row, FROM + 1)?,
        index: u32::try_from(index).map_err(Failed::damaged)?,
    })
}

const COUNTERS: &str = "SELECT h.unreadable, h.tag, true, h.batches, h.units_made, h.units_active,
        h.units_revoked, h.completed_exports
   FROM brand_head h WHERE h.brand_id = $1";

pub(super) async fn counters(asking: Asking<'_>) -> Result<BrandCounters, ReadStoreError> {
    let brand: BrandId = asking.brand;
    let answer = asking.ask(COUNTERS, &[brand.as_uuid()]).await?;
    let counters = answer.rows.first().map(counted).transpose()?;
    Ok(counters.unwrap_or_default())
}

fn counted(row: &Row) -> Result<BrandCounters, Failed> {
    let count = |at: usize| -> Result<u64, Failed> {
        let count: i64 = row.try_get(FROM + at)?;
        u64::try_from(count).map_err(Failed::damaged)
    };
    Ok(BrandCounters {
        batches: count(0)?,
        units: UnitCounts {
            made: count(1)?,
            active: count(2)?,
            revoked: count(3)?,
        },
        completed_exports: count(4)?,
    })
}

fn collect<T>(rows: &[Row], of: impl Fn(&Row) -> Result<T, Failed>) -> Result<Vec<T>, Failed> {
    rows.iter().map(of).collect()
}
