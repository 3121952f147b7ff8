-- Which deadlines are known, who is to be told of which stage, and the mails that told them. Addresses stay here.
CREATE TABLE deadline (
    deadline_id uuid PRIMARY KEY,
    revision int NOT NULL,
    municipality text NOT NULL,
    awaited text[] NOT NULL,
    settled boolean NOT NULL,
    cause text,
    state jsonb NOT NULL
);

-- `mail_id` follows from the mailbox and the day, so that each has one digest a day; a second unique constraint beside
-- it would fail under two writers, since ON CONFLICT watches only one.
CREATE TABLE mail (
    mail_id uuid PRIMARY KEY,
    recipient text NOT NULL,
    digest_day date NOT NULL,
    organisation text NOT NULL,
    role text NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    language text NOT NULL,
    message_id text NOT NULL,
    state text NOT NULL
        CHECK (state IN ('queued', 'attempting', 'sent', 'deferred', 'failed', 'uncertain', 'cancelled')),
    attempt int NOT NULL DEFAULT 0,
    epoch bigint,
    next_try_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    subject text,
    body text,
    built_at timestamptz NOT NULL
);
CREATE INDEX mail_open ON mail (next_try_at) WHERE state IN ('queued', 'attempting', 'deferred');
CREATE INDEX mail_by_day ON mail (digest_day);

CREATE TABLE mail_attempt (
    mail_id uuid NOT NULL REFERENCES mail,
    attempt int NOT NULL,
    began_at timestamptz NOT NULL,
    entered_data boolean NOT NULL,
    outcome text CHECK (outcome IN ('sent', 'deferred', 'failed', 'unknown')),
    code int,
    PRIMARY KEY (mail_id, attempt)
);

-- `recipient` is empty until a digest is built; then the reminder is copied for each mailbox that is told.
-- `due_at` is when it may first be told, `look_at` when the scheduler looks at it again.
CREATE TABLE reminder (
    reminder_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    deadline_id uuid NOT NULL REFERENCES deadline,
    stage text NOT NULL,
    organisation text NOT NULL,
    role text NOT NULL,
    recipient text NOT NULL DEFAULT '',
    revision int NOT NULL,
    late boolean NOT NULL,
    due_at timestamptz NOT NULL,
    look_at timestamptz NOT NULL,
    state text NOT NULL
        CHECK (state IN (
            'waiting', 'unaddressed', 'mailed', 'sent', 'failed', 'uncertain', 'settled', 'not_mailed'
        )),
    reason text,
    mail_id uuid REFERENCES mail,
    UNIQUE (deadline_id, stage, organisation, role, recipient)
);
CREATE INDEX reminder_by_look ON reminder (look_at) WHERE state IN ('waiting', 'unaddressed');
CREATE INDEX reminder_by_mail ON reminder (mail_id) WHERE mail_id IS NOT NULL;
