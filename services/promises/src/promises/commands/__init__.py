"""The commands of this service alone."""

from chassis.commands import Words

from promises.commands import catalogue, rebuild, retry


def add(words: Words) -> None:
    """Add them."""
    catalogue.add(words)
    retry.add(words)
    rebuild.add(words)
