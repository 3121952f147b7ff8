-- What people judged beside what was computed; append-only.
CREATE TABLE assessment (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    assessment_id uuid NOT NULL UNIQUE,
    municipality text NOT NULL,
    obligation text NOT NULL,
    period text NOT NULL,
    organisation text NOT NULL,
    role text NOT NULL,
    verdict text NOT NULL,
    reason_code text,
    text text NOT NULL,
    assessed_on date NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX assessment_by_obligation ON assessment (municipality, obligation, period, seq);
