from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

import pytest
from promises.domain.calendar import period_of
from promises.domain.evaluate import evaluate
from promises.domain.evidence import Baseline, Evidence, Report
from promises.domain.missing import missing_of
from promises.domain.obligation import Obligation
from promises.domain.sentences import sentence
from promises.domain.standing import Standing

NewReport = Callable[..., Report]
At = Callable[[str], datetime]
THEN = datetime(2025, 9, 1, tzinfo=UTC)
SCHOOLS = (("Ersboda", 300), ("Hörnefors", 242))


@pytest.fixture
def education(obligations: Mapping[str, Obligation]) -> Obligation:
    return obligations["trafikutbildning-ak4"]


def offered(report: NewReport, school: str, pupils: int, day: str = "2025-10-01", **more: object) -> Report:
    return report(day, organisation="umea-kommun", unit=school, quantities=(("pupils_offered", pupils),), **more)


def stand(education: Obligation, now: datetime, reports: list[Report], *baselines: Baseline) -> Standing:
    period = period_of("school_year", date(2025, 10, 1))
    return evaluate(education, period, Evidence(tuple(reports), baselines), now, "internal")


def test_without_a_baseline_nothing_can_be_assessed_from_the_day_the_period_opens(
    education: Obligation, report: NewReport, at: At
) -> None:
    reports = [offered(report, "Ersboda", 300)]
    verdicts = [stand(education, at(day), reports).verdict for day in ("2025-06-30", "2025-07-01", "2026-08-01")]
    assert verdicts == [None, "cannot_be_assessed", "cannot_be_assessed"]
    assert stand(education, at("2025-10-02"), reports, Baseline(1, THEN, 0)).verdict == "cannot_be_assessed"


def test_all_but_one_is_not_all(education: Obligation, report: NewReport, at: At) -> None:
    reports = [offered(report, "Ersboda", 300), offered(report, "Hörnefors", 241)]
    found = stand(education, at("2026-07-15"), reports, Baseline(1, THEN, 542, SCHOOLS))
    assert (found.tally.counted, found.tally.need, found.verdict) == (541, 542, "partially_fulfilled")
    missing = [item.text.sv for item in missing_of(education, found.tally)]
    assert missing == ["läsåret 2025/26: 541 av 542", "Hörnefors: 241 av 242"]
    everybody = [*reports, offered(report, "Hörnefors", 1, "2026-05-05")]
    assert stand(education, at("2026-05-06"), everybody, Baseline(1, THEN, 542, SCHOOLS)).verdict == "fulfilled"


def test_too_many_at_one_school_do_not_cover_another(education: Obligation, report: NewReport, at: At) -> None:
    found = stand(education, at("2026-07-15"), [offered(report, "Ersboda", 542)], Baseline(1, THEN, 542, SCHOOLS))
    assert (found.tally.counted, found.verdict) == (300, "partially_fulfilled")


def test_a_baseline_without_schools_says_so(education: Obligation, report: NewReport, at: At) -> None:
    found = stand(education, at("2026-03-01"), [offered(report, "Ersboda", 542)], Baseline(1, THEN, 542))
    assert found.verdict == "fulfilled"
    assert "not_by_unit" in [reason.code for reason in found.reasons]


def test_the_highest_baseline_rules_and_changes_a_closed_verdict(
    education: Obligation, report: NewReport, at: At
) -> None:
    reports = [offered(report, "Ersboda", 300), offered(report, "Hörnefors", 242)]
    more = Baseline(2, THEN, 543, (("Ersboda", 300), ("Hörnefors", 243)))
    first = Baseline(1, THEN, 542, SCHOOLS)
    assert stand(education, at("2026-09-01"), reports, first).verdict == "fulfilled"
    assert stand(education, at("2026-09-01"), reports, more, first).verdict == "partially_fulfilled"


def test_7_12_the_same_lesson_reported_twice_under_one_key_counts_its_largest_quantity(
    education: Obligation, report: NewReport, at: At
) -> None:
    key = {"occasion_key": "2025-10-01/ersboda"}
    reports = [offered(report, "Ersboda", 28, **key), offered(report, "Ersboda", 30, **key)]
    assert stand(education, at("2025-11-01"), reports, Baseline(1, THEN, 542, SCHOOLS)).tally.counted == 30


def test_what_is_left_is_told_by_school_in_a_sentence(education: Obligation, at: At) -> None:
    found = stand(education, at("2026-03-01"), [], Baseline(1, THEN, 542, SCHOOLS))
    said = [sentence(reason, "sv") for reason in found.reasons if reason.code == "units_missing"]
    assert said == ["Alla är inte nådda; kvar: Ersboda (0 av 300), Hörnefors (0 av 242)."]
