#!/bin/sh
# Checks the types of the pages' JavaScript (JSDoc) with TypeScript; `fetch` brings the compiler here, verified.
set -eu
cd "$(dirname "$0")/.."

version=5.9.3
sha512=8e5d6f6733c38a72ebf5e52ddc9feded5e8580d130f508ef04f772b33f4a7d00c3e357d0ac2d98e2f290762694a454f86d795bd511e12e9a7cc2d9ba3394e04b
compiler=.node/typescript-$version/package/lib/tsc.js
PATH=$PATH:$(pwd)/.venv/bin

if [ "${1:-}" = fetch ]; then
    [ ! -f "$compiler" ] || exit 0
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    npm pack --silent --ignore-scripts --pack-destination "$scratch" "typescript@$version" >/dev/null
    echo "$sha512  $scratch/typescript-$version.tgz" | sha512sum --check --quiet
    tar -xzf "$scratch/typescript-$version.tgz" -C "$scratch"
    mkdir -p ".node/typescript-$version"
    rm -rf ".node/typescript-$version/package"
    mv "$scratch/package" ".node/typescript-$version/package"
    exit 0
fi
if [ ! -f "$compiler" ]; then
    echo "The TypeScript compiler isn't here: run make setup" >&2
    exit 1
fi
exec node "$compiler" --project tsconfig.json
