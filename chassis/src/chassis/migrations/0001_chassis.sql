-- The tables every service has: what it will say, what it said last, where it reads, what it could not read.
CREATE TABLE outbox (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    key text NOT NULL,
    event_id text NOT NULL,
    headers text[] NOT NULL,
    value bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

CREATE TABLE relay_memory (
    topic text NOT NULL,
    partition int NOT NULL,
    "offset" bigint NOT NULL,
    event_id text NOT NULL,
    PRIMARY KEY (topic, partition)
);

CREATE TABLE position (
    topic text NOT NULL,
    partition int NOT NULL,
    next_offset bigint NOT NULL,
    last_event_id text,
    PRIMARY KEY (topic, partition)
);

CREATE TABLE dead_letter (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    partition int NOT NULL,
    "offset" bigint NOT NULL,
    key bytea,
    headers jsonb NOT NULL,
    value bytea,
    event_id text,
    type text,
    reason text NOT NULL,
    detail text NOT NULL,
    recorded_at timestamptz NOT NULL,
    resolution text CHECK (resolution IN ('replayed', 'discarded')),
    resolved_at timestamptz,
    UNIQUE (topic, partition, "offset")
);

CREATE TABLE lease (
    name text PRIMARY KEY,
    holder uuid NOT NULL,
    epoch bigint NOT NULL,
    expires_at timestamptz NOT NULL
);
