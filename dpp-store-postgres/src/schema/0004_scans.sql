-- Scans, which no event tells of. Months are partitions (`scan_2027_02`), made when the first scan of
-- a month comes and dropped when all of it is to be forgotten: see `scans/months.rs`.

-- A scan has no id: it is told apart by the call that appended it and its place in that. `day` is
-- that of `at_ms` in UTC. What must not be kept does not fit: an address is a network, cut.
CREATE TABLE scan (
    brand_id uuid NOT NULL,
    day date NOT NULL,
    append_id uuid NOT NULL,
    place integer NOT NULL,
    at_ms bigint NOT NULL,
    kind text NOT NULL,
    product_id uuid NOT NULL,
    batch_id uuid,
    lot bigint,
    unit_index bigint,
    status text,
    path text NOT NULL,
    query text,
    agent text NOT NULL,
    location text,
    network cidr CHECK (masklen(network) = CASE family(network) WHEN 4 THEN 24 ELSE 48 END),
    PRIMARY KEY (brand_id, day, append_id, place)
) PARTITION BY RANGE (day);
CREATE INDEX scan_by_product ON scan (brand_id, product_id, day, batch_id);
CREATE INDEX scan_by_batch ON scan (brand_id, batch_id, day, product_id) WHERE batch_id IS NOT NULL;
CREATE INDEX scan_by_unit ON scan (brand_id, batch_id, unit_index, at_ms) WHERE unit_index IS NOT NULL;
