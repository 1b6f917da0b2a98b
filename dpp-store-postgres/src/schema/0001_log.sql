-- The log. Every key begins with the brand: that is what lets a distributed PostgreSQL spread brands
-- over nodes.

-- One row a brand, locked by each commit: what gives positions without gaps, in commit order.
-- `tag` tells the positions of this feed from those of others. `unreadable` is the position of the
-- first event that the release which committed it could not read. The rest is counted.
CREATE TABLE brand_head (
    brand_id uuid NOT NULL,
    tag bigint NOT NULL,
    position bigint NOT NULL DEFAULT 0,
    unreadable bigint,
    batches bigint NOT NULL DEFAULT 0,
    units_made bigint NOT NULL DEFAULT 0,
    units_active bigint NOT NULL DEFAULT 0,
    units_revoked bigint NOT NULL DEFAULT 0,
    completed_exports bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (brand_id)
) WITH (fillfactor = 20);
CREATE INDEX brand_that_is_unreadable ON brand_head (brand_id) WHERE unreadable IS NOT NULL;

-- Bodies are JSON in UTF-8, kept as bytes and not compressed: large ones hold serials or bitmaps.
CREATE TABLE event (
    brand_id uuid NOT NULL,
    position bigint NOT NULL,
    stream_kind text NOT NULL,
    stream_id uuid NOT NULL,
    version bigint NOT NULL,
    event_type text NOT NULL,
    schema_version integer NOT NULL,
    payload bytea NOT NULL,
    event_id uuid NOT NULL,
    at_ms bigint NOT NULL,
    actor text NOT NULL,
    correlation uuid NOT NULL,
    causation uuid,
    PRIMARY KEY (brand_id, position),
    UNIQUE (brand_id, stream_id, stream_kind, version)
);
ALTER TABLE event ALTER COLUMN payload SET STORAGE EXTERNAL;
CREATE INDEX event_by_type ON event (brand_id, event_type, position);

CREATE TABLE claim (
    brand_id uuid NOT NULL,
    key bytea NOT NULL,
    scope uuid NOT NULL,
    kind text NOT NULL,
    value bytea NOT NULL,
    PRIMARY KEY (brand_id, key, scope, kind)
);

CREATE TABLE commit_receipt (
    brand_id uuid NOT NULL,
    commit_id uuid NOT NULL,
    fingerprint bytea NOT NULL,
    first_position bigint NOT NULL,
    last_position bigint NOT NULL,
    PRIMARY KEY (brand_id, commit_id)
);
