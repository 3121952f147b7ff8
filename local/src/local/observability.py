"""Prometheus and Alertmanager beside the system, where they are installed."""

import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from local.children import StartError, free_port
from local.places import ROOT
from local.supervisor import Supervisor

PROMETHEUS, ALERTMANAGER = 9090, 9093
DEPLOYED = ROOT / "deploy" / "prometheus"


class Observability:
    """`targets` are the services' internal addresses by name; `faster` divides every `for:`, so that tests can wait."""

    def __init__(self, folder: Path, targets: Mapping[str, str], *, every: str = "5s", faster: int = 1) -> None:
        self.folder = folder
        self.port, self.alerts_port = free_port(PROMETHEUS), free_port(ALERTMANAGER)
        self._targets = targets
        self._every = every
        self._faster = faster

    def start(self, supervisor: Supervisor, logs: Path) -> None:
        """Start both under the supervisor.

        Raises:
            StartError: one of them is not installed.
        """
        prometheus, alertmanager = _program("prometheus"), _program("alertmanager", "prometheus-alertmanager")
        self._write()
        data, env = self.folder, dict(os.environ)
        alerting = (
            f"--config.file={DEPLOYED / 'alertmanager.yml'}",
            f"--storage.path={data / 'alertmanager'}",
            f"--web.listen-address=127.0.0.1:{self.alerts_port}",
            "--cluster.listen-address=",
        )
        scraping = (
            f"--config.file={data / 'prometheus.json'}",
            f"--storage.tsdb.path={data / 'prometheus'}",
            f"--web.listen-address=127.0.0.1:{self.port}",
        )
        supervisor.start("alertmanager", [alertmanager, *alerting], log=logs / "alertmanager.log", env=env)
        supervisor.start("prometheus", [prometheus, *scraping], log=logs / "prometheus.log", env=env)

    @property
    def url(self) -> str:
        """Where Prometheus answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def alerts_url(self) -> str:
        """Where Alertmanager answers."""
        return f"http://127.0.0.1:{self.alerts_port}"

    def _write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        rules = []
        for source in sorted((DEPLOYED / "rules").glob("*.yml")):
            rules.append(str(self.folder / source.name))
            text = source.read_text(encoding="utf-8")
            (self.folder / source.name).write_text(quickened(text, self._faster), encoding="utf-8")
        static = [
            {"targets": [url.removeprefix("http://")], "labels": {"service": name}}
            for name, url in self._targets.items()
        ]
        config = {
            "global": {"scrape_interval": self._every, "scrape_timeout": self._every, "evaluation_interval": "5s"},
            "rule_files": rules,
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{self.alerts_port}"]}]}]},
            "scrape_configs": [{"job_name": "lofteskollen", "static_configs": static}],
        }
        (self.folder / "prometheus.json").write_text(json.dumps(config, indent=1), encoding="utf-8")


def quickened(rules: str, faster: int) -> str:
    """Rules whose `for:` is so many times shorter."""
    seconds = {"s": 1, "m": 60, "h": 3600}
    return re.sub(
        r"for: (\d+)([smh])\b", lambda found: f"for: {int(found[1]) * seconds[found[2]] * 1000 // faster}ms", rules
    )


def _program(*names: str) -> str:
    for name in names:
        if found := shutil.which(name):
            return found
    raise StartError(f"{names[0]} is not installed; on Debian: apt install prometheus prometheus-alertmanager")
