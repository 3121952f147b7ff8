"""`python deploy/generate.py` makes what deployment takes from the contracts and the settings; `--check` compares."""

import sys
from collections.abc import Iterator
from pathlib import Path

from chassis.kafka import MAX_RECORD_BYTES
from contracts.topics import HOUSE, INGRESS_PREFIX, Topic, ingress
from ruamel.yaml import YAML
from settings import SERVICES, settings_table

ROOT = Path(__file__).resolve().parents[1]
OVERLAYS = ROOT / "deploy" / "k8s" / "overlays"
NAMES = ("local", "production")
EXAMPLES = (
    ROOT / "catalogue" / "2480-umea.yaml",
    ROOT / "catalogue" / "organisations.yaml",
    ROOT / "catalogue" / "2480-umea-medborgarloften.txt",
    ROOT / "local" / "src" / "local" / "recipients.yaml",
)
STRIMZI = ROOT / "deploy" / "k8s" / "components" / "strimzi"
RULES = ROOT / "deploy" / "prometheus" / "rules"
OPERATED = ROOT / "deploy" / "k8s" / "components" / "prometheus-operator"
HEAD = "# Made by deploy/generate.py from contracts/topics.py; `make generate` makes it anew.\n"
Grant = tuple[str, str, str, tuple[str, ...]]


def grants(service: str) -> Iterator[Grant]:
    """What a service may do on Kafka, and no more: (resource, name, pattern, operations).

    It reads its own topics too: at start it compares them with its database, and `recover` takes them back.
    """
    for topic in HOUSE:
        if topic.writer == service:
            yield "topic", topic.name, "literal", ("Describe", "DescribeConfigs", "Read", "Write")
        elif service in topic.readers:
            yield "topic", topic.name, "literal", ("Describe", "Read")
    if service in ingress("any").readers:
        yield "topic", INGRESS_PREFIX, "prefix", ("Describe", "Read")
    yield "group", service, "prefix", ("Describe", "Read")


def sending(organisation: str) -> Grant:
    """An organisation writes its own ingress topic and nothing else."""
    return "topic", ingress(organisation).name, "literal", ("Describe", "Write")


def organisations() -> list[str]:
    """The ids in the catalogue."""
    tree = YAML(typ="safe").load(ROOT / "catalogue" / "organisations.yaml")
    return [each["id"] for each in tree["organisations"]]


def acls_script() -> str:
    """The one-shot job of docker-compose.yml."""
    lines = [
        "#!/bin/bash",
        HEAD + "# Gives every user of Kafka its rights; given again it changes nothing.",
        "set -euo pipefail",
        "umask 077",
        "cat >/tmp/admin.properties <<EOF",
        "security.protocol=SASL_PLAINTEXT",
        "sasl.mechanism=PLAIN",
        (
            "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required"
            ' username="kafka" password="$(cat /run/secrets/kafka)";'
        ),
        "EOF",
        (
            "allow() { /opt/kafka/bin/kafka-acls.sh --bootstrap-server kafka:9092"
            ' --command-config /tmp/admin.properties --add --allow-principal "$@" >/dev/null; }'
        ),
    ]
    lines += [_allow(service, grant) for service in SERVICES for grant in grants(service)]
    lines += ["for organisation in $ORGANISATIONS; do", f"  {_allow('$organisation', sending('x'))}", "done"]
    return (
        "\n".join([*lines, 'echo "every user of Kafka has its rights"']).replace("ingress.x", "ingress.$organisation")
        + "\n"
    )


def _allow(user: str, grant: Grant) -> str:
    resource, name, pattern, operations = grant
    how = " --resource-pattern-type prefixed" if pattern == "prefix" else ""
    said = " ".join(f"--operation {operation}" for operation in operations)
    return f'allow "User:{user}" {said} --{resource} "{name}"{how}'


def strimzi_topics() -> str:
    """KafkaTopics: the house's and one a known organisation."""
    return HEAD + "---\n".join(_topic(topic) for topic in [*HOUSE, *map(ingress, organisations())])


def _topic(topic: Topic) -> str:
    config = topic.config | {"max.message.bytes": str(MAX_RECORD_BYTES), "min.insync.replicas": "2"}
    lines = "".join(f'    {name}: "{value}"\n' for name, value in sorted(config.items()))
    return f"""apiVersion: kafka.strimzi.io/v1
kind: KafkaTopic
metadata:
  name: {topic.name}
  labels: {{strimzi.io/cluster: lofteskollen}}
spec:
  partitions: {topic.partitions}
  replicas: 3
  config:
{lines}"""


def strimzi_users() -> str:
    """KafkaUsers with the same rights as everywhere."""
    users = [_user(name, list(grants(name))) for name in SERVICES]
    users += [_user(name, [sending(name)]) for name in organisations()]
    return HEAD + "---\n".join(users)


def _user(name: str, granted: list[Grant]) -> str:
    acls = "".join(
        f"      - resource: {{type: {kind}, name: {what}, patternType: {pattern}}}\n"
        f"        operations: [{', '.join(operations)}]\n"
        for kind, what, pattern, operations in granted
    )
    return f"""apiVersion: kafka.strimzi.io/v1
kind: KafkaUser
metadata:
  name: {name}
  labels: {{strimzi.io/cluster: lofteskollen}}
spec:
  authentication: {{type: scram-sha-512}}
  authorization:
    type: simple
    acls:
{acls}"""


def prometheus_rules() -> str:
    """PrometheusRules: the rules that Prometheus reads elsewhere, as the operator takes them."""
    files = sorted(RULES.glob("*.yml"))
    return HEAD.replace("contracts/topics.py", "deploy/prometheus/rules") + "---\n".join(map(_rule, files))


def _rule(path: Path) -> str:
    groups = "".join(f"  {line}" for line in path.read_text(encoding="utf-8").splitlines(keepends=True))
    return f"""apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: lofteskollen-{path.stem}
spec:
{groups}"""


def files() -> dict[Path, str]:
    """Every generated file."""
    return {
        ROOT / "deploy" / "compose" / "acls.sh": acls_script(),
        ROOT / "docs" / "settings.md": settings_table(),
        STRIMZI / "topics.yaml": strimzi_topics(),
        STRIMZI / "users.yaml": strimzi_users(),
        OPERATED / "rules.yaml": prometheus_rules(),
    } | {OVERLAYS / overlay / path.name: path.read_text(encoding="utf-8") for overlay in NAMES for path in EXAMPLES}


def main() -> int:
    """Write, or compare and answer 1 where something differs."""
    stale = [path for path, text in files().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale: run `make generate`")
        return 1 if stale else 0
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
