"""Decisions about reminders: when they are told, to whom, and in which words. No I/O and no clock."""
