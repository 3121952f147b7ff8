-- The report of a named period, revision by revision; the reports behind it are named in it, their details are not kept.
CREATE TABLE frozen_report (
    municipality text NOT NULL,
    period text NOT NULL,
    revision int NOT NULL,
    frozen_at timestamptz NOT NULL,
    report jsonb NOT NULL,
    PRIMARY KEY (municipality, period, revision)
);

-- Closed periods in which something may differ from what was frozen, each with the day from which it is collected.
CREATE TABLE frozen_due (
    municipality text NOT NULL,
    period text NOT NULL,
    due_on date NOT NULL,
    PRIMARY KEY (municipality, period)
);
INSERT INTO frozen_due (municipality, period, due_on)
SELECT DISTINCT municipality, period, '-infinity'::date FROM standing
WHERE audience = 'public' AND standing->>'phase' IN ('closed', 'expired');
