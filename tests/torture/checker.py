"""Whether every word was kept, seen from outside: the databases, the topics, the mails and the logs, by own queries.

Nothing here uses the product's code. A violation is (word, sentence).
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from tests.reference import fold
from tests.reference.compared import differences, read
from tests.torture.recorder import Recorder
from tests.torture.system import TOLD, Twofold

Violation = tuple[str, str]
Row = dict[str, Any]
HOUSE = ("activities", "promises", "deadlines", "promise-status", "notifications")
PARTITIONS = 12
ENDED_OR_DEFERRED = {"sent", "failed", "uncertain", "cancelled", "deferred"}


@dataclass(frozen=True)
class Seen:
    """Rows by a name, and the first copy of every event id by topic, in the topic's order.

    `promised` is the catalogue as the reference fold takes it, `now` what the clock file says.
    """

    rows: dict[str, list[Row]]
    topics: dict[str, list[dict[str, Any]]]
    raw: bytes
    mails: list[tuple[str, str]]
    promised: dict[str, Any]
    now: datetime


QUERIES = {
    "activities": {
        "accepted": "SELECT event_id, activity_id::text AS id, revision FROM accepted",
        "revision": "SELECT activity_id::text AS id, revision, state::text AS state FROM activity_revision",
        "activity": "SELECT activity_id::text AS id, revision, reference FROM activity",
        "dead": "SELECT convert_from(key, 'UTF8') AS key, reason FROM dead_letter",
        "outbox_a": "SELECT seq FROM outbox",
    },
    "promises": {
        "evidence": "SELECT activity_id::text, revision, obligation, counted_on::text, state FROM evidence",
        "standing": """SELECT obligation, period, audience, revision, standing::text AS standing FROM standing""",
        "history": """SELECT obligation, period, audience, revision, standing::text AS standing
            FROM standing_history ORDER BY revision""",
        "notice": "SELECT obligation, period, slot, stage, last_day::text AS day, outcome FROM notice",
        "deadline_p": "SELECT deadline_id::text AS id, revision FROM deadline",
        "dead_p": "SELECT topic, reason FROM dead_letter",
        "dirty": "SELECT obligation, error FROM dirty",
    },
    "notifications": {
        "deadline_n": "SELECT deadline_id::text AS id, revision FROM deadline",
        "mail": """SELECT mail_id::text AS id, message_id, address, state,
            (SELECT count(*) FROM mail_attempt a WHERE a.mail_id = m.mail_id AND entered_data) AS entered,
            (SELECT count(*) FROM mail_attempt a WHERE a.mail_id = m.mail_id AND outcome = 'unknown') AS doubts
            FROM mail m""",
        "told": """SELECT r.deadline_id::text AS id, r.stage, r.state, m.mail_id::text AS mail
            FROM reminder r JOIN mail m USING (mail_id)""",
        "dead_n": "SELECT topic, reason FROM dead_letter",
    },
}


async def check(system: Twofold, recorder: Recorder) -> list[Violation]:
    """Every violation; nothing when every word was kept."""
    seen = await look(system)
    found = [*accepted(seen, recorder), *said(seen), *evidence(seen), *standings(seen), *notices(seen)]
    found += [*mails(seen), *letters(seen, recorder), *private(seen, system)]
    return found


async def look(system: Twofold) -> Seen:
    rows: dict[str, list[Row]] = {}
    for service, queries in QUERIES.items():
        sql = await asyncpg.connect(system.dsn(service), timeout=10)
        async with sql.transaction(isolation="repeatable_read"):
            rows |= {name: [dict(row) for row in await sql.fetch(query)] for name, query in queries.items()}
        await sql.close()
    topics, raw = await _topics(system)
    now = datetime.fromisoformat(system.clock.read_text(encoding="ascii"))
    return Seen(rows, topics, raw, list(_inbox(system.folder / "mails")), read(TOLD.catalogue), now)


async def _topics(system: Twofold) -> tuple[dict[str, list[dict[str, Any]]], bytes]:
    consumer = AIOKafkaConsumer(bootstrap_servers=system.kafka.bootstrap, enable_auto_commit=False)
    await consumer.start()
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in HOUSE}
    raw = bytearray()
    try:
        places = [TopicPartition(name, n) for name in HOUSE for n in range(PARTITIONS)]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        ends = await consumer.end_offsets(places)
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for place, records in (await consumer.getmany(timeout_ms=500)).items():
                for record in records:
                    about = {name: value.decode() for name, value in record.headers}
                    event = {"event": about["ce_id"], "type": about["ce_type"], **json.loads(record.value)}
                    found[place.topic].append(event)
                    raw += record.value
    finally:
        await consumer.stop()
    return {name: first_copies(events) for name, events in found.items()}, bytes(raw)


def first_copies(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each event where it came first."""
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        found.setdefault(event["event"], event)
    return list(found.values())


def _inbox(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.glob("*.eml")):
        mail = message_from_bytes(file.read_bytes())
        yield str(mail["Message-ID"]), str(mail["To"])


def accepted(seen: Seen, recorder: Recorder) -> Iterator[Violation]:
    """A1 to A3: accepted ⊆ stored ⊆ accepted ∪ unknown; one activity for one id; the same answer each time."""
    stored = {row["event_id"]: row for row in seen.rows["accepted"]}
    revisions = {(row["id"], row["revision"]) for row in seen.rows["revision"]}
    for event_id, row in stored.items():
        if event_id not in recorder.asked:
            yield "A1", f"{event_id} is stored and was never asked"
        elif recorder.outcome(event_id) == "refused":
            yield "A3", f"{event_id} was refused and is stored"
        elif (row["id"], row["revision"]) not in revisions:
            yield "A1", f"{event_id} was claimed and has no revision"
    yield from _answers(stored, recorder)
    if extra := revisions - {(row["id"], row["revision"]) for row in stored.values()}:
        yield "A2", f"{len(extra)} revisions belong to no command, such as {min(extra)}"


def _answers(stored: dict[str, Row], recorder: Recorder) -> Iterator[Violation]:
    for event_id, answers in recorder.said.items():
        given = {(a["activity_id"], a["revision"]) for a in answers if a["outcome"] == "ok"}
        if len(given) > 1:
            yield "A2", f"{event_id} was answered in {len(given)} ways"
        if given and (event_id not in stored or (stored[event_id]["id"], stored[event_id]["revision"]) not in given):
            yield "A1", f"{event_id} was accepted and is not stored"
        if any(a["outcome"] == "other" and a["status"] != 409 for a in answers):
            yield "A2", f"{event_id} with other content was not refused by 409"
        if answers[0]["outcome"] == "sent" and recorder.asked[event_id]["kind"] == "report" and event_id not in stored:
            yield "A1", f"{event_id} was acknowledged by Kafka and is not stored"


def said(seen: Seen) -> Iterator[Violation]:
    """O1 to O3: a topic holds what is committed, all of it, and first copies of a thing in the order of revisions."""
    told = [event for event in seen.topics["activities"] if "footprint" in event]
    kept = {(row["id"], row["revision"]) for row in seen.rows["revision"]}
    there = Counter((event["activity_id"], event["revision"]) for event in told)
    yield from _same("activities", kept, there)
    status = Counter((e["obligation"], e["period"], e["revision"]) for e in seen.topics["promise-status"])
    public = {
        (row["obligation"], row["period"], row["revision"])
        for row in seen.rows["history"]
        if row["audience"] == "public"
    }
    if extra := [thing for thing in status if thing not in public]:
        yield "O3", f"promise-status holds {len(extra)} uncommitted, such as {extra[0]}"
    yield from _in_order("activities", [(e["activity_id"], e["revision"]) for e in told])
    deadlines = [(e["deadline_id"], e["revision"]) for e in seen.topics["deadlines"]]
    yield from _in_order("deadlines", deadlines)
    yield from _in_order(
        "promise-status", [((e["obligation"], e["period"]), e["revision"]) for e in seen.topics["promise-status"]]
    )
    last = dict(deadlines)
    for row in seen.rows["deadline_p"]:
        if last.get(row["id"]) != row["revision"]:
            yield "O1", f"deadline {row['id']} is committed at {row['revision']} and told at {last.get(row['id'])}"
    told_there = {row["id"]: row["revision"] for row in seen.rows["deadline_n"]}
    if told_there != last:
        yield "O1", f"notifications knows {len(told_there)} deadlines otherwise than the topic's {len(last)}"


def _same(topic: str, kept: set[Any], there: Counter[Any]) -> Iterator[Violation]:
    if lost := kept - set(there):
        yield "O1", f"{len(lost)} committed are not in {topic}, such as {min(lost)}"
    if extra := set(there) - kept:
        yield "O3", f"{len(extra)} in {topic} are not committed, such as {min(extra)}"
    if doubled := [thing for thing, count in there.items() if count > 1]:
        yield "O3", f"{doubled[0]} has several event ids in {topic}"


def _in_order(topic: str, told: list[tuple[Any, int]]) -> Iterator[Violation]:
    last: dict[Any, int] = {}
    for thing, revision in told:
        if revision <= last.get(thing, 0):
            yield "O2", f"{topic}: {thing} {revision} came after {last[thing]}"
        last[thing] = revision


def evidence(seen: Seen) -> Iterator[Violation]:
    """S2: evidence is what the topic says, pair by pair."""
    expected: set[tuple[str, int, str, str, str]] = set()
    for event in seen.topics["activities"]:
        for pair in event.get("footprint", ()):
            counts = pair["counted_on"] == event["counted_on"] and pair["obligation"] in event["obligations"]
            state = "counted" if counts else "released"
            expected.add((event["activity_id"], event["revision"], pair["obligation"], pair["counted_on"], state))
    there = {tuple(row.values()) for row in seen.rows["evidence"]}
    if there != expected:
        yield "S2", f"evidence lacks {len(expected - there)} rows of the topic and has {len(there - expected)} others"


def standings(seen: Seen) -> Iterator[Violation]:
    """S1: nothing waits; every standing is what the reference fold says; history ends with what stands."""
    if seen.rows["dirty"]:
        yield "S1", f"{len(seen.rows['dirty'])} obligations wait though all is quiet: {seen.rows['dirty'][0]}"
    told = [event for event in seen.topics["activities"] if "footprint" in event]
    baselines = [event for event in seen.topics["activities"] if "baseline_id" in event]
    kept = {
        (row["obligation"], row["period"], row["audience"]): json.loads(row["standing"])
        for row in seen.rows["standing"]
    }
    if apart := differences(kept, fold.standings(seen.promised, told, baselines, seen.now)):
        yield "S1", f"{len(apart)} things stand otherwise than recounted, such as {apart[0]}"
    yield from _histories(seen)


def _histories(seen: Seen) -> Iterator[Violation]:
    runs: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in seen.rows["history"]:
        runs[row["obligation"], row["period"], row["audience"]].append(row)
    for row in seen.rows["standing"]:
        run = runs[row["obligation"], row["period"], row["audience"]]
        if [each["revision"] for each in run] != list(range(1, row["revision"] + 1)):
            yield "S1", f"history of {row['obligation']} {row['period']} has a hole"
        elif run[-1]["standing"] != row["standing"]:
            yield "S1", f"history of {row['obligation']} {row['period']} ends with something else"


def notices(seen: Seen) -> Iterator[Violation]:
    """D1: a stage is told once, and what was told is in the ledger and on the topic."""
    told = Counter(
        (e["obligation"], e["period"], e["slot"], e["stage"], e["last_day"])
        for e in seen.topics["deadlines"]
        if "stage" in e and len(e["awaited"]) > 0
    )
    ledger = {tuple(row.values())[:5] for row in seen.rows["notice"] if row["outcome"] == "told"}
    if lost := ledger - set(told):
        yield "D1", f"{len(lost)} notices were entered and never told, such as {min(lost)}"
    if extra := set(told) - ledger:
        yield "D1", f"{len(extra)} notices were told and never entered, such as {min(extra)}"


def mails(seen: Seen) -> Iterator[Violation]:
    """N1 to N3: each ends, none is sent twice unless recorded as in doubt, none without a notice or to a stranger."""
    got = Counter(message_id for message_id, _ in seen.mails)
    to = dict(seen.mails)
    known = {row["message_id"]: row for row in seen.rows["mail"]}
    for message_id, copies in got.items():
        row = known.get(message_id)
        if row is None or not row["entered"]:
            yield "N2", f"{message_id} arrived and no attempt is recorded"
        elif copies > 1 + min(row["doubts"], 1):
            yield "N2", f"{message_id} arrived {copies} times with {row['doubts']} attempts in doubt"
        elif row["address"] not in to[message_id]:
            yield "N3", f"{message_id} went to somebody else"
    for message_id, row in known.items():
        if row["state"] not in ENDED_OR_DEFERRED:
            yield "N1", f"{message_id} is {row['state']} though all is quiet"
        if row["state"] == "sent" and not got[message_id]:
            yield "N1", f"{message_id} is called sent and never arrived"
    yield from _reminders(seen)


def _reminders(seen: Seen) -> Iterator[Violation]:
    told = {(e["deadline_id"], e.get("stage")) for e in seen.topics["deadlines"]}
    for row in seen.rows["told"]:
        if (row["id"], row["stage"]) not in told:
            yield "N3", f"{row['mail']} tells {row['stage']} of {row['id']}, of which no notice was given"
    words = Counter(
        (e["mail_id"], e["deadline_id"], e["stage"], e["organisation"]) for e in seen.topics["notifications"]
    )
    if doubled := [thing for thing, count in words.items() if count > 1]:
        yield "N1", f"the end of {doubled[0]} was said twice"


def letters(seen: Seen, recorder: Recorder) -> Iterator[Violation]:
    """A dead letter for every bad record that was acknowledged, and for nothing else."""
    there = Counter(row["key"] for row in seen.rows["dead"])
    bad = {event_id for event_id, what in recorder.asked.items() if what["kind"] == "dead"}
    if lost := {event_id for event_id in bad if recorder.outcome(event_id) == "sent"} - set(there):
        yield "dead letters", f"{min(lost)} was malformed, acknowledged and not set aside"
    if extra := set(there) - bad:
        yield "dead letters", f"{min(extra)} was good and set aside"
    if others := [*seen.rows["dead_p"], *seen.rows["dead_n"]]:
        yield "dead letters", f"{len(others)} house events were set aside: {others[0]}"


def private(seen: Seen, system: Twofold) -> Iterator[Violation]:
    """P1: no address on the bus or in a log."""
    if b"@polisen.example" in seen.raw or b"@umea.example" in seen.raw:
        yield "P1", "an address is on the bus"
    for log in system.logs():
        text = log.read_text(encoding="utf-8", errors="replace")
        if log.stem != "inbox" and ("@polisen.example" in text or "@umea.example" in text):
            yield "P1", f"an address is in {log.name}"
