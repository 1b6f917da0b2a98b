-- Units of the batches that somebody asked for, one to a row, for SQL that goes beyond this library's
-- questions. Nothing else depends on these tables.

-- How far a batch is written: its units below `upto` are there, and stand as they stood at the
-- position `as_of`, or later.
CREATE TABLE unit_batch (
    brand_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    upto integer NOT NULL DEFAULT 0,
    as_of bigint NOT NULL DEFAULT 0,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (brand_id, batch_id)
);

CREATE TABLE unit (
    brand_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    index integer NOT NULL,
    unit_id uuid NOT NULL,
    serial text COLLATE "C",
    gtin text,
    lot_code text COLLATE "C",
    product_id uuid NOT NULL,
    status text NOT NULL,
    made_at timestamptz NOT NULL,
    resolver_url text NOT NULL,
    PRIMARY KEY (brand_id, batch_id, index)
) WITH (fillfactor = 90);
CREATE INDEX unit_by_serial ON unit (brand_id, serial, product_id) WHERE serial IS NOT NULL;
