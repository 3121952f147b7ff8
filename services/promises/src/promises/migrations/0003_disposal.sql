-- Activities whose text was disposed of, up to a revision: whatever of them is read again is kept without it.
CREATE TABLE disposed (
    activity_id uuid PRIMARY KEY,
    revision int NOT NULL,
    disposed_at timestamptz NOT NULL
);
