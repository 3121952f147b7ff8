"""`make check-deploy`: everything about images, compose and Kubernetes that can be checked without running them."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import composed
from assertions import EVERYWHERE, INSTALLED, NATIVE
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
K8S = ROOT / "deploy" / "k8s"
TOOLS = ROOT / ".deploy" / "bin"
SKIPPED = {
    "CKV_K8S_43": "digests are the registry's; an overlay's `images` gives them where images are pushed",
    "CKV_K8S_15": "versions are pinned and never move, so asking the registry at every start gains nothing",
    "CKV_K8S_11": "a CPU limit throttles a reader that catches up; requests share fairly, memory is limited",
    "CKV_K8S_35": "secrets are files here; what is flagged are names of files",
}


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


def validate(name: str, text: str, *, whole: bool) -> None:
    """Schemas of Kubernetes, strictly; checkov; and what no schema knows."""
    things = [each for each in YAML(typ="safe").load_all(text) if each]
    native = [each for each in things if each["apiVersion"] in NATIVE]
    with tempfile.TemporaryDirectory() as folder:
        everything, known = Path(folder) / "all.yaml", Path(folder) / "native.yaml"
        everything.write_text(text, encoding="utf-8")
        with known.open("w", encoding="utf-8") as file:
            YAML().dump_all(native, file)
        said = run(str(TOOLS / "kubernetes-validate"), "--strict", str(known))
        if "WARN" in said:
            raise Wrong(f"{name}: {said}")
        if whole:
            skipped = ",".join(SKIPPED)
            options = ("--framework", "kubernetes", "--quiet", "--compact", "--skip-download", "--skip-check", skipped)
            run(str(TOOLS / "checkov"), "-f", str(everything), *options)
    for check in INSTALLED if whole else EVERYWHERE:
        for complaint in check(things):
            raise Wrong(f"{name}: {complaint}")
    print(f"{name}: {len(things)} resources, {len(native)} of them by Kubernetes' own schemas")


def compose() -> None:
    """The compose file by Compose itself where it is installed, and its rules of ours."""
    tree = composed.read()
    for assertion in composed.ASSERTIONS:
        for complaint in assertion(tree):
            raise Wrong(f"docker-compose.yml: {complaint}")
    docker = shutil.which("docker")
    found = docker and subprocess.run([docker, "compose", "version"], check=False, capture_output=True)  # noqa: S603
    if docker and found and not found.returncode:
        example = ROOT / "deploy" / "compose" / "example.env"
        options = ("--profile", "*", "--env-file", str(example), "config", "-q")
        run("env", "ORGANISATIONS=umea-kommun", docker, "compose", *options)
        print("docker-compose.yml: as asserted, and accepted by Compose")
    else:
        print("docker-compose.yml: as asserted; skipped: Compose is not installed here")


def main() -> int:
    """Check everything; answers the exit status."""
    try:
        run(str(TOOLS / "hadolint"), "services/Dockerfile")
        compose()
        for name, text in renderings():
            validate(name, text, whole=name.startswith("overlays"))
    except (Wrong, FileNotFoundError) as wrong:
        print(wrong, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
