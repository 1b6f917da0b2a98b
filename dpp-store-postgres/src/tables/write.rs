//! Writing back what changed.

use dpp_core::identity::MintBatchId;
use dpp_core::store::BatchRecord;
use dpp_core::unit::{UnitCounts, UnitStatus};
use uuid::Uuid;

use super::chunk;
use super::exports::write_exports;
use super::state::{Held, Tables};
use crate::fault::Failed;
use crate::pipeline::{Param, Step};

impl Tables {
    /// The statements that write what changed, but for the head: one for each table, however
    /// many rows.
    pub(crate) fn steps(&self) -> Result<Vec<Step<'static>>, Failed> {
        let mut steps = Vec::new();
        self.write_batches(&mut steps)?;
        self.write_lots(&mut steps);
        self.write_units(&mut steps);
        self.write_chunks(&mut steps);
        self.write_allocations(&mut steps)?;
        self.write_provided(&mut steps);
        let changed = self.changed_exports.iter();
        let exports = changed.filter_map(|id| self.exports.get(id));
        steps.extend(write_exports(self.brand(), exports));
        Ok(steps)
    }

    fn brand(&self) -> Uuid {
        *self.whose.brand.as_uuid()
    }

    fn write_batches(&self, steps: &mut Vec<Step<'static>>) -> Result<(), Failed> {
        let changed = self.batches.values().filter(|held| held.row_changed());
        let mut rows = BatchRows::default();
        for held in changed {
            rows.push(&held.fold.record)?;
        }
        if !rows.batch_id.is_empty() {
            steps.push(Step::With(BATCHES, rows.params(self.brand())));
        }
        Ok(())
    }

    fn write_lots(&self, steps: &mut Vec<Step<'static>>) {
        let new = self.batches.values().filter(|held| held.was.is_none());
        let (mut codes, mut times, mut batches) = (Vec::new(), Vec::new(), Vec::new());
        for record in new.map(|held| &held.fold.record) {
            for lot in record.batch.facts.lots.as_slice() {
                codes.push(lot.lot_code.to_string());
                times.push(record.accepted_at.unix_millis());
                batches.push(*record.batch.facts.mint_batch_id.as_uuid());
            }
        }
        if !codes.is_empty() {
            let params: Vec<Param<'static>> = vec![
                Box::new(self.brand()),
                Box::new(codes),
                Box::new(times),
                Box::new(batches),
            ];
            steps.push(Step::With(LOTS, params));
        }
    }

    fn write_units(&self, steps: &mut Vec<Step<'static>>) {
        let changed = self.batches.iter().filter(|(_, held)| held.units_changed());
        let (mut ids, mut lots) = (Vec::new(), Vec::new());
        let [mut made, mut active, mut revoked] = [Vec::new(), Vec::new(), Vec::new()];
        for (id, held) in changed {
            let units = held.fold.record.units;
            ids.push(*id.as_uuid());
            made.push(units.made as i64);
            active.push(units.active as i64);
            revoked.push(units.revoked as i64);
            // An array of arrays has no rows of different lengths: a text does.
            let numbers = held.fold.exceptions.lots.iter().map(|lot| lot.to_string());
            lots.push(format!("{{{}}}", numbers.collect::<Vec<_>>().join(",")));
        }
        if !ids.is_empty() {
            let params: Vec<Param<'static>> = vec![
                Box::new(self.brand()),
                Box::new(ids),
                Box::new(made),
                Box::new(active),
                Box::new(revoked),
                Box::new(lots),
            ];
            steps.push(Step::With(UNITS, params));
        }
    }

    fn write_chunks(&self, steps: &mut Vec<Step<'static>>) {
        let (mut ids, mut chunks) = (Vec::new(), Vec::new());
        let [mut activated, mut revoked] = [Vec::new(), Vec::new()];
        for (id, held) in &self.batches {
            let exceptions = &held.fold.exceptions;
            for chunk in &held.chunks {
                ids.push(*id.as_uuid());
                chunks.push(*chunk);
                activated.push(chunk::encode(&exceptions.activated, *chunk));
                revoked.push(chunk::encode(&exceptions.revoked, *chunk));
            }
        }
        if !ids.is_empty() {
            let params: Vec<Param<'static>> = vec![
                Box::new(self.brand()),
                Box::new(ids),
                Box::new(chunks),
                Box::new(activated),
                Box::new(revoked),
            ];
            steps.push(Step::With(CHUNKS, params));
        }
    }

    fn write_allocations(&self, steps: &mut Vec<Step<'static>>) -> Result<(), Failed> {
        let (mut products, mut numbers) = (Vec::new(), Vec::new());
        let (mut batches, mut allocations) = (Vec::new(), Vec::new());
        for allocation in &self.allocations {
            let held = self.batches.get(&allocation.batch);
            let fixed = held.and_then(|held| held.fold.record.batch.identity.as_ref());
            let Some(fixed) = fixed else { continue };
            products.push(*allocation.product.as_uuid());
            numbers.push(allocation.number);
            batches.push(*allocation.batch.as_uuid());
            allocations.push(serde_json::to_vec(&fixed.serials).map_err(Failed::damaged)?);
        }
        if !batches.is_empty() {
            let params: Vec<Param<'static>> = vec![
                Box::new(self.brand()),
                Box::new(products),
                Box::new(numbers),
                Box::new(batches),
                Box::new(allocations),
            ];
            steps.push(Step::With(ALLOCATIONS, params));
        }
        Ok(())
    }

    fn write_provided(&self, steps: &mut Vec<Step<'static>>) {
        if self.provided.is_empty() {
            return;
        }
        let rows = || self.provided.iter();
        let serials: Vec<_> = rows().map(|row| row.serial.to_string()).collect();
        let batches: Vec<_> = rows().map(|row| *row.batch.as_uuid()).collect();
        let indexes: Vec<_> = rows().map(|row| row.index as i32).collect();
        let params: Vec<Param<'static>> = vec![
            Box::new(self.brand()),
            Box::new(serials),
            Box::new(batches),
            Box::new(indexes),
        ];
        steps.push(Step::With(PROVIDED, params));
    }
}

/// In which statuses a batch has units.
fn holds(units: UnitCounts) -> [bool; 3] {
    [UnitStatus::Minted, UnitStatus::Active, UnitStatus::Revoked].map(|status| units.of(status) > 0)
}

impl Held {
    /// A scan changes the row of a batch only if it is the first to make a unit active there.
    fn row_changed(&self) -> bool {
        let was = self.was.map(holds);
        self.record_changed || was != Some(holds(self.fold.record.units))
    }

    fn units_changed(&self) -> bool {
        self.lots_changed || self.was != Some(self.fold.record.units)
    }
}

/// Rows of `batch`, column by column.
#[derive(Default)]
struct BatchRows {
    batch_id: Vec<Uuid>,
    prefix: Vec<i64>,
    accepted_at: Vec<i64>,
    product_id: Vec<Uuid>,
    gtin: Vec<Option<String>>,
    status: Vec<&'static str>,
    job_status: Vec<&'static str>,
    can_run: Vec<bool>,
    held_until: Vec<Option<i64>>,
    serials_first: Vec<Option<String>>,
    serials_last: Vec<Option<String>>,
    holds: [Vec<bool>; 3],
    record: Vec<Vec<u8>>,
}

impl BatchRows {
    fn push(&mut self, record: &BatchRecord) -> Result<(), Failed> {
        let (batch, facts) = (&record.batch, &record.batch.facts);
        let id: MintBatchId = facts.mint_batch_id;
        let span = batch
            .identity
            .as_ref()
            .and_then(|fixed| fixed.serials.span());
        self.batch_id.push(*id.as_uuid());
        self.prefix.push(id.prefix().to_bits() as i64);
        self.accepted_at.push(record.accepted_at.unix_millis());
        self.product_id.push(*facts.product_id.as_uuid());
        self.gtin.push(facts.gtin.map(|gtin| gtin.to_string()));
        self.status.push(batch.status.as_str());
        self.job_status.push(batch.job.as_str());
        self.can_run.push(batch.job.can_run());
        let lease = batch.lease.as_ref();
        self.held_until
            .push(lease.map(|lease| lease.until.unix_millis()));
        self.serials_first
            .push(span.as_ref().map(|span| span.first().to_owned()));
        self.serials_last
            .push(span.as_ref().map(|span| span.last().to_owned()));
        for (column, holds) in self.holds.iter_mut().zip(holds(record.units)) {
            column.push(holds);
        }
        self.record
            .push(record.to_stored_json().map_err(Failed::damaged)?);
        Ok(())
    }

    fn params(self, brand: Uuid) -> Vec<Param<'static>> {
        let [minted, active, revoked] = self.holds;
        vec![
            Box::new(brand),
            Box::new(self.batch_id),
            Box::new(self.prefix),
            Box::new(self.accepted_at),
            Box::new(self.product_id),
            Box::new(self.gtin),
            Box::new(self.status),
            Box::new(self.job_status),
            Box::new(self.can_run),
            Box::new(self.held_until),
            Box::new(self.serials_first),
            Box::new(self.serials_last),
            Box::new(minted),
            Box::new(active),
            Box::new(revoked),
            Box::new(self.record),
        ]
    }
}

const BATCHES: &str = "INSERT INTO batch
    SELECT $1, * FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::uuid[], $6::text[],
        $7::text[], $8::text[], $9::boolean[], $10::bigint[], $11::text[], $12::text[],
        $13::boolean[], $14::boolean[], $15::boolean[], $16::bytea[])
    ON CONFLICT (brand_id, batch_id) DO UPDATE SET
        product_id = excluded.product_id, gtin = excluded.gtin, status = excluded.status,
        job_status = excluded.job_status, can_run = excluded.can_run,
        held_until = excluded.held_until, serials_first = excluded.serials_first,
        serials_last = excluded.serials_last, holds_minted = excluded.holds_minted,
        holds_active = excluded.holds_active, holds_revoked = excluded.holds_revoked,
        record = excluded.record";

const LOTS: &str = "INSERT INTO batch_lot
    SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::uuid[])
    ON CONFLICT DO NOTHING";

const UNITS: &str = "INSERT INTO batch_units
    SELECT $1, u.batch_id, u.made, u.active, u.revoked, u.lots::integer[]
      FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[])
           AS u (batch_id, made, active, revoked, lots)
    ON CONFLICT (brand_id, batch_id) DO UPDATE SET
        made = excluded.made, active = excluded.active, revoked = excluded.revoked,
        active_lots = excluded.active_lots";

const CHUNKS: &str = "INSERT INTO unit_exceptions
    SELECT $1, * FROM unnest($2::uuid[], $3::integer[], $4::bytea[], $5::bytea[])
    ON CONFLICT (brand_id, batch_id, chunk) DO UPDATE SET
        activated = excluded.activated, revoked = excluded.revoked";

const ALLOCATIONS: &str = "INSERT INTO serial_allocation
    SELECT $1, * FROM unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::bytea[])
    ON CONFLICT DO NOTHING";

const PROVIDED: &str = "INSERT INTO provided_serial
    SELECT $1, * FROM unnest($2::text[], $3::uuid[], $4::integer[])
    ON CONFLICT DO NOTHING";
