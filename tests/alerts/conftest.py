"""The faults keep their order, that of their time: it never runs backwards, whatever shuffles tests."""

import pytest

from tests.alerts.faults import FAULTS

PLACES = {alert: place for place, alert in enumerate(FAULTS)}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the faults, behind everything else."""
    items.sort(key=lambda item: PLACES.get(_alert(item), -1))


def _alert(item: pytest.Item) -> str:
    params = getattr(item, "callspec", None)
    return str(params.params.get("alert", "")) if params else ""
