-- When a feed last brought a report that is public at once: the time of a secret report is told to nobody.
ALTER TABLE feed ADD COLUMN last_public_at timestamptz;
UPDATE feed SET last_public_at = found.at FROM (
    SELECT municipality, facts->>'organisation' AS organisation, facts->>'source' AS source, max(recorded_at) AS at
    FROM evidence WHERE facts->>'visibility' IS DISTINCT FROM 'count_only' GROUP BY 1, 2, 3
) AS found
WHERE (feed.municipality, feed.organisation, feed.source) = (found.municipality, found.organisation, found.source);
