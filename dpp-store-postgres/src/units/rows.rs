//! The rows of units, as they are copied into the table.

use std::ops::Range;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dpp_core::Timestamp;
use dpp_core::identity::{ProvidedSerials, Unit};
use dpp_core::read::BatchUnits;
use dpp_core::unit::UnitExceptions;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use crate::fault::Failed;
use crate::lone::Lone;

const COPY: &str = "COPY unit (brand_id, batch_id, index, unit_id, serial, gtin, lot_code,
       product_id, status, made_at, resolver_url) FROM STDIN BINARY";

const TYPES: [Type; 11] = [
    Type::UUID,
    Type::UUID,
    Type::INT4,
    Type::UUID,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::UUID,
    Type::TEXT,
    Type::TIMESTAMPTZ,
    Type::TEXT,
];

/// Some units of a batch with all that their rows say.
pub(super) struct Units<'a> {
    pub(super) units: &'a BatchUnits,
    pub(super) exceptions: &'a UnitExceptions,
    pub(super) indexes: Range<u32>,
    pub(super) provided: Option<ProvidedSerials>,
}

impl Units<'_> {
    /// Copies the rows into the table, within the transaction that is open.
    pub(super) async fn copy(self, lone: &Lone) -> Result<(), Failed> {
        let client = lone.client()?;
        lone.within(async {
            let sink = client.copy_in(COPY).await?;
            let writer = BinaryCopyInWriter::new(sink, &TYPES);
            futures::pin_mut!(writer);
            let facts = self.units.facts();
            let shared = Shared {
                brand: *facts.brand_id.as_uuid(),
                batch: *facts.mint_batch_id.as_uuid(),
                product: *facts.product_id.as_uuid(),
                gtin: facts.gtin.map(|gtin| gtin.to_string()),
            };
            let indexes = self.indexes.clone();
            for unit in self.units.units(indexes, self.provided.clone()) {
                let row = self.row(&unit);
                writer.as_mut().write(&row.cells(&shared)).await?;
            }
            writer.finish().await?;
            Ok(())
        })
        .await
    }

    fn row(&self, unit: &Unit) -> Row {
        let units = self.units;
        let lot = units.facts().lots.lot_of(unit.index);
        let status = units
            .record()
            .of_units()
            .status(self.exceptions, unit.index);
        Row {
            index: unit.index as i32,
            unit_id: *unit.id.as_uuid(),
            serial: unit.serial.map(|serial| serial.to_string()),
            lot_code: lot.map(|lot| lot.lot_code.to_string()),
            status: status.as_str(),
            made_at: units.made_at(unit.index).map_or(UNIX_EPOCH, system_time),
            resolver_url: units.urls().url(unit),
        }
    }
}

/// What all units of a batch share.
struct Shared {
    brand: Uuid,
    batch: Uuid,
    product: Uuid,
    gtin: Option<String>,
}

struct Row {
    index: i32,
    unit_id: Uuid,
    serial: Option<String>,
    lot_code: Option<String>,
    status: &'static str,
    made_at: SystemTime,
    resolver_url: String,
}

impl Row {
    fn cells<'a>(&'a self, of: &'a Shared) -> [&'a (dyn ToSql + Sync); 11] {
        [
            &of.brand,
            &of.batch,
            &self.index,
            &self.unit_id,
            &self.serial,
            &of.gtin,
            &self.lot_code,
            &of.product,
            &self.status,
            &self.made_at,
            &self.resolver_url,
        ]
    }
}

fn system_time(at: Timestamp) -> SystemTime {
    let millis = at.unix_millis();
    let distance = Duration::from_millis(millis.unsigned_abs());
    let moved = match millis < 0 {
        true => UNIX_EPOCH.checked_sub(distance),
        false => UNIX_EPOCH.checked_add(distance),
    };
    moved.unwrap_or(UNIX_EPOCH)
}
