"""`make check-deploy`: everything about images, compose and Kubernetes that can be checked without running them."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contracts.topics import HOUSE, ingress
from generate import organisations
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
K8S = ROOT / "deploy" / "k8s"
TOOLS = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / ".deploy" / "bin"
NATIVE = {"v1", "apps/v1", "batch/v1", "policy/v1", "networking.k8s.io/v1"}
CUSTOM = {
    "Kafka": "kafka.strimzi.io/v1",
    "KafkaNodePool": "kafka.strimzi.io/v1",
    "KafkaTopic": "kafka.strimzi.io/v1",
    "KafkaUser": "kafka.strimzi.io/v1",
    "Cluster": "postgresql.cnpg.io/v1",
    "Database": "postgresql.cnpg.io/v1",
    "ScheduledBackup": "postgresql.cnpg.io/v1",
    "ScaledObject": "keda.sh/v1alpha1",
    "TriggerAuthentication": "keda.sh/v1alpha1",
    "ServiceMonitor": "monitoring.coreos.com/v1",
    "PrometheusRule": "monitoring.coreos.com/v1",
    "HTTPRoute": "gateway.networking.k8s.io/v1",
}
SKIPPED = {
    "CKV_K8S_43": "digests are the registry's; an overlay's `images` gives them where images are pushed",
    "CKV_K8S_15": "versions are pinned and never move, so asking the registry at every start gains nothing",
    "CKV_K8S_11": "a CPU limit throttles a reader that catches up; requests share fairly, memory is limited",
    "CKV_K8S_35": "secrets are files here; what is flagged are names of files",
}
Thing = dict[str, Any]


class Wrong(Exception):  # noqa: N818 - it is a finding, no fault of this program
    """What is wrong, as a sentence."""


def run(*command: str) -> str:
    """The output of a command that must succeed."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)  # noqa: S603
    if done.returncode:
        raise Wrong(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def renderings() -> Iterator[tuple[str, str]]:
    """Every overlay, and the base with each component alone."""
    for overlay in sorted((K8S / "overlays").iterdir()):
        yield f"overlays/{overlay.name}", run("kubectl", "kustomize", str(overlay))
    for component in sorted((K8S / "components").iterdir()):
        with tempfile.TemporaryDirectory(dir=K8S, prefix=".check-") as folder:
            text = f"resources: [../base]\ncomponents: [../components/{component.name}]\n"
            (Path(folder) / "kustomization.yaml").write_text(text, encoding="utf-8")
            yield f"components/{component.name}", run("kubectl", "kustomize", folder)


def validate(name: str, text: str, *, by_checkov: bool) -> None:
    """Schemas of Kubernetes, strictly; checkov; and what no schema knows."""
    things = [each for each in YAML(typ="safe").load_all(text) if each]
    native = [each for each in things if each["apiVersion"] in NATIVE]
    with tempfile.TemporaryDirectory() as folder:
        whole, known = Path(folder) / "all.yaml", Path(folder) / "native.yaml"
        whole.write_text(text, encoding="utf-8")
        with known.open("w", encoding="utf-8") as file:
            YAML().dump_all(native, file)
        said = run(str(TOOLS / "kubernetes-validate"), "--strict", str(known))
        if "WARN" in said:
            raise Wrong(f"{name}: {said}")
        if by_checkov:
            skipped = ",".join(SKIPPED)
            options = ("--framework", "kubernetes", "--quiet", "--compact", "--skip-download", "--skip-check", skipped)
            run(str(TOOLS / "checkov"), "-f", str(whole), *options)
    for check in (versions, images, selectors, topics, rights):
        for complaint in check(things):
            raise Wrong(f"{name}: {complaint}")
    print(f"{name}: {len(things)} resources, {len(native)} of them by Kubernetes' own schemas")


def versions(things: list[Thing]) -> Iterator[str]:
    """Custom resources have the API version that the operators named in docs/operating.md serve."""
    for each in things:
        if each["apiVersion"] not in NATIVE and CUSTOM.get(each["kind"]) != each["apiVersion"]:
            yield f"{each['kind']} {each['metadata']['name']} is {each['apiVersion']}, not {CUSTOM.get(each['kind'])}"


def images(things: list[Thing]) -> Iterator[str]:
    """Every image has a version."""
    for each in things:
        for container in each.get("spec", {}).get("template", {}).get("spec", {}).get("containers", []):
            tag = container["image"].rpartition("/")[2].partition(":")[2]
            if not tag or tag == "latest":
                yield f"{each['metadata']['name']} runs {container['image']}: pin its version"


def selectors(things: list[Thing]) -> Iterator[str]:
    """What selects pods of a service selects some."""
    pods = [
        each["spec"]["template"]["metadata"]["labels"].items()
        for each in things
        if each["kind"] in {"Deployment", "Job"}
    ]
    for each in things:
        spec = each.get("spec", {})
        wanted = {
            "Service": spec.get("selector"),
            "Deployment": spec.get("selector", {}).get("matchLabels"),
            "PodDisruptionBudget": spec.get("selector", {}).get("matchLabels"),
            "NetworkPolicy": spec.get("podSelector", {}).get("matchLabels"),
        }.get(each["kind"])
        ours = wanted and all(key.startswith("app.kubernetes.io/") for key in wanted)
        if ours and not any(wanted.items() <= labels for labels in pods):
            yield f"{each['kind']} {each['metadata']['name']} selects no pod: {wanted}"


def topics(things: list[Thing]) -> Iterator[str]:
    """Strimzi's topics are the declared ones."""
    found = {each["metadata"]["name"]: each["spec"] for each in things if each["kind"] == "KafkaTopic"}
    declared = {topic.name: topic for topic in [*HOUSE, *map(ingress, organisations())]}
    if found and found.keys() != declared.keys():
        yield f"topics {sorted(found.keys() ^ declared.keys())} are declared or deployed, not both"
    for name, spec in found.items():
        topic = declared[name]
        if spec["partitions"] != topic.partitions or not topic.config.items() <= spec["config"].items():
            yield f"topic {name} is {spec}, declared is {topic}"


def rights(things: list[Thing]) -> Iterator[str]:
    """Nobody writes a topic but its writer."""
    writers = {topic.name: topic.writer for topic in [*HOUSE, *map(ingress, organisations())]}
    for each in things:
        for acl in each["spec"]["authorization"]["acls"] if each["kind"] == "KafkaUser" else ():
            name, user = acl["resource"]["name"], each["metadata"]["name"]
            if {"Write", "All"} & {*acl["operations"]} and writers.get(name) != user:
                yield f"{user} may write {name}, whose writer is {writers.get(name)}"


def compose() -> None:
    """The compose file by Compose itself where it is installed, and its rules of ours."""
    tree = YAML(typ="safe").load(ROOT / "docker-compose.yml")
    for name, service in tree["services"].items():
        tag = service["image"].rpartition("/")[2].partition(":")[2]
        if not tag or tag == "latest":
            raise Wrong(f"docker-compose.yml: {name} runs {service['image']}: pin its version")
        for port in service.get("ports", ()):
            if not port.startswith("${PUBLISH:-127.0.0.1}:"):
                raise Wrong(f"docker-compose.yml: {name} publishes {port} beyond ${{PUBLISH}}")
    docker = shutil.which("docker")
    found = docker and subprocess.run([docker, "compose", "version"], check=False, capture_output=True)  # noqa: S603
    if docker and found and not found.returncode:
        example = ROOT / "deploy" / "compose" / "example.env"
        run(docker, "compose", "--env-file", str(example), "-f", str(ROOT / "docker-compose.yml"), "config", "-q")
        print("docker-compose.yml: accepted by Compose, versions pinned, published on one address")
    else:
        print("docker-compose.yml: versions pinned, published on one address; skipped: Compose is not installed here")


def main() -> int:
    """Check everything; answers the exit status."""
    try:
        run(str(TOOLS / "hadolint"), "services/Dockerfile")
        compose()
        for name, text in renderings():
            validate(name, text, by_checkov=name.startswith("overlays"))
    except (Wrong, FileNotFoundError) as wrong:
        print(wrong, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
