"""The conftest of a mutation run: tests that ask for a server are left out."""

import pytest

import contracts  # noqa: F401 - before pytest names a test folder after it


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what needs neither PostgreSQL nor Kafka."""
    asks = [each for each in items if {"settings", "postgres", "kafka"} & set(getattr(each, "fixturenames", ()))]
    config.hook.pytest_deselected(items=asks)
    items[:] = [each for each in items if each not in asks]
