"""What a standing costs in the domain: no more than in proportion to the evidence."""

from collections.abc import Callable
from datetime import date, timedelta
from time import process_time

from promises.domain.evaluate import evaluate
from promises.domain.evidence import Evidence
from promises.domain.obligation import Obligation

from services.promises.tests.driving import POLICE, TOWN
from services.promises.tests.promising import holding, leaflet, moment, occasions, promised, report, slot

SEASONS = [slot("spring", "03-01", "05-31", "traffic_rules"), slot("autumn", "09-01", "11-30", "reflector")]
JOINT = promised(occasions(2, slots=SEASONS, taking_part=leaflet(["police", "municipality"])))
RULES = frozenset({"traffic_rules"})


def evidence(number: int) -> Evidence:
    """One report in four is the second of an occasion that both organisations reported."""
    days = [(date(2026, 1, 1) + timedelta(n % 365)).isoformat() for n in range(number)]
    keys = [f"{days[n - n % 4]}/k{n // 4}" if n % 4 < 2 else None for n in range(number)]
    told = [
        report(days[n - n % 4], TOWN if n % 2 else POLICE, themes=RULES, occasion_key=keys[n]) for n in range(number)
    ]
    return Evidence(tuple(told))


def fastest(task: Callable[[], object], times: int) -> float:
    """The least seconds of processor time that a task took; what others do on the machine only adds."""
    spent = []
    for _ in range(times):
        began = process_time()
        task()
        spent.append(process_time() - began)
    return min(spent)


def cost(obligation: Obligation, number: int) -> float:
    period, found, now = holding(obligation, "2026-06-01"), evidence(number), moment("2027-01-15")
    return fastest(lambda: evaluate(obligation, period, found, now, "internal"), 30)


def test_eight_times_the_evidence_costs_no_more_than_in_proportion() -> None:
    assert cost(JOINT, 8000) < 12 * cost(JOINT, 1000)
