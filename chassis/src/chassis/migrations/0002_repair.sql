-- What operators did by hand: who, when, why, and what came of it. A work that was begun and not ended is begun again.
CREATE TABLE repair (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    began_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    done_by text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    reason text,
    outcome text
);
