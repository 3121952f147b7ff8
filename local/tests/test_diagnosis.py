"""What the doctor finds, from what an installation might have said."""

import re
from datetime import UTC, datetime

import pytest
from chassis.watchdog import DOUBTFUL
from local.diagnosis import diagnose
from local.findings import Finding, Said, Sample
from local.places import ROOT
from local.symptoms import DAY, HOUR, LIMITS, span

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
MANUAL = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
RULES = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "deploy/prometheus/rules").glob("*.yml"))
Metrics = dict[str, list[Sample]]


def one(value: float, **labels: str) -> list[Sample]:
    return [Sample(labels, value)]


def kinds(name: str, **values: float) -> list[Sample]:
    return [Sample({name: kind}, value) for kind, value in values.items()]


AGES = "lofteskollen_pending_oldest_age_seconds"
COMMON: Metrics = {
    AGES: kinds("kind", records_behind=0, outbox=0),
    "lofteskollen_pending": kinds("kind", records_behind=0, outbox=0),
    "lofteskollen_dead_letters_waiting": [],
    "lofteskollen_backup_age_seconds": one(7 * HOUR, stamp="stamp"),
    "lofteskollen_part_up": kinds("part", database=1, kafka=1, keys=1),
}
OWN: dict[str, Metrics] = {
    "activities": {},
    "promises": {
        AGES: kinds("kind", records_behind=0, outbox=0, dirty=0),
        "lofteskollen_catalogue_remaining_seconds": one(200 * DAY, municipality="2480"),
        "lofteskollen_feed_age_seconds": one(DAY, audience="internal", organisation="umea-kommun", source="trafik"),
    },
    "notifications": {
        AGES: kinds("kind", records_behind=0, outbox=0, mails=0),
        "lofteskollen_mails": kinds("state", sent=12, deferred=0, failed=0, uncertain=0),
        "lofteskollen_reminders": kinds("state", unaddressed=0),
    },
}


def well(service: str, **changed: list[Sample]) -> Said:
    """A service to which nothing is wrong but for these metrics, named without their prefix."""
    metrics = COMMON | OWN[service] | {f"lofteskollen_{name}": samples for name, samples in changed.items()}
    return Said(f"http://{service}:9000", service=service, version="1.2.0", now=NOW, metrics=metrics)


def found(*changed: Said) -> list[Finding]:
    """What is found where these are changed and the rest is well."""
    there = {said.service for said in changed}
    return list(diagnose([*changed, *(well(name) for name in OWN if name not in there)]))


def test_nothing_is_wrong_with_an_installation_that_is_well() -> None:
    assert [each for each in found() if not each.well] == []
    assert "2480 reaches 200 days ahead, until 2027-06-19" in [each.detail for each in found()]


WRONG = [
    (well("promises")._replace(unready="kafka: OSError: refused"), "not ready: kafka: OSError", "KafkaAway"),
    (well("promises")._replace(unready="database: OSError: refused"), "not ready: database", "DatabaseAway"),
    (well("activities")._replace(unready="progress: StuckError: 25 s"), "not ready", "ReaderStuck"),
    (well("activities")._replace(version="1.1.0"), "activities 1.1.0, notifications 1.2.0", "Ask the installation"),
    (well("activities")._replace(ahead=-7.0), "activities is 7 s behind this machine", "Ask the installation"),
    (well("promises")._replace(ahead=5.5), "promises is 6 s ahead of this machine", "Ask the installation"),
    (well("promises")._replace(simulated=True), "promises live in simulated time", "Ask the installation"),
    (well("promises", part_up=kinds("part", keys=0)), "promises can read none", "Rotate secrets"),
    (well("activities", part_up=[]), "activities can read none", "Rotate secrets"),
    (
        well("activities", pending_oldest_age_seconds=kinds("kind", records_behind=21, outbox=0)),
        "0, the oldest 21 s (activities)",
        "ReaderStuck",
    ),
    (
        well("activities", pending_oldest_age_seconds=kinds("kind", records_behind=0, outbox=180)),
        "the oldest 3 min (activities)",
        "RelayStuck",
    ),
    (
        well("promises", pending_oldest_age_seconds=kinds("kind", records_behind=0, outbox=0, dirty=61)),
        "the oldest 61 s (promises)",
        "StandingDelayed",
    ),
    (
        well("notifications", pending_oldest_age_seconds=kinds("kind", records_behind=0, outbox=0, mails=901)),
        "the oldest 15 min (notifications)",
        "MailNotLeaving",
    ),
    (
        well("promises", pending_oldest_age_seconds=kinds("kind", records_behind=0, outbox=0)),
        "promises cannot tell",
        "Ask the installation",
    ),
    (
        well("activities", dead_letters_waiting=one(2, reason="bad_event")),
        "activities 2 (bad_event)",
        "DeadLetters",
    ),
    (well("notifications", mails=kinds("state", uncertain=1)), "1 uncertain", "MailUncertain"),
    (well("notifications", mails=[]), "or a replica does that was not asked", "Ask the installation"),
    (well("notifications", reminders=kinds("state", unaddressed=2)), "2 reminders wait", "OwnerUnaddressed"),
    (well("promises", backup_age_seconds=one(27 * HOUR)), "27 h old", "BackupOld"),
    (well("promises", backup_age_seconds=one(1764547200)), "there is none yet", "BackupOld"),
    (well("promises", catalogue_remaining_seconds=[]), "none is loaded", "A new year's catalogue"),
    (
        well("promises", catalogue_remaining_seconds=one(44 * DAY, municipality="2480")),
        "2480 reaches 44 days ahead",
        "CatalogueExpiring",
    ),
    (
        well("promises", feed_age_seconds=one(22 * DAY, audience="internal", organisation="umea-kommun", source="x")),
        "silent: umea-kommun x 22 days",
        "FeedSilent",
    ),
]


@pytest.mark.parametrize(("changed", "seen", "section"), WRONG, ids=[f"{seen}-{where}" for _, seen, where in WRONG])
def test_one_thing_that_is_wrong_is_said_once_with_the_section_that_mends_it(
    changed: Said, seen: str, section: str
) -> None:
    (only,) = [each for each in found(changed) if not each.well]
    assert seen in only.detail
    assert only.detail.endswith(f"see {section} in docs/operating.md")
    assert re.search(rf"^##+ (.* / )?{section}( |$)", MANUAL, re.MULTILINE), "the section is not there"


def test_a_service_that_does_not_answer_is_said_to_be_away_and_nothing_is_made_up_of_it() -> None:
    silent = Said("http://promises:9000", fault="does not answer (ConnectError)")
    told = list(diagnose([well("activities"), silent, well("notifications")]))
    assert [each.detail for each in told if not each.well] == [
        "http://promises:9000 does not answer (ConnectError); see ServiceDown in docs/operating.md",
        "nothing is known of promises; see Ask the installation in docs/operating.md",
    ]


def test_where_nobody_answers_that_is_all_that_is_said() -> None:
    assert len(list(diagnose([Said("http://a:9000", fault="does not answer (ConnectError)")]))) == 2


def test_what_one_replica_tells_holds_for_all() -> None:
    other = well("promises", catalogue_remaining_seconds=[], feed_age_seconds=[])
    assert all(each.well for each in [*found(well("promises")), *diagnose([*map(well, OWN), other])])


def test_without_a_stamp_nobody_watches_the_backup() -> None:
    told = list(diagnose([well(name, backup_age_seconds=[]) for name in OWN]))
    (only,) = [each for each in told if not each.well]
    assert "LOFTESKOLLEN_BACKUP_STAMP is not set; see Back up and restore" in only.detail


@pytest.mark.parametrize("alert", [name for name in LIMITS if name != "ReaderStuck"])
def test_a_limit_is_where_the_alert_rises(alert: str) -> None:
    rule = RULES.split(f"- alert: {alert}\n")[1].split("for:")[0]
    factors = re.search(r"[})s] [<>] ([\d* ]+)", rule)
    assert factors
    seconds = 1
    for factor in factors[1].split("*"):
        seconds *= int(factor)
    assert LIMITS[alert] == seconds


def test_only_figures_that_the_services_have_are_asked_for() -> None:
    sources = [ROOT / "chassis/src/chassis/metrics.py", *(ROOT / "services").glob("*/src/*/metrics.py")]
    known, asked = (
        set(re.findall(r'"(lofteskollen_\w+)"', "".join(path.read_text(encoding="utf-8") for path in paths)))
        for paths in (
            sources,
            [ROOT / f"local/src/local/{name}.py" for name in ("diagnosis", "symptoms", "installation")],
        )
    )
    assert asked
    assert asked <= known


def test_a_reader_is_stuck_when_it_is_not_ready_for_that() -> None:
    assert LIMITS["ReaderStuck"] == DOUBTFUL


def test_a_span_is_said_as_people_do() -> None:
    assert [span(each) for each in (5, 119, 120, 7199, 7200, 3 * DAY - 1, 3 * DAY)] == [
        "5 s", "119 s", "2 min", "119 min", "2 h", "71 h", "3 days",
    ]  # fmt: skip
