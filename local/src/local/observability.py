"""Prometheus and Alertmanager beside the system, where they are installed."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from local.children import StartError, free_port
from local.places import ROOT
from local.supervisor import Supervisor

PROMETHEUS, ALERTMANAGER = 9090, 9093
DEPLOYED = ROOT / "deploy" / "prometheus"


class Observability:
    """`targets` are the services' internal addresses by name; `deployed` holds the rules and the routes."""

    def __init__(
        self, folder: Path, targets: Mapping[str, str], *, every: str = "5s", deployed: Path = DEPLOYED
    ) -> None:
        self.folder = folder
        self.port, self.alerts_port = free_port(PROMETHEUS), free_port(ALERTMANAGER)
        self._targets = targets
        self._every = every
        self._deployed = deployed

    def start(self, supervisor: Supervisor, logs: Path) -> None:
        """Start both under the supervisor.

        Raises:
            StartError: one of them is not installed.
        """
        prometheus, alertmanager = _program("prometheus"), _program("alertmanager", "prometheus-alertmanager")
        self._write()
        data, env = self.folder, dict(os.environ)
        alerting = (
            f"--config.file={self._deployed / 'alertmanager.yml'}",
            f"--storage.path={data / 'alertmanager'}",
            f"--web.listen-address=127.0.0.1:{self.alerts_port}",
            "--cluster.listen-address=",
        )
        scraping = (
            f"--config.file={data / 'prometheus.json'}",
            f"--storage.tsdb.path={data / 'prometheus'}",
            "--storage.tsdb.retention.time=400d",
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
        static = [
            {"targets": [url.removeprefix("http://")], "labels": {"service": name}}
            for name, url in self._targets.items()
        ]
        config = {
            "global": dict.fromkeys(("scrape_interval", "scrape_timeout", "evaluation_interval"), self._every),
            "rule_files": [str(self._deployed / "rules" / "*.yml")],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{self.alerts_port}"]}]}]},
            "scrape_configs": [{"job_name": "lofteskollen", "static_configs": static}],
        }
        (self.folder / "prometheus.json").write_text(json.dumps(config, indent=1), encoding="utf-8")


def _program(*names: str) -> str:
    for name in names:
        if found := shutil.which(name):
            return found
    raise StartError(f"{names[0]} is not installed; on Debian: apt install prometheus prometheus-alertmanager")
