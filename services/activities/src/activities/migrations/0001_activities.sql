-- What was reported, every revision of it, what was refused, and a read copy of what is promised.
CREATE TABLE promise (
    municipality text NOT NULL,
    promise text NOT NULL,
    revision int NOT NULL,
    withdrawn boolean NOT NULL,
    state jsonb NOT NULL,
    PRIMARY KEY (municipality, promise)
);

-- Grows with every change of `promise`, so that a copy in memory knows when it is old.
CREATE TABLE promise_version (version bigint NOT NULL);
INSERT INTO promise_version VALUES (0);

CREATE TABLE activity (
    activity_id uuid PRIMARY KEY,
    organisation text NOT NULL,
    source text NOT NULL,
    reference text NOT NULL,
    municipality text NOT NULL,
    revision int NOT NULL,
    obligations text[] NOT NULL,
    state jsonb NOT NULL,
    UNIQUE (organisation, source, reference)
);
CREATE INDEX activity_by_municipality ON activity (municipality, activity_id);

CREATE TABLE activity_revision (
    activity_id uuid NOT NULL REFERENCES activity,
    revision int NOT NULL,
    command text NOT NULL,
    state jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (activity_id, revision)
);

CREATE TABLE baseline (
    name text NOT NULL,
    revision int NOT NULL,
    state jsonb NOT NULL,
    PRIMARY KEY (name, revision)
);

CREATE TABLE accepted (
    organisation text NOT NULL,
    source text NOT NULL,
    event_id text NOT NULL,
    sha256 bytea NOT NULL,
    activity_id uuid,
    revision int,
    PRIMARY KEY (organisation, source, event_id)
);

CREATE TABLE early_bird (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation text NOT NULL,
    source text NOT NULL,
    reference text,
    activity_id uuid,
    command jsonb NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX early_bird_by_reference ON early_bird (organisation, source, reference);
CREATE INDEX early_bird_by_activity ON early_bird (activity_id) WHERE activity_id IS NOT NULL;

CREATE TABLE refusal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation text NOT NULL,
    source text NOT NULL,
    event_id text NOT NULL,
    reference text,
    door text NOT NULL CHECK (door IN ('http', 'kafka')),
    code text NOT NULL,
    detail text NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX dead_letter_by_topic ON dead_letter (topic, recorded_at, id);
CREATE INDEX refusal_by_organisation ON refusal (organisation, recorded_at, id);
