"""One table of all settings: what the services read, and what docker-compose.yml takes from .env."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from chassis.settings import Settings, name_of
from pydantic_settings import BaseSettings

ROOT = Path(__file__).resolve().parents[1]
SERVICES = ("activities", "promises", "notifications")


class Setting(NamedTuple):
    """A variable, who reads it, what it is and what holds without it."""

    name: str
    who: str
    about: str
    default: str


def settings_table() -> str:
    """The page docs/settings.md."""
    lines = [
        "# Inställningar / Settings",
        "",
        "Made by `make generate` from the classes that read the variables and from `deploy/compose/example.env`.",
        "With Compose you set in `.env` what Compose reads; it gives the services the others. Secrets are files.",
        "",
        "| variable | read by | what | default |",
        "|---|---|---|---|",
    ]
    rows = [*compose_settings(), *_service_settings()]
    return "\n".join([*lines, *(f"| `{s.name}` | {s.who} | {s.about} | {s.default} |" for s in rows)]) + "\n"


def compose_settings() -> Iterator[Setting]:
    """What example.env explains, each in the line above it; the default is docker-compose.yml's own."""
    composed = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    example = (ROOT / "deploy" / "compose" / "example.env").read_text(encoding="utf-8")
    for about, name in re.findall(r"^# (.+)\n#?(\w+)=", example, re.MULTILINE):
        found = re.search(rf"\${{{name}:([-?])([^}}]*)}}", composed)
        default = "" if found is None else f"`{found[2]}`" if found[1] == "-" else "must be given"
        yield Setting(name, "Compose", about, default)


def _service_settings() -> Iterator[Setting]:
    seen: dict[str, tuple[str, str, list[str]]] = {}
    for service in SERVICES:
        for field, info in _model(service).model_fields.items():
            default = "must be given" if info.is_required() else "" if info.default is None else f"`{info.default}`"
            seen.setdefault(field, (str(info.description), default, []))[2].append(service)
    for field, (about, default, who) in seen.items():
        yield Setting(name_of(field), "every service" if len(who) == len(SERVICES) else ", ".join(who), about, default)


def _model(service: str) -> type[BaseSettings]:
    try:
        found: type[BaseSettings] = importlib.import_module(f"{service}.settings").Settings
    except ModuleNotFoundError:
        return Settings
    return found
