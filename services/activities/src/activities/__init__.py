"""Keeps what was done."""
