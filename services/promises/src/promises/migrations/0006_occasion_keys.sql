-- Reports by the key of their occasion: under one key they may be told for several obligations.
-- squawk-ignore require-concurrent-index-creation -- few reports have a key; ingest waits as long as one reading takes
CREATE INDEX evidence_by_key ON evidence (municipality, (facts->>'occasion_key')) WHERE facts->>'occasion_key' IS NOT NULL;
