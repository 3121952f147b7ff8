from datetime import date

from promises.catalogue.check import checked
from promises.catalogue.publishing import published

from services.promises.tests.driving import CATALOGUE


def test_reporters_learn_when_each_obligation_is_in_force_which_may_be_longer_than_its_promise() -> None:
    catalogue, _ = checked(CATALOGUE)
    known = {entry.id: entry for promise in published(catalogue, 1) for entry in promise.obligations}
    calendar, school = known["cykel-gang"], known["trafikutbildning-ak4"]
    assert (calendar.valid_from, calendar.valid_to) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (school.valid_from, school.valid_to) == (date(2025, 7, 1), date(2027, 6, 30))
