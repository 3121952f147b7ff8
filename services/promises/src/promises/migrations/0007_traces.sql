-- The trace of the record that marked an obligation last; time and commands leave it as it is.
ALTER TABLE dirty ADD COLUMN traceparent text;
