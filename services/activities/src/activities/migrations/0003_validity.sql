-- When each obligation was ever in force, by every revision that was read: the day of a late report is among them still.
-- What was read before this was kept is not known; nothing is refused because of it.
CREATE TABLE validity (
    municipality text NOT NULL,
    obligation text NOT NULL,
    valid_from date,
    valid_to date,
    UNIQUE NULLS NOT DISTINCT (municipality, obligation, valid_from, valid_to)
);
INSERT INTO validity (municipality, obligation)
SELECT DISTINCT municipality, entry->>'id' FROM promise, jsonb_array_elements(state->'obligations') AS entry;
