"""Pure: who may report what, and which names are near."""

from typing import Any
from uuid import uuid4

import pytest
from activities.domain.activity import Activity, first
from activities.domain.authority import Copy, Promised, check, check_baseline, check_partner, visibility
from activities.domain.baseline import Baseline
from activities.domain.refusal import RefusalError

from services.activities.tests.driving import CODE, NOW, POLICE, STRANGER, TOWN, content

BOTH = (POLICE, TOWN)
KNOWN = (
    Promised("cykel-gang", BOTH, BOTH, True, themes=("traffic_rules", "reflector"), audiences=("cyclist",)),
    Promised("moped", (POLICE,), (*BOTH, STRANGER), False, themes=("tuning",), visibility="count_only"),
    Promised("tillganglig-polis", (POLICE,), (POLICE,), False, kinds=("contact",)),
    Promised("trafik-ak4", (TOWN,), (TOWN,), False, quantities=("pupils_offered", "pupils_enrolled")),
)
COPY = Copy({CODE: {each.id: each for each in KNOWN}}, {CODE: 4})


def refusal(by: str = TOWN, **changes: Any) -> RefusalError:  # noqa: ANN401
    with pytest.raises(RefusalError) as found:
        check(COPY, by, content(**changes))
    return found.value


def logged(by: str, *obligations: str) -> Activity:
    said = content(obligations=obligations)
    return first(uuid4(), said, sender=(by, "/s", "r"), now=NOW, catalogue_revision=1)


def test_what_an_obligation_allows_is_accepted_by_the_catalogues_revision() -> None:
    said = content(obligations=("cykel-gang", "moped"), themes=("reflector", "tuning"), audiences=("cyclist",))
    assert check(COPY, TOWN, said) == 4


@pytest.mark.parametrize(
    ("changes", "code", "near"),
    [
        ({"obligations": ("cykel-gång",)}, "unknown_obligation", "near are cykel-gang"),
        ({"obligations": ("zzz",)}, "unknown_obligation", "cykel-gang, moped, tillganglig-polis, trafik-ak4"),
        ({"themes": ("reflectors",)}, "unknown_theme", "near are reflector"),
        ({"themes": ("tuning",)}, "unknown_theme", "no theme of this name"),
        ({"audiences": ("cyklist",)}, "unknown_audience", "near are cyclist"),
        ({"municipality": "2481"}, "unknown_municipality", "near are 2480"),
        ({"obligations": ("trafik-ak4",), "quantities": {"pupil_offered": 3}}, "unknown_quantity", "pupils_offered"),
    ],
)
def test_an_unknown_name_is_refused_with_those_near_it(changes: dict[str, Any], code: str, near: str) -> None:
    found = refusal(**changes)
    assert found.code == code
    assert near in found.detail


def test_a_kind_is_asked_only_where_every_obligation_names_kinds() -> None:
    assert refusal(POLICE, obligations=("tillganglig-polis",), kind="contakt").code == "unknown_kind"
    assert check(COPY, POLICE, content(obligations=("tillganglig-polis", "moped"), kind="anything")) == 4


def test_an_organisation_that_no_obligation_names_may_report_nothing() -> None:
    assert refusal(STRANGER).code == "foreign_authority"
    assert STRANGER in refusal(STRANGER).detail


def test_one_foreign_obligation_among_own_ones_refuses_the_whole_report() -> None:
    assert refusal(TOWN, obligations=("cykel-gang", "tillganglig-polis")).code == "foreign_authority"


def test_who_may_report_need_not_be_an_owner() -> None:
    assert check(COPY, STRANGER, content(obligations=("moped",))) == 4


def test_only_a_coverage_names_a_period() -> None:
    assert refusal(period="2026").code == "period_not_asked"
    assert check(COPY, TOWN, content(obligations=("trafik-ak4",), period="2026/27")) == 4


def test_4_19_a_report_without_visibility_has_the_strictest_of_its_obligations() -> None:
    assert visibility(COPY, content()) == "public"
    assert visibility(COPY, content(obligations=("cykel-gang", "moped"))) == "count_only"
    assert visibility(COPY, content(obligations=("moped",), visibility="public")) == "public"


def test_the_other_owner_of_a_joint_obligation_may_confirm() -> None:
    check_partner(COPY, logged(TOWN, "cykel-gang", "moped"), POLICE)


@pytest.mark.parametrize(
    ("by", "obligation", "who", "code"),
    [
        (TOWN, "cykel-gang", TOWN, "not_joint"),
        (TOWN, "cykel-gang", STRANGER, "unknown_activity"),
        (TOWN, "moped", POLICE, "unknown_activity"),
        (POLICE, "moped", STRANGER, "unknown_activity"),
    ],
)
def test_nobody_else_confirms_and_others_learn_nothing(by: str, obligation: str, who: str, code: str) -> None:
    with pytest.raises(RefusalError) as found:
        check_partner(COPY, logged(by, obligation), who)
    assert found.value.code == code


@pytest.mark.parametrize(
    ("who", "changes", "code"),
    [
        (TOWN, {}, None),
        (POLICE, {}, "foreign_authority"),
        (TOWN, {"obligation": "trafik-ak5"}, "unknown_obligation"),
        (TOWN, {"quantity": "pupils"}, "unknown_quantity"),
        (TOWN, {"period": "2026/28"}, "unknown_period"),
        (TOWN, {"obligation": "cykel-gang"}, "not_measured"),
    ],
)
def test_a_baseline_is_taken_where_something_is_measured(who: str, changes: dict[str, Any], code: str | None) -> None:
    said = {"municipality": CODE, "obligation": "trafik-ak4", "period": "2026/27", "quantity": "pupils_enrolled"}
    baseline = Baseline(**(said | changes), total=541)
    if code is None:
        assert check_baseline(COPY, who, baseline) == 4
        return
    with pytest.raises(RefusalError) as found:
        check_baseline(COPY, who, baseline)
    assert found.value.code == code
