-- The trace of the event that warranted a reminder, and of a mail that of its latest reminder.
ALTER TABLE reminder ADD COLUMN traceparent text;
ALTER TABLE mail ADD COLUMN traceparent text;
