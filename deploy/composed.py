"""What no schema knows of docker-compose.yml: each assertion yields what is wrong, as sentences."""

import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from settings import ROOT, SERVICES, compose_settings

OPENED = {"activities", "promises", "mailpit", "grafana"}
"""What a person opens."""
PROFILES = {"demo", "play", "doctor", "observability"}
OURS, VERSION = "lofteskollen/", version("lofteskollen-chassis")
DONE = "service_completed_successfully"
Tree = dict[str, Any]


def read(path: Path = ROOT / "docker-compose.yml") -> Tree:
    """The file, with its aliases and merges resolved."""
    tree: Tree = YAML(typ="safe").load(path)
    return tree


def pinned(tree: Tree) -> Iterator[str]:
    """Every image has a version, ours this one unless the operator names another."""
    for name, service in tree["services"].items():
        tag = service["image"].partition(":")[2]
        if service["image"].startswith(OURS) and tag != f"${{VERSION:-{VERSION}}}":
            yield f"{name} runs {service['image']}, not ${{VERSION:-{VERSION}}}"
        elif not re.search(r"\d", tag):
            yield f"{name} runs {service['image']}: pin its version"


def published(tree: Tree) -> Iterator[str]:
    """Nothing is reached from outside but what a person opens, and that on one address."""
    for name, service in tree["services"].items():
        for port in service.get("ports", ()):
            if name not in OPENED or not port.startswith("${PUBLISH:-127.0.0.1}:"):
                yield f"{name} publishes {port}"
        if service.get("network_mode") or service.get("privileged"):
            yield f"{name} shares the host's network or rights"


def watched(tree: Tree) -> Iterator[str]:
    """What stays has a health check and is started again; what ends is no service."""
    for name, service in tree["services"].items():
        check = service.get("healthcheck", {})
        stays = service["restart"] != "no"
        if stays and not check.get("test") and name not in SERVICES:
            yield f"{name} stays and has no health check"
        if not stays and name in SERVICES:
            yield f"{name} is not started again"


def waited_for(tree: Tree) -> Iterator[str]:
    """A job of `up` ends before something that waits for it: otherwise `up --wait` takes its end for a failure."""
    for name, service in tree["services"].items():
        waiting = [
            each["depends_on"][name]
            for each in tree["services"].values()
            if name in each.get("depends_on", ()) and each["depends_on"][name]["condition"] == DONE
        ]
        if service["restart"] == "no" and not {"play", "doctor"} & {*service.get("profiles", ())} and not waiting:
            yield f"nobody waits for the job {name}"


def optional(tree: Tree) -> Iterator[str]:
    """Without a profile nothing of a profile is needed, and no profile is unknown to the documentation."""
    of = {name: set(service.get("profiles", ())) for name, service in tree["services"].items()}
    for name, service in tree["services"].items():
        if of[name] - PROFILES:
            yield f"{name} has the unknown profile {of[name] - PROFILES}"
        for needed, how in service.get("depends_on", {}).items():
            if of[needed] - of[name] and how.get("required", True):
                yield f"{name} needs {needed}, which only the profile {of[needed]} starts"


def confined(tree: Tree) -> Iterator[str]:
    """What is ours runs on a read-only root without capabilities, and nothing gains privileges."""
    for name, service in tree["services"].items():
        if "no-new-privileges:true" not in service.get("security_opt", ()):
            yield f"{name} may gain privileges"
        if service["image"].startswith(OURS) and not (service.get("read_only") and service.get("cap_drop") == ["ALL"]):
            yield f"{name} may write its root or has capabilities"


def secret(tree: Tree) -> Iterator[str]:
    """Passwords are files of the installation, named and never written in a variable."""
    for name, entry in tree["secrets"].items():
        if not entry.get("file", "").startswith("installation/"):
            yield f"the secret {name} is no file of the installation"
    for name, service in tree["services"].items():
        for variable in service.get("environment", ()):
            if re.search(r"PASSWORD|SECRET|TOKEN", variable) and not variable.endswith("FILE"):
                yield f"{name} is given {variable} as a variable"


def in_real_time(tree: Tree) -> Iterator[str]:
    """The clock is simulated only where .env says so, and an installation's .env does not."""
    for name, service in tree["services"].items():
        if service.get("environment", {}).get("LOFTESKOLLEN_CLOCK_FILE") is not None:
            yield f"{name} follows a simulated clock"
    example = (ROOT / "deploy" / "compose" / "example.env").read_text(encoding="utf-8")
    if "CLOCK_FILE" in example:
        yield "deploy/compose/example.env names a clock"


def scraped(tree: Tree) -> Iterator[str]:
    """Prometheus finds what it asks."""
    text = (ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text(encoding="utf-8")
    for host in re.findall(r"targets: \[([\w-]+):\d+\]", text):
        if host not in tree["services"]:
            yield f"prometheus.yml asks {host}, which is no service"


def told(tree: Tree) -> Iterator[str]:
    """Every variable of the file stands in docs/settings.md."""
    known = {each.name for each in compose_settings()}
    for name in {*re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8"))}:
        if name not in known:
            yield f"{name} is not explained in deploy/compose/example.env"
    for service in tree["services"].values():
        for name, value in service.get("environment", {}).items():
            if value is None and name not in known | {"LOFTESKOLLEN_CLOCK_FILE"}:
                yield f"{name} is not explained in deploy/compose/example.env"


ASSERTIONS = (
    pinned, published, watched, waited_for, optional, confined, secret, in_real_time, scraped, told,
)  # fmt: skip
