"""Tells the owners in time, by mail."""
