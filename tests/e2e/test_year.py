"""The demonstration of one promise on real processes, with power cuts while it plays."""

from datetime import datetime
from pathlib import Path

import pytest
from local.places import ONE_PROMISE, story
from local.system import SERVICES

from local import closing
from tests.year import ONE_CUT_EACH, play


@pytest.mark.parametrize("cuts", [{}, ONE_CUT_EACH], ids=["undisturbed", "each service killed once"])
def test_one_promise_ends_fulfilled_after_exactly_nine_mails(
    scratch: Path, unique: str, cuts: dict[datetime, str]
) -> None:
    told = story(ONE_PROMISE)
    outcome, restarts = play(scratch / unique, told, cuts)
    assert closing.differences(outcome, told.expected) == []
    assert len(set(outcome.message_ids)) == 9
    assert restarts == {"inbox": 0} | dict.fromkeys(SERVICES, int(bool(cuts)))
