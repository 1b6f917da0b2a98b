//! Batches by id, by prefix and by key.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use dpp_core::PageLimit;
use dpp_core::identity::{BatchPrefix, MintBatchId};
use dpp_core::store::{BatchQuery, BatchRecord, JobKey, Order, ReadStoreError};
use dpp_core::unit::UnitStatus;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::answer::{Answer, Asking, FROM, Text, sort, statement, words};
use crate::fault::Failed;
use crate::tables::record;

const COLUMNS: &str = "x.record, x.made, x.active, x.revoked";

/// Up to so many batches whose ids lie in a range are sorted; of more, the keys of all of the
/// brand are gone through in their order.
const MOST_SORTED: usize = 1_000;

/// Batches with the counts of their units, which are looked up for each by itself.
fn counted(batches: &str) -> String {
    let with_units = format!(
        "SELECT b.*, u.made, u.active, u.revoked
           FROM ({batches}) b
           LEFT JOIN LATERAL
                (SELECT * FROM batch_units u
                  WHERE u.brand_id = $1 AND u.batch_id = b.batch_id OFFSET 0) u ON true"
    );
    statement(COLUMNS, &with_units)
}

fn one(column: &str) -> String {
    counted(&format!(
        "SELECT true AS there, batch_id, record FROM batch
          WHERE brand_id = $1 AND {column} = $2 LIMIT 1"
    ))
}

static BY_ID: Text = Text::new(|| one("batch_id"));
static BY_PREFIX: Text = Text::new(|| one("prefix"));

pub(super) async fn by_id(
    asking: Asking<'_>,
    batch: MintBatchId,
) -> Result<Option<Arc<BatchRecord>>, ReadStoreError> {
    let (brand, batch) = (asking.brand.as_uuid(), batch.as_uuid());
    let answer = asking.ask(&BY_ID, &[brand, batch]).await?;
    Ok(records(&answer)?.pop())
}

pub(super) async fn by_prefix(
    asking: Asking<'_>,
    prefix: BatchPrefix,
) -> Result<Option<Arc<BatchRecord>>, ReadStoreError> {
    let (brand, bits) = (asking.brand.as_uuid(), bits(prefix));
    let answer = asking.ask(&BY_PREFIX, &[brand, &bits]).await?;
    Ok(records(&answer)?.pop())
}

static BY_IDS: Text = Text::new(|| {
    counted(
        "SELECT true AS there, b.batch_id, b.record
           FROM unnest($2::uuid[]) AS asked (batch_id)
          CROSS JOIN LATERAL
                (SELECT * FROM batch b
                  WHERE b.brand_id = $1 AND b.batch_id = asked.batch_id OFFSET 0) b",
    )
});

pub(super) async fn by_ids(
    asking: Asking<'_>,
    batches: &[MintBatchId],
) -> Result<Vec<Arc<BatchRecord>>, ReadStoreError> {
    let ids: BTreeSet<_> = batches.iter().map(|batch| *batch.as_uuid()).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let answer = asking.ask(&BY_IDS, &[asking.brand.as_uuid(), &ids]).await?;
    Ok(records(&answer)?)
}

pub(super) async fn page(
    asking: Asking<'_>,
    query: &BatchQuery,
    order: Order,
    after: Option<JobKey>,
    limit: PageLimit,
) -> Result<Vec<Arc<BatchRecord>>, ReadStoreError> {
    let mut asked = Asked::new(query, order);
    let sql = counted(&asked.select());
    let (at, batch) = match (after, order) {
        (Some(key), _) => (key.accepted_at.unix_millis(), *key.batch.as_uuid()),
        (None, Order::NewestFirst) => (i64::MAX, Uuid::max()),
        (None, Order::OldestFirst) => (i64::MIN, Uuid::nil()),
    };
    let (brand, most) = (asking.brand.as_uuid(), limit.get() as i64);
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![brand, &at, &batch, &most];
    for param in &asked.params {
        params.push(&**param);
    }
    let answer = asking.ask(&sql, &params).await?;
    let mut records = records(&answer)?;
    sort(&mut records, order, |record| record.key());
    Ok(records)
}

fn records(answer: &Answer) -> Result<Vec<Arc<BatchRecord>>, Failed> {
    let rows = answer.rows.iter();
    rows.map(|row| record(row, FROM).map(Arc::new)).collect()
}

pub(super) fn bits(prefix: BatchPrefix) -> i64 {
    prefix.to_bits() as i64
}

/// A statement for a query, and its parameters from the fifth on. There are as many texts as
/// there are sets of filters.
struct Asked<'a> {
    query: &'a BatchQuery,
    order: Order,
    /// What has to hold of a batch `b`, but for the lot and the range of ids.
    filters: String,
    params: Vec<Box<dyn ToSql + Sync + Send>>,
}

impl<'a> Asked<'a> {
    fn new(query: &'a BatchQuery, order: Order) -> Self {
        let mut asked = Self {
            query,
            order,
            filters: String::new(),
            params: Vec::new(),
        };
        if let Some(status) = query.status {
            asked.equals("status", status.as_str());
        }
        if let Some(status) = query.job_status {
            asked.equals("job_status", status.as_str());
        }
        if let Some(product) = query.product {
            asked.equals("product_id", *product.as_uuid());
        }
        match query.holding {
            Some(UnitStatus::Minted) => asked.filters.push_str(" AND b.holds_minted"),
            Some(UnitStatus::Active) => asked.filters.push_str(" AND b.holds_active"),
            Some(UnitStatus::Revoked) => asked.filters.push_str(" AND b.holds_revoked"),
            None => {}
        }
        if let Some(prefix) = &query.serials {
            asked.may_begin_with(prefix);
        }
        asked
    }

    fn equals(&mut self, column: &str, value: impl ToSql + Sync + Send + 'static) {
        let number = self.param(value);
        let _infallible = write!(self.filters, " AND b.{column} = ${number}");
    }

    /// Byte by byte, as `SerialSpan::may_begin_with`. The texts of spans are ASCII.
    fn may_begin_with(&mut self, prefix: &str) {
        let length = self.param(i32::try_from(prefix.len()).unwrap_or(i32::MAX));
        let bytes = self.param(prefix.as_bytes().to_vec());
        let _infallible = write!(
            self.filters,
            " AND convert_to(left(b.serials_first, ${length}), 'UTF8') <= ${bytes}
              AND convert_to(b.serials_last, 'UTF8') >= ${bytes}"
        );
    }

    fn param(&mut self, value: impl ToSql + Sync + Send + 'static) -> usize {
        self.params.push(Box::new(value));
        self.params.len() + 4
    }

    fn select(&mut self) -> String {
        let ids = self.query.ids.clone();
        let ids = ids.map(|ids| (self.param(bits(*ids.start())), self.param(bits(*ids.end()))));
        match (self.query.lot, ids) {
            (Some(lot), ids) => {
                let lot = self.param(lot.to_string());
                let keys = self.keys(&format!(
                    "batch_lot WHERE brand_id = $1 AND lot_code = ${lot} AND"
                ));
                self.by_keys(&keys, &within(ids))
            }
            (None, Some(ids)) => self.by_ids(ids),
            (None, None) => self.by_key(""),
        }
    }

    /// The batches beyond the key, in their order.
    fn by_key(&self, more: &str) -> String {
        let (beyond, direction) = words(self.order);
        let filters = &self.filters;
        format!(
            "SELECT true AS there, b.batch_id, b.record FROM batch b
              WHERE b.brand_id = $1 AND (b.accepted_at, b.batch_id) {beyond} ($2, $3)
                    {filters}{more}
              ORDER BY b.accepted_at {direction}, b.batch_id {direction}
              LIMIT $4"
        )
    }

    /// The keys in a table that are beyond the key, in their order.
    fn keys(&self, table: &str) -> String {
        let (beyond, direction) = words(self.order);
        format!(
            "SELECT accepted_at, batch_id FROM {table} (accepted_at, batch_id) {beyond} ($2, $3)
              ORDER BY accepted_at {direction}, batch_id {direction}
             OFFSET 0"
        )
    }

    /// The batches with these keys, in their order, each looked up by itself.
    fn by_keys(&self, keys: &str, more: &str) -> String {
        let (_, direction) = words(self.order);
        let filters = &self.filters;
        format!(
            "SELECT true AS there, b.batch_id, b.record
               FROM ({keys}) k
              CROSS JOIN LATERAL
                    (SELECT * FROM batch b
                      WHERE b.brand_id = $1 AND b.batch_id = k.batch_id {filters}{more}
                     OFFSET 0) b
              ORDER BY k.accepted_at {direction}, k.batch_id {direction}
              LIMIT $4"
        )
    }

    /// The batches in a range of ids: if they are few, they are sorted.
    fn by_ids(&self, ids: (usize, usize)) -> String {
        let (first, last) = ids;
        let counted = "(SELECT count(*) FROM few)";
        let few = self.by_keys(
            &self.keys(&format!("few WHERE {counted} <= {MOST_SORTED} AND")),
            "",
        );
        let many = self.by_key(&format!(
            "{} AND {counted} > {MOST_SORTED}",
            within(Some(ids))
        ));
        let one_more = MOST_SORTED + 1;
        format!(
            "WITH few AS MATERIALIZED
                  (SELECT accepted_at, batch_id FROM batch
                    WHERE brand_id = $1 AND prefix >= ${first} AND prefix <= ${last}
                    ORDER BY prefix LIMIT {one_more})
             ({few}) UNION ALL ({many})"
        )
    }
}

/// That the id of a batch `b` lies in a range, said so that no index is used for it.
fn within(ids: Option<(usize, usize)>) -> String {
    ids.map(|(first, last)| format!(" AND b.prefix + 0 >= ${first} AND b.prefix + 0 <= ${last}"))
        .unwrap_or_default()
}
