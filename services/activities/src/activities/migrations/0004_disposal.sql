-- Activities whose text was disposed of, up to a revision: what is taken back from the topic is kept without it.
CREATE TABLE disposed (
    activity_id uuid PRIMARY KEY,
    revision int NOT NULL,
    municipality text NOT NULL,
    disposed_at timestamptz NOT NULL
);
