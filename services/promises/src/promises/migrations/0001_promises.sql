-- What was promised, what was seen of it, how it stands, and what was said about it.
CREATE TABLE catalogue_revision (
    municipality text NOT NULL,
    revision int NOT NULL,
    sha256 text NOT NULL,
    document jsonb NOT NULL,
    loaded_at timestamptz NOT NULL,
    PRIMARY KEY (municipality, revision)
);

CREATE TABLE evidence (
    seq bigint GENERATED ALWAYS AS IDENTITY,
    activity_id uuid NOT NULL,
    revision int NOT NULL,
    obligation text NOT NULL,
    counted_on date NOT NULL,
    municipality text NOT NULL,
    state text NOT NULL CHECK (state IN ('counted', 'released')),
    recorded_at timestamptz NOT NULL,
    facts jsonb NOT NULL,
    PRIMARY KEY (activity_id, revision, obligation, counted_on)
);
CREATE INDEX evidence_by_day ON evidence (municipality, obligation, counted_on);

-- How many there are of what a coverage is measured against, by school where they are told apart.
CREATE TABLE baseline (
    municipality text NOT NULL,
    obligation text NOT NULL,
    period text NOT NULL,
    revision int NOT NULL,
    total int NOT NULL,
    units jsonb NOT NULL,
    organisation text NOT NULL,
    recorded_at timestamptz NOT NULL,
    sha256 bytea NOT NULL,
    PRIMARY KEY (municipality, obligation, period, revision)
);

-- The last word of each feed, so that a dead feed is not taken for nothing done.
CREATE TABLE feed (
    municipality text NOT NULL,
    organisation text NOT NULL,
    source text NOT NULL,
    last_recorded_at timestamptz NOT NULL,
    PRIMARY KEY (municipality, organisation, source)
);

CREATE SEQUENCE mark;
CREATE TABLE dirty (
    municipality text NOT NULL,
    obligation text NOT NULL,
    mark bigint NOT NULL,
    instant timestamptz,
    from_day date,
    to_day date,
    marked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempts int NOT NULL DEFAULT 0,
    retry_at timestamptz NOT NULL DEFAULT '-infinity',
    error text,
    PRIMARY KEY (municipality, obligation)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);

CREATE TABLE evaluated (
    municipality text NOT NULL,
    obligation text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (municipality, obligation)
);

CREATE TABLE standing (
    municipality text NOT NULL,
    obligation text NOT NULL,
    period text NOT NULL,
    audience text NOT NULL CHECK (audience IN ('internal', 'public')),
    revision int NOT NULL,
    standing jsonb NOT NULL,
    wake_at timestamptz,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (municipality, obligation, period, audience)
);
CREATE INDEX standing_by_wake ON standing (wake_at) WHERE wake_at IS NOT NULL;

CREATE TABLE standing_history (
    municipality text NOT NULL,
    obligation text NOT NULL,
    period text NOT NULL,
    audience text NOT NULL,
    revision int NOT NULL,
    standing jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (municipality, obligation, period, audience, revision)
);

CREATE TABLE notice (
    municipality text NOT NULL,
    obligation text NOT NULL,
    period text NOT NULL,
    slot text NOT NULL,
    stage text NOT NULL,
    last_day date NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('told', 'skipped')),
    late boolean NOT NULL,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (municipality, obligation, period, slot, stage, last_day)
);

CREATE TABLE deadline (
    deadline_id uuid PRIMARY KEY,
    municipality text NOT NULL,
    obligation text NOT NULL,
    period text NOT NULL,
    slot text NOT NULL,
    last_day date NOT NULL,
    revision int NOT NULL,
    awaited text[] NOT NULL,
    stage text,
    state jsonb NOT NULL
);
CREATE INDEX deadline_by_obligation ON deadline (municipality, obligation, period);
