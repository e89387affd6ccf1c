#!/bin/sh
# Installs what the machine itself must have: `run` for the service, `test` for the tests too.
# With apt, as root or by sudo; elsewhere it names what is missing and stops.
set -eu

purpose=${1:?run or test}
python=${PYTHON:-python3}
missing=""

need() { # need PACKAGE TEST...: remember the package unless the test passes
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}
library() { ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p | grep -q "$1"; }
installed() { dpkg-query -W -f='${Status}' "$1" | grep -q '^install ok installed'; }

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "verify-svc needs Python 3.11 or later; $python is $("$python" --version 2>&1). Set PYTHON to another." >&2
    exit 1
fi

need python3-venv "$python" -c 'import ensurepip, venv'
need libgl1 library 'libGL\.so\.1'
need libglib2.0-0 library 'libgthread-2\.0\.so\.0'
# The forms that the service prints are set in it.
need fonts-noto-cjk test -f /usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc
if [ "$purpose" = test ]; then
    need chromium command -v chromium
    need fonts-arphic-ukai installed fonts-arphic-ukai
    need libatomic1 library 'libatomic\.so\.1'
    need asterisk-core-sounds-en-g722 installed asterisk-core-sounds-en-g722
fi

[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null; then
    echo "These are missing and there is no apt to install them (names as in Debian):$missing" >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null; then
    as_root="sudo"
else
    echo "These packages are missing; install them as root:$missing" >&2
    exit 1
fi
echo "Installing system packages:$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -q
# shellcheck disable=SC2086 # a list of words, and an empty one
$as_root apt-get install -q -y --no-install-recommends $missing
