"""What an operator sets, by environment variables `LOFTESKOLLEN_…`; secrets come from files."""

from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.remedies import remedies


class Settings(BaseSettings):
    """Settings that every service has. `database_url` holds no password where `database_password_file` is given."""

    model_config = SettingsConfigDict(env_prefix="LOFTESKOLLEN_", extra="ignore")

    database_url: str = Field(pattern="^(postgres(ql)?://.+)?$", description="postgresql://user@host:port/name")
    database_password_file: Path | None = Field(default=None, description="file holding the database password")
    database_connections: int = Field(default=10, ge=2, description="connections in the pool")
    kafka_bootstrap: str = Field(description="host:port[,host:port] of Kafka")
    kafka_security_protocol: str = Field(
        default="PLAINTEXT", pattern="^(PLAINTEXT|SSL|SASL_PLAINTEXT|SASL_SSL)$", description="how to speak to Kafka"
    )
    kafka_sasl_mechanism: str = Field(
        default="SCRAM-SHA-512", pattern="^(PLAIN|SCRAM-SHA-256|SCRAM-SHA-512)$", description="how to log in to Kafka"
    )
    kafka_username: str | None = Field(default=None, description="user name at Kafka")
    kafka_password_file: Path | None = Field(default=None, description="file holding the password at Kafka")
    kafka_ca_file: Path | None = Field(default=None, description="certificates to trust; default the system's")
    kafka_session_timeout_ms: int = Field(default=10_000, ge=1000, description="a silent replica is replaced after")
    clock_file: Path | None = Field(default=None, description="follow the time in this file (demonstrations only)")
    backup_stamp: Path | None = Field(default=None, description="file that a good backup touches, for the alert")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, description="port of the API")
    internal_port: int = Field(default=9000, description="port of health, metrics and info; never publish it")
    drain_seconds: float = Field(default=0, ge=0, description="told to stop, go on answering so long behind a balancer")
    jwks_file: Path | None = Field(default=None, description="public keys that sign bearer tokens (JWKS)")
    jwt_issuer: str = Field(default="lofteskollen", description="required `iss` of bearer tokens")
    jwt_audience: str = Field(default="lofteskollen", description="required `aud` of bearer tokens")

    def dsn(self) -> str:
        """The database URL with the password from its file."""
        if self.database_password_file is None:
            return self.database_url
        parts = urlsplit(self.database_url)
        password = quote(_secret(self.database_password_file), safe="")
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{quote(parts.username or '')}:{password}@{host}"))

    def kafka_password(self) -> str | None:
        """The password at Kafka, or nothing where none is set."""
        return _secret(self.kafka_password_file) if self.kafka_password_file else None


def _secret(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()


def name_of(field: str) -> str:
    """The environment variable of a setting."""
    return f"LOFTESKOLLEN_{field.upper()}"


def listed(model: type[BaseSettings]) -> str:
    """Every setting as a line: its variable, what it is, its default or that it must be given."""
    lines = []
    for field, info in model.model_fields.items():
        default = (
            "must be given" if info.is_required() else f"default {info.default}" if info.default is not None else ""
        )
        about = f"{info.description} ({default})" if default else str(info.description)
        lines.append(f"  {name_of(field):<40} {about}")
    return "\n".join(lines)


def complaints(error: ValidationError) -> str:
    """What is wrong with the settings, each with its variable."""
    found = remedies(error.errors(include_url=False, include_input=False))
    return "\n".join(f"{name_of('_'.join(map(str, place)))}: {reason}" for place, reason in found)
