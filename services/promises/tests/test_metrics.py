"""What is shown to Prometheus: each audience its own, no secret in the public one, and not too many series."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from contracts.activities import ActivityEvent
from prometheus_client.parser import text_string_to_metric_families
from promises import metrics
from promises.application.exposed import Figures
from promises.catalogue.model import ObligationEntry, PeriodEntry

from services.promises.tests.driving import POLICE, Projector

NewActivity = Callable[..., ActivityEvent]
MOMENT = datetime(2026, 6, 1, 10, tzinfo=UTC)
DAYS = 86400
MUNICIPALITIES, BUDGET = 290, 520


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    yield
    metrics.SHOWN.show({})


async def measured(projector: Projector) -> Figures:
    figures = Figures(projector.database, projector.clock)
    await figures.measure()
    return figures


def samples(name: str) -> dict[tuple[str, ...], float]:
    """The samples of a family by their label values."""
    families = text_string_to_metric_families(metrics.SHOWN.text().decode())
    family = next(each for each in families if each.name == name)
    return {tuple(each.labels.values()): each.value for each in family.samples}


async def test_an_obligation_stands_in_one_bucket_for_each_audience(projector: Projector) -> None:
    await projector.load()
    await projector.turn(MOMENT)
    await measured(projector)
    found = samples("lofteskollen_promise_standing")
    for audience in ("internal", "public"):
        mine = {key[3]: value for key, value in found.items() if key[:3] == (audience, "2480", "cykel-gang")}
        assert len(mine) == 7
        assert sum(mine.values()) == 1


async def test_the_deadline_is_so_far_away_as_the_calendar_says(projector: Projector) -> None:
    await projector.load()
    await projector.turn(MOMENT)
    await measured(projector)
    standing = await projector.standing()
    left = samples("lofteskollen_promise_deadline_seconds")["internal", "2480", "cykel-gang"]
    last = datetime.fromisoformat(standing["next_date"]).replace(tzinfo=UTC)
    assert left / DAYS == pytest.approx((last - MOMENT).total_seconds() / DAYS + 1, abs=0.1)


async def test_7_22_a_secret_report_does_not_move_the_public_age_of_its_feed(
    projector: Projector, activity: NewActivity
) -> None:
    await projector.load()
    secret = {"visibility": "count_only", "confirmed_by": ()}
    await projector.ingest(activity("2026-05-02"), activity("2026-05-30", **secret))
    await projector.turn(MOMENT)
    await measured(projector)
    source = ("2480", POLICE, f"/organisations/{POLICE}")
    ages = samples("lofteskollen_feed_age_seconds")
    assert ages["internal", *source] / DAYS == pytest.approx(1.9, abs=0.1)
    assert ages["public", *source] / DAYS == pytest.approx(29.9, abs=0.1)


async def test_a_feed_that_only_tells_secrets_is_not_named_in_public(
    projector: Projector, activity: NewActivity
) -> None:
    await projector.load()
    await projector.ingest(activity("2026-05-30", source="/secret", visibility="count_only"))
    await measured(projector)
    assert {key[0] for key in samples("lofteskollen_feed_age_seconds") if key[3] == "/secret"} == {"internal"}


async def test_whatever_a_source_is_called_is_one_label(projector: Projector, activity: NewActivity) -> None:
    odd = 'a\\b"c\nd'
    await projector.load()
    await projector.ingest(activity("2026-05-02", source=odd))
    await measured(projector)
    assert ("internal", "2480", POLICE, odd) in samples("lofteskollen_feed_age_seconds")


async def test_no_address_is_shown_as_a_source(projector: Projector, activity: NewActivity) -> None:
    await projector.load()
    await projector.ingest(activity("2026-05-02", source="mailto:anna@example.se"))
    await measured(projector)
    assert "@" not in metrics.exposed().decode()
    assert ("internal", "2480", POLICE, "other") in samples("lofteskollen_feed_age_seconds")


async def test_the_buckets_of_a_named_period_hold_every_obligation_that_enters(projector: Projector) -> None:
    await projector.load()
    await projector.turn(MOMENT)
    await measured(projector)
    found = samples("lofteskollen_fulfilment_obligations")
    year = {key[4]: value for key, value in found.items() if key[:4] == ("internal", "2480", "year", "2026")}
    assert len(year) == 7
    assert sum(year.values()) > 0


async def test_one_replica_shows_the_standings(projector: Projector) -> None:
    await projector.load()
    await projector.turn(MOMENT)
    await measured(projector)
    assert samples("lofteskollen_promise_standing")
    await measured(projector)
    assert not samples("lofteskollen_promise_standing")


async def test_290_municipalities_stay_within_the_budget_and_cost_a_scrape_half_a_second(projector: Projector) -> None:
    await projector.load()
    await projector.turn(MOMENT)
    for table, columns in {
        "standing": "obligation, period, audience, revision, standing, wake_at, changed_at",
        "catalogue_revision": "revision, sha256, document, loaded_at",
    }.items():
        await projector.database.pool.execute(
            f"INSERT INTO {table} (municipality, {columns}) SELECT (3000 + n)::text, {columns}"  # noqa: S608
            f" FROM {table}, generate_series(1, $1) AS n",
            MUNICIPALITIES - 1,
        )
    figures = await measured(projector)
    began = time.process_time()
    await figures.measure()
    text = metrics.SHOWN.text().decode()
    took = time.process_time() - began
    series = [line for line in text.splitlines() if not line.startswith("#")]
    assert len({key[1] for key in samples("lofteskollen_promise_standing")}) == MUNICIPALITIES
    assert len(series) <= MUNICIPALITIES * BUDGET
    assert took < 0.5  # of the processor; prometheus.yml asks every 15 seconds


@pytest.mark.skipif(not shutil.which("promtool"), reason="Prometheus is not installed")
async def test_promtool_has_nothing_to_say_about_the_metrics(projector: Projector, activity: NewActivity) -> None:
    await projector.load()
    await projector.ingest(activity("2026-05-02"))
    await projector.turn(MOMENT)
    await measured(projector)
    promtool = await asyncio.create_subprocess_exec(
        *("promtool", "check", "metrics"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said, _ = await promtool.communicate(metrics.exposed())
    assert (promtool.returncode, said) == (0, b"")


async def test_4_13_a_figure_is_made_of_what_the_version_of_its_period_counts(projector: Projector) -> None:
    await projector.load_versions(lambda entry: entry.model_copy(update={"period": by_school_year(entry)}))
    await projector.turn(datetime(2027, 2, 1, 9, tzinfo=UTC))
    await measured(projector)
    found = samples("lofteskollen_fulfilment_obligations")
    kinds = {(kind, period) for (_, _, kind, period, _), number in found.items() if number}
    assert kinds == {("year", "2026"), ("school_year", "2026/27")}


def by_school_year(entry: ObligationEntry) -> PeriodEntry:
    return entry.period.model_copy(update={"value": "school_year"})
