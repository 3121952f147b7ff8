#!/usr/bin/env bash
# Builds the image of every service and runs each once: read-only, as nobody, holding no other service.
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
services=(activities promises notifications)

for service in "${services[@]}"; do
  image=lofteskollen/$service:$version
  "$engine" build -q "${options[@]}" -f services/Dockerfile --build-arg "SERVICE=$service" -t "$image" . >/dev/null
  run=("$engine" run --rm --read-only --network none --cap-drop ALL --security-opt no-new-privileges)
  [ "$engine" != podman ] || run+=(--passwd=false) # podman would name the user by itself, Docker does not
  "${run[@]}" "$image" --help | grep -q dead-letters
  "${run[@]}" --entrypoint python "$image" -c "
import importlib.util, os, chassis.topics
others = {'activities', 'promises', 'notifications', 'local'} - {'$service'}
there = [name for name in others if importlib.util.find_spec(name)]
assert not there, f'holds {there}'
assert importlib.util.find_spec('$service') and os.getuid() == 10001, os.getuid()"
  health=$("$engine" image inspect --format '{{json .Config.Healthcheck}}' "$image" 2>/dev/null || true)
  [[ $health == *readyz* ]] || { echo "$image has no health check: $health"; exit 1; }
  echo "$image: built, runs read-only as user 10001, holds no other service"
done
