"""What could be argued over with someone who does not program: when a promise is kept, and why."""
