from collections.abc import Callable, Mapping
from datetime import date, datetime

from promises.domain.calendar import Window, period_of
from promises.domain.evaluate import evaluate
from promises.domain.evidence import Evidence, Report
from promises.domain.label import Label
from promises.domain.missing import missing_of
from promises.domain.obligation import Obligation
from promises.domain.sentences import sentence
from promises.domain.standing import Standing
from promises.domain.tally import Need

from services.promises.tests.driving import POLICE, TOWN

NewReport = Callable[..., Report]
At = Callable[[str], datetime]
Obligations = Mapping[str, Obligation]


def stand(obligation: Obligation, now: datetime, *reports: Report, day: str = "2026-03-10") -> Standing:
    period = period_of(obligation.period_kind, date.fromisoformat(day))
    return evaluate(obligation, period, Evidence(reports), now, "internal")


def test_one_contact_a_month_keeps_the_pace_at_once(obligations: Obligations, report: NewReport, at: At) -> None:
    contact = report("2026-03-05", kind="contact")
    found = stand(obligations["tillganglig-polis"], at("2026-03-10"), contact)
    assert (found.pace, found.verdict, found.tally.progress) == ("on_pace", None, (1, 1))


def test_another_kind_of_activity_is_no_contact(obligations: Obligations, report: NewReport, at: At) -> None:
    found = stand(obligations["tillganglig-polis"], at("2026-04-20"), report("2026-03-05", kind="operation"))
    assert found.pace == "no_logged_activity"


def test_no_pace_is_said_while_the_month_and_its_grace_run(obligations: Obligations, at: At) -> None:
    contact = obligations["tillganglig-polis"]
    paces = [stand(contact, at(day)).pace for day in ("2026-03-31", "2026-04-14", "2026-04-15")]
    assert paces == [None, None, "no_logged_activity"]


def test_every_focus_must_be_worked_on_and_those_left_are_named(
    obligations: Obligations, report: NewReport, at: At
) -> None:
    drugs = obligations["unga-narkotika"]
    two = [report("2026-02-10", themes=frozenset({theme})) for theme in ("prevention", "early_detection")]
    found = stand(drugs, at("2026-05-15"), *two)
    assert (found.pace, found.tally.counted, found.tally.progress) == ("sparse", 2, (2, 3))
    [missing] = missing_of(drugs, found.tally)
    assert (missing.code, missing.of, missing.text.sv) == ("focus", "reinforced_support", "förstärkt stöd")
    three = [*two, report("2026-04-30", themes=frozenset({"reinforced_support"}))]
    assert stand(drugs, at("2026-05-15"), *three).pace == "on_pace"


def test_one_activity_may_serve_several_focuses(obligations: Obligations, report: NewReport, at: At) -> None:
    every = report("2026-02-10", themes=frozenset({"prevention", "early_detection", "reinforced_support"}))
    assert stand(obligations["unga-narkotika"], at("2026-02-11"), every).pace == "on_pace"


def test_an_operators_focus_is_closed_and_never_missed(obligations: Obligations, at: At) -> None:
    found = stand(obligations["unga-narkotika"], at("2026-06-01"))
    assert {slot.state for slot in found.slots} == {"closed"}
    assert not found.overdue


def test_the_public_is_told_that_the_promise_states_no_number(obligations: Obligations, at: At) -> None:
    found = stand(obligations["grannsamverkan"], at("2026-02-01"))
    assert "operators_number" in [reason.code for reason in found.reasons]


def test_all_focuses_share_one_deadline(obligations: Obligations, at: At) -> None:
    [deadline] = stand(obligations["unga-narkotika"], at("2026-02-01")).tally.deadlines
    assert (deadline.id, deadline.name.sv, deadline.window.last) == ("", "januari–april 2026", date(2026, 4, 30))


def test_the_one_deadline_names_the_parts_that_are_left_who_is_awaited_and_what_is_planned(
    obligations: Obligations, report: NewReport, at: At
) -> None:
    drugs = obligations["unga-narkotika"]
    one = report("2026-02-10", themes=frozenset({"prevention"}))
    plan = report("2026-03-10", themes=frozenset({"early_detection"}), status="planned")
    found = stand(drugs, at("2026-02-11"), one, plan)
    [deadline] = found.tally.deadlines
    assert deadline == Need(
        id="",
        name=Label("januari–april 2026", "January–April 2026"),
        window=Window(date(2026, 1, 1), date(2026, 4, 30)),
        need=3,
        themes=("early_detection", "reinforced_support"),
        match="all",
        count=1,
        met=False,
        awaited=(POLICE, TOWN),
        planned=(date(2026, 3, 10),),
        what="period",
    )
    assert [(slot.need.id, slot.need.themes) for slot in found.slots] == [
        (theme, (theme,)) for theme in ("prevention", "early_detection", "reinforced_support")
    ]


def test_more_than_was_asked_for_is_shown_as_the_raw_count(obligations: Obligations, report: NewReport, at: At) -> None:
    many = [report(f"2026-03-0{day}", kind="contact") for day in (1, 2, 3)]
    found = stand(obligations["tillganglig-polis"], at("2026-03-10"), *many)
    [deadline] = found.tally.deadlines
    assert (deadline.count, deadline.need, found.tally.progress) == (3, 1, (1, 1))
    [met] = [reason for reason in found.reasons if reason.code == "period_met"]
    assert sentence(met, "sv") == "Mars 2026: 3 där målet är 1."


def test_what_serves_none_of_the_parts_counts_and_needs_assessment(
    obligations: Obligations, report: NewReport, at: At
) -> None:
    drugs = obligations["unga-narkotika"]
    told = [report("2026-02-10", themes=frozenset(themes)) for themes in ((), ("reflector",), ("prevention",))]
    found = stand(drugs, at("2026-05-15"), *told)
    assert (found.pace, found.tally.counted, found.tally.progress, found.tally.stray) == ("sparse", 3, (1, 3), 2)
    assert "needs_assessment" in [reason.code for reason in found.reasons]
    assert stand(obligations["grannsamverkan"], at("2026-05-15"), report("2026-02-10")).tally.stray == 0


def test_once_the_pace_is_kept_nobody_is_awaited(obligations: Obligations, report: NewReport, at: At) -> None:
    found = stand(obligations["tillganglig-polis"], at("2026-03-10"), report("2026-03-05", kind="contact"))
    [deadline] = found.tally.deadlines
    assert (deadline.met, deadline.count, deadline.awaited) == (True, 1, ())


def test_reports_of_one_contact_that_disagree_are_flagged(obligations: Obligations, report: NewReport, at: At) -> None:
    key = {"occasion_key": "2026-03-05/torget", "kind": "contact"}
    told = [report("2026-03-05", special_effort=effort, **key) for effort in (True, False)]
    found = stand(obligations["tillganglig-polis"], at("2026-03-10"), *told)
    assert found.tally.disagreements == ((date(2026, 3, 5), ("special_effort",)),)
