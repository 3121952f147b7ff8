"""How every client of Kafka is made: one place for address, security and the settings that keep records."""

import ssl
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from chassis.settings import Settings

MAX_RECORD_BYTES = 512 * 1024
_SASL = {"PLAIN": SASLPlaintext, "SCRAM-SHA-256": SASLScram256, "SCRAM-SHA-512": SASLScram512}


def client_options(settings: Settings) -> dict[str, Any]:
    """Keyword arguments that every aiokafka client takes."""
    options: dict[str, Any] = {
        "bootstrap_servers": settings.kafka_bootstrap,
        "security_protocol": settings.kafka_security_protocol,
        "ssl_context": _trust(settings),
    }
    if settings.kafka_security_protocol.startswith("SASL"):
        options |= {
            "sasl_mechanism": settings.kafka_sasl_mechanism,
            "sasl_plain_username": settings.kafka_username,
            "sasl_plain_password": settings.kafka_password(),
        }
    return options


def broker_security(settings: Settings) -> BaseSecurity:
    """The same for FastStream, which has words of its own."""
    if settings.kafka_security_protocol.startswith("SASL"):
        return _SASL[settings.kafka_sasl_mechanism](
            username=settings.kafka_username or "",
            password=settings.kafka_password() or "",
            ssl_context=_trust(settings),
            use_ssl=settings.kafka_security_protocol.endswith("SSL"),
        )
    return BaseSecurity(ssl_context=_trust(settings), use_ssl=settings.kafka_security_protocol == "SSL")


def producer(settings: Settings) -> AIOKafkaProducer:
    """A producer that loses nothing: every in-sync replica acknowledges, repeats are recognised."""
    return AIOKafkaProducer(
        **client_options(settings),
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        request_timeout_ms=10_000,
        max_request_size=MAX_RECORD_BYTES * 2,
    )


def reader(settings: Settings) -> AIOKafkaConsumer:
    """A consumer without a group, for offsets and for reading a topic once."""
    return AIOKafkaConsumer(**client_options(settings), enable_auto_commit=False, auto_offset_reset="earliest")


def admin(settings: Settings) -> AIOKafkaAdminClient:
    """An administrator's client."""
    return AIOKafkaAdminClient(**client_options(settings))


def _trust(settings: Settings) -> ssl.SSLContext | None:
    if not settings.kafka_security_protocol.endswith("SSL"):
        return None
    return ssl.create_default_context(cafile=str(settings.kafka_ca_file) if settings.kafka_ca_file else None)
