from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiokafka.admin import NewTopic
from chassis.clock import FileClock, SystemClock, clock_of
from chassis.kafka import admin, broker_security, client_options
from chassis.settings import Settings
from chassis.topics import TopicMismatchError, ensure
from contracts.topics import Topic
from faststream.security import SASLScram512
from pydantic import ValidationError


def _write(path: Path, text: str) -> None:
    """Replace the file as a whole, as the one who sets the time does."""
    new = path.with_suffix(".new")
    new.write_text(text, encoding="ascii")
    new.replace(path)


def _settings(**more: Any) -> Settings:  # noqa: ANN401
    return Settings(**({"database_url": "postgresql://u@h:1/d", "kafka_bootstrap": "k:1"} | more))


def test_the_file_clock_follows_its_file_and_never_goes_back(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    clock = FileClock(path)
    for written, shown in (
        ("2026-03-02T07:30:00+01:00", datetime(2026, 3, 2, 6, 30, tzinfo=UTC)),
        ("2026-03-02T07:00:00Z\n", datetime(2026, 3, 2, 7, tzinfo=UTC)),
        ("2026-01-01T00:00:00Z", datetime(2026, 3, 2, 7, tzinfo=UTC)),
        ("2026-03-02T07:00:00.5Z", datetime(2026, 3, 2, 7, 0, 0, 500_000, tzinfo=UTC)),
    ):
        _write(path, written)
        assert clock.now() == clock.now() == shown
    assert clock.now().tzinfo == UTC


@pytest.mark.parametrize("text", ["2026-03-02T07:30:00", "2026-03-02", "soon", ""])
def test_a_clock_file_without_an_instant_is_refused_until_it_is_mended(tmp_path: Path, text: str) -> None:
    path = tmp_path / "clock"
    clock = FileClock(path)
    _write(path, text)
    for _ in range(2):
        with pytest.raises(ValueError, match=r"no offset|isoformat"):
            clock.now()
    _write(path, "2026-03-02T07:30:00Z")
    assert clock.now() == datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def test_time_is_simulated_only_where_the_setting_says_so(tmp_path: Path) -> None:
    assert clock_of(tmp_path / "clock").simulated
    assert not clock_of(None).simulated
    assert SystemClock().now().tzinfo == UTC


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOFTESKOLLEN_DATABASE_URL", "postgresql://a@b:1/c")
    monkeypatch.setenv("LOFTESKOLLEN_KAFKA_BOOTSTRAP", "k:9")
    monkeypatch.setenv("LOFTESKOLLEN_PORT", "8123")
    read = Settings()
    assert (read.dsn(), read.kafka_bootstrap, read.port) == ("postgresql://a@b:1/c", "k:9", 8123)


def test_the_password_file_goes_into_the_address_of_the_database_and_nowhere_else(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("p@ss/w:rd?\n", encoding="utf-8")
    made = _settings(database_url="postgresql://user@host:5432/name?sslmode=require", database_password_file=path)
    assert made.dsn() == "postgresql://user:p%40ss%2Fw%3Ard%3F@host:5432/name?sslmode=require"
    assert "p@ss" not in repr(made)


def test_a_plain_broker_gets_no_login() -> None:
    assert client_options(_settings()) == {
        "bootstrap_servers": "k:1",
        "security_protocol": "PLAINTEXT",
        "ssl_context": None,
    }


@pytest.mark.parametrize("protocol", ["SASL_SSL", "SASL_PLAINTEXT"])
def test_a_guarded_broker_gets_login_and_trust_from_every_client(tmp_path: Path, protocol: str) -> None:
    path = tmp_path / "password"
    path.write_text("secret\n", encoding="utf-8")
    made = _settings(kafka_security_protocol=protocol, kafka_username="promises", kafka_password_file=path)
    options, security = client_options(made), broker_security(made)
    assert options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (options["sasl_plain_username"], options["sasl_plain_password"]) == ("promises", "secret")
    assert (options["ssl_context"] is not None) == (protocol == "SASL_SSL")
    assert isinstance(security, SASLScram512)
    assert (security.username, security.password) == ("promises", "secret")
    assert security.use_ssl == (protocol == "SASL_SSL")
    assert "secret" not in repr(made)


def test_an_unknown_way_to_speak_to_kafka_is_refused() -> None:
    with pytest.raises(ValidationError, match="kafka_security_protocol"):
        _settings(kafka_security_protocol="TELEPATHY")


async def test_topics_are_created_once_with_the_cluster_s_default_replication(settings: Settings, unique: str) -> None:
    topic = Topic(unique, "any", "tests", ("tests",), 86_400_000, 3)
    assert await ensure(settings, [topic]) == (unique,)
    assert await ensure(settings, [topic]) == ()


async def test_a_topic_with_another_number_of_partitions_is_refused(settings: Settings, unique: str) -> None:
    client = admin(settings)
    await client.start()
    await client.create_topics([NewTopic(unique, 2, 1)])
    await client.close()
    with pytest.raises(TopicMismatchError, match="has 2 partitions, declared are 3"):
        await ensure(settings, [Topic(unique, "any", "tests", ("tests",), -1, 3)])
