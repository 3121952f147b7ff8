"""Projects whether every promise is kept, and why."""
