"""Everything the service keeps: SQL and nothing else."""
