"""Measured ratios: the system beside the least that the same machine could do, in one run."""
