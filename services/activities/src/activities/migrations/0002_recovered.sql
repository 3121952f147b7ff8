-- Revisions taken back from the topic after a restore; the command that made each is unknown until it comes again.
CREATE TABLE recovered (
    thing uuid NOT NULL,
    revision int NOT NULL,
    recovered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (thing, revision)
);
