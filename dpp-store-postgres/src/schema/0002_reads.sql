-- What reads need beside the log. Everything here follows from the events: what is missing of it is
-- made again, by these statements, and filled from them.

-- `record` holds the seed that a batch's units follow from, as the events do.
CREATE TABLE batch (
    brand_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    prefix bigint NOT NULL,
    accepted_at bigint NOT NULL,
    product_id uuid NOT NULL,
    gtin text,
    status text NOT NULL,
    job_status text NOT NULL,
    can_run boolean NOT NULL,
    held_until bigint,
    serials_first text COLLATE "C",
    serials_last text COLLATE "C",
    holds_minted boolean NOT NULL,
    holds_active boolean NOT NULL,
    holds_revoked boolean NOT NULL,
    record bytea NOT NULL,
    PRIMARY KEY (brand_id, batch_id)
);
CREATE INDEX batch_by_key ON batch (brand_id, accepted_at, batch_id);
CREATE INDEX batch_by_status ON batch (brand_id, status, accepted_at, batch_id);
CREATE INDEX batch_by_job_status ON batch (brand_id, job_status, accepted_at, batch_id);
CREATE INDEX batch_by_product ON batch (brand_id, product_id, accepted_at, batch_id);
CREATE INDEX batch_by_prefix ON batch (brand_id, prefix);
CREATE INDEX batch_by_gtin ON batch (brand_id, gtin, product_id) WHERE gtin IS NOT NULL;
CREATE INDEX batch_with_minted ON batch (brand_id, accepted_at, batch_id) WHERE holds_minted;
CREATE INDEX batch_with_active ON batch (brand_id, accepted_at, batch_id) WHERE holds_active;
CREATE INDEX batch_with_revoked ON batch (brand_id, accepted_at, batch_id) WHERE holds_revoked;
CREATE INDEX batch_that_can_run ON batch (accepted_at, batch_id, brand_id) WHERE can_run;

CREATE TABLE batch_lot (
    brand_id uuid NOT NULL,
    lot_code text COLLATE "C" NOT NULL,
    accepted_at bigint NOT NULL,
    batch_id uuid NOT NULL,
    PRIMARY KEY (brand_id, lot_code, accepted_at, batch_id)
);

-- What each scan changes of a batch, apart from what it does not change.
CREATE TABLE batch_units (
    brand_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    made bigint NOT NULL,
    active bigint NOT NULL,
    revoked bigint NOT NULL,
    active_lots integer[] NOT NULL,
    PRIMARY KEY (brand_id, batch_id)
) WITH (fillfactor = 50);

-- The units that are not as their batch is, 4,096 to a row: see `chunk.rs` for the bytes.
CREATE TABLE unit_exceptions (
    brand_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    chunk integer NOT NULL,
    activated bytea NOT NULL,
    revoked bytea NOT NULL,
    PRIMARY KEY (brand_id, batch_id, chunk)
) WITH (fillfactor = 70);

-- What the serial pool of a product gave to a batch, at the position of the event that says so.
CREATE TABLE serial_allocation (
    brand_id uuid NOT NULL,
    product_id uuid NOT NULL,
    position bigint NOT NULL,
    batch_id uuid NOT NULL,
    allocation bytea NOT NULL,
    PRIMARY KEY (brand_id, product_id, position)
);
CREATE INDEX serial_allocation_by_batch ON serial_allocation (brand_id, batch_id);

CREATE TABLE provided_serial (
    brand_id uuid NOT NULL,
    serial text COLLATE "C" NOT NULL,
    batch_id uuid NOT NULL,
    index integer NOT NULL,
    PRIMARY KEY (brand_id, serial, batch_id, index)
);

CREATE TABLE export (
    brand_id uuid NOT NULL,
    export_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    format text NOT NULL,
    requested_at bigint NOT NULL,
    completed boolean NOT NULL,
    expired boolean NOT NULL,
    expires_at bigint NOT NULL,
    failures bigint NOT NULL,
    runnable_at bigint,
    files_removed boolean NOT NULL,
    PRIMARY KEY (brand_id, export_id)
) WITH (fillfactor = 70);
CREATE INDEX export_by_batch ON export (brand_id, batch_id, export_id);
-- Each lock changes `runnable_at`, which no index has, so that this changes none.
CREATE INDEX export_to_make ON export (requested_at, export_id, brand_id) WHERE NOT completed AND NOT expired;
CREATE INDEX export_to_expire ON export (expires_at, export_id, brand_id) WHERE NOT files_removed;
