"""What no schema knows of Kubernetes' resources: each assertion yields what is wrong, as sentences."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import activities.api
import promises.api
from chassis.settings import Settings, name_of
from contracts.topics import HOUSE, ingress
from generate import SERVICES, organisations

ROOT = Path(__file__).resolve().parents[1]
NATIVE = {"v1", "apps/v1", "batch/v1", "policy/v1", "networking.k8s.io/v1"}
CUSTOM = {
    "Kafka": "kafka.strimzi.io/v1",
    "KafkaNodePool": "kafka.strimzi.io/v1",
    "KafkaTopic": "kafka.strimzi.io/v1",
    "KafkaUser": "kafka.strimzi.io/v1",
    "Cluster": "postgresql.cnpg.io/v1",
    "Database": "postgresql.cnpg.io/v1",
    "ScheduledBackup": "postgresql.cnpg.io/v1",
    "ObjectStore": "barmancloud.cnpg.io/v1",
    "ScaledObject": "keda.sh/v1alpha1",
    "TriggerAuthentication": "keda.sh/v1alpha1",
    "ServiceMonitor": "monitoring.coreos.com/v1",
    "PrometheusRule": "monitoring.coreos.com/v1",
    "HTTPRoute": "gateway.networking.k8s.io/v1",
}
OWN_STORE = {f"{service}-database" for service in SERVICES}
"""Secrets that the head of overlays/production asks for."""
FORGOTTEN = 10
"""Seconds after which every node has taken an address from its Service, and who asks has been told to hang up."""
ENDED = 30
"""Seconds from drained to ended: clients 2, readers 10 and doors meanwhile, the database 5, spans nobody takes 10."""
MOST_MEMORY = 400
"""MiB: what `make overload` holds of every replica."""
Thing = dict[str, Any]


def pods(things: list[Thing]) -> Iterator[tuple[Thing, Thing]]:
    """Whatever runs pods, and its pods' template."""
    for each in things:
        if each["kind"] in {"Deployment", "StatefulSet", "Job"}:
            yield each, each["spec"]["template"]


def containers(template: Thing) -> list[Thing]:
    """All that run in a pod."""
    return [*template["spec"].get("initContainers", ()), *template["spec"]["containers"]]


def versions(things: list[Thing]) -> Iterator[str]:
    """Custom resources have the API version that the operators named in docs/operating.md serve."""
    for each in things:
        if each["apiVersion"] not in NATIVE and CUSTOM.get(each["kind"]) != each["apiVersion"]:
            yield f"{each['kind']} {each['metadata']['name']} is {each['apiVersion']}, not {CUSTOM.get(each['kind'])}"


def images(things: list[Thing]) -> Iterator[str]:
    """Every image has a version."""
    for each, template in pods(things):
        for container in containers(template):
            tag = container["image"].rpartition("/")[2].partition(":")[2]
            if not tag or tag == "latest":
                yield f"{each['metadata']['name']} runs {container['image']}: pin its version"


def selectors(things: list[Thing]) -> Iterator[str]:
    """What selects pods of a service selects some."""
    labels = [template["metadata"]["labels"].items() for _, template in pods(things)]
    for each in things:
        spec = each.get("spec", {})
        wanted = {
            "Service": spec.get("selector"),
            "Deployment": spec.get("selector", {}).get("matchLabels"),
            "StatefulSet": spec.get("selector", {}).get("matchLabels"),
            "PodDisruptionBudget": spec.get("selector", {}).get("matchLabels"),
            "NetworkPolicy": spec.get("podSelector", {}).get("matchLabels"),
        }.get(each["kind"])
        ours = wanted and all(key.startswith("app.kubernetes.io/") for key in wanted)
        if ours and not any(wanted.items() <= found for found in labels):
            yield f"{each['kind']} {each['metadata']['name']} selects no pod: {wanted}"


def denied(things: list[Thing]) -> Iterator[str]:
    """Nothing speaks or listens in the namespace that no policy names."""
    specs = [each["spec"] for each in things if each["kind"] == "NetworkPolicy"]
    if not any(spec["podSelector"] == {} and not {"ingress", "egress"} & spec.keys() for spec in specs):
        yield "no NetworkPolicy denies by default"


def repeated(things: list[Thing]) -> Iterator[str]:
    """Whoever changed a setting can apply again: a job, which never changes, is gone by then and made anew."""
    for each in things:
        if each["kind"] == "Job" and "ttlSecondsAfterFinished" not in each["spec"]:
            yield f"Job {each['metadata']['name']} stays, and refuses the next change: it needs ttlSecondsAfterFinished"


def references(things: list[Thing]) -> Iterator[str]:
    """Whatever a pod takes its files and settings from is there, or is made by an operator, or by who installs."""
    made = {(each["kind"], each["metadata"]["name"]) for each in things}
    there = {name for kind, name in made if kind in {"ConfigMap", "Secret", "KafkaUser"}} | OWN_STORE
    there |= {f"{name}-cluster-ca-cert" for kind, name in made if kind == "Kafka"}
    for each, template in pods(things):
        for missing in sorted({*_named(template)} - there):
            yield f"{each['kind']} {each['metadata']['name']} needs {missing}, which nothing makes"


def _named(template: Thing) -> Iterator[str]:
    sources = [each for volume in template["spec"]["volumes"] for each in (volume, *_projected(volume))]
    for source in sources:
        if "secret" in source:
            yield source["secret"].get("secretName") or source["secret"]["name"]
        if "configMap" in source:
            yield source["configMap"]["name"]
    for container in containers(template):
        yield from (each["configMapRef"]["name"] for each in container.get("envFrom", ()))


def _projected(volume: Thing) -> list[Thing]:
    found: list[Thing] = volume.get("projected", {}).get("sources", [])
    return found


def answering(things: list[Thing]) -> Iterator[str]:
    """A service that can answer is asked: what is away, Kafka or the database, is told by its metrics and by 503."""
    for each, template in pods(things):
        name = each["metadata"]["name"]
        path = template["spec"]["containers"][0].get("readinessProbe", {}).get("httpGet", {}).get("path")
        if name in SERVICES and path != "/livez":
            yield f"{name} leaves its Service when {path} complains, also of what it can do without: ask /livez"


def drains(things: list[Thing]) -> Iterator[str]:
    """A pod has time to end by itself; one that is asked over a Service goes on until the Service has forgotten it."""
    doors = {each["metadata"]["name"] for each in things if each["kind"] == "Service" and _serves(each)}
    for each, template in pods(things):
        name = each["metadata"]["name"]
        if name not in SERVICES:
            continue
        env = {each["name"]: each["value"] for each in template["spec"]["containers"][0]["env"]}
        drain = int(env.get(name_of("drain_seconds"), 0))
        if name in doors and drain < FORGOTTEN:
            yield f"{name} stops listening before its address is taken from the Service: drain for {FORGOTTEN} s"
        if template["spec"]["terminationGracePeriodSeconds"] < drain + ENDED:
            yield f"{name} may be killed before it has ended: it needs {drain} + {ENDED} s"


def _serves(service: Thing) -> bool:
    return any(port["name"] == "http" for port in service["spec"].get("ports", ()))


def memory(things: list[Thing]) -> Iterator[str]:
    """A service is promised what it was measured to need, and may take what it took under the worst load."""
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    measured = {name: int(used) for name, used in re.findall(r"^\| (\w+) \| \d+ \| (\d+) \|$", page, re.MULTILINE)}
    for each, template in pods(things):
        name = each["metadata"]["name"]
        if name not in SERVICES:
            continue
        resources = template["spec"]["containers"][0]["resources"]
        asked, most = (int(resources[kind]["memory"].removesuffix("Mi")) for kind in ("requests", "limits"))
        if asked < measured[name]:
            yield f"{name} asks for {asked} MiB, and {measured[name]} were measured (docs/operating.md)"
        if most <= MOST_MEMORY:
            yield f"{name} is killed at {most} MiB, and may take {MOST_MEMORY} under load"


def topics(things: list[Thing]) -> Iterator[str]:
    """Strimzi's topics are the declared ones, and elsewhere the jobs know every organisation."""
    found = {each["metadata"]["name"]: each["spec"] for each in things if each["kind"] == "KafkaTopic"}
    declared = {topic.name: topic for topic in [*HOUSE, *map(ingress, organisations())]}
    if found and found.keys() != declared.keys():
        yield f"topics {sorted(found.keys() ^ declared.keys())} are declared or deployed, not both"
    for name in found.keys() & declared.keys():
        spec, topic = found[name], declared[name]
        if spec["partitions"] != topic.partitions or not topic.config.items() <= spec["config"].items():
            yield f"topic {name} is {spec}, declared is {topic}"
    for each, template in pods(things):
        job = template["metadata"]["labels"].get("app.kubernetes.io/component")
        told = {"topics": _arguments, "rights": _organisations}.get(job)
        if told and sorted(told(template)) != sorted(organisations()):
            yield f"Job {each['metadata']['name']} is for {told(template)}, the catalogue names {organisations()}"


def _arguments(template: Thing) -> list[str]:
    found: list[str] = template["spec"]["containers"][0]["args"]
    return found


def _organisations(template: Thing) -> list[str]:
    env = {each["name"]: each["value"] for each in template["spec"]["containers"][0]["env"]}
    return str(env["ORGANISATIONS"]).split()


def rights(things: list[Thing]) -> Iterator[str]:
    """Nobody writes a topic but its writer."""
    writers = {topic.name: topic.writer for topic in [*HOUSE, *map(ingress, organisations())]}
    for each in things:
        for acl in each["spec"]["authorization"]["acls"] if each["kind"] == "KafkaUser" else ():
            name, user = acl["resource"]["name"], each["metadata"]["name"]
            if {"Write", "All"} & {*acl["operations"]} and writers.get(name) != user:
                yield f"{user} may write {name}, whose writer is {writers.get(name)}"


def routes(things: list[Thing]) -> Iterator[str]:
    """Every path of an API is routed to the service that has it."""
    for each in things:
        if each["kind"] == "HTTPRoute":
            for path, service in _paths().items():
                goes = _backend(each, path)
                if goes != service:
                    yield f"{path} is routed to {goes}, and {service} has it"


def _backend(route: Thing, path: str) -> str | None:
    fits = {
        match["path"]["value"]: rule["backendRefs"][0]["name"]
        for rule in route["spec"]["rules"]
        for match in rule["matches"]
        if f"{path}/".startswith(match["path"]["value"] + "/")
    }
    return fits[max(fits, key=len)] if fits else None


def _paths() -> Mapping[str, str]:
    settings, nothing = Settings(database_url="", kafka_bootstrap=""), cast("Any", None)
    apps = {
        "activities": activities.api.public_app(settings, nothing, cast("Any", SimpleNamespace(copies=None))),
        "promises": promises.api.public_app(settings, nothing, nothing),
    }
    return {path: service for service, app in apps.items() for path in app.openapi()["paths"]}


def scraped(things: list[Thing]) -> Iterator[str]:
    """Figures come under the job that rules and dashboards ask for."""
    asked = {
        job
        for pattern in ("prometheus/rules/*.yml", "grafana/*.json")
        for path in (ROOT / "deploy").glob(pattern)
        for job in re.findall(r'job=\\?"(\w+)\\?"', path.read_text(encoding="utf-8"))
    }
    for each in things:
        for endpoint in each["spec"]["endpoints"] if each["kind"] == "ServiceMonitor" else ():
            jobs = {rule["replacement"] for rule in endpoint.get("relabelings", ()) if rule["targetLabel"] == "job"}
            if jobs != asked:
                yield f"the ServiceMonitor scrapes as job {jobs}, rules and dashboards ask for {asked}"


EVERYWHERE = (versions, images, selectors, denied, repeated, answering, drains, memory, topics, rights, routes, scraped)
INSTALLED = (*EVERYWHERE, references)
"""An overlay is whole by itself; the base with one component is not."""
