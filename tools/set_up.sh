#!/usr/bin/env bash
# Make .venv with the locked dependencies and this project: set_up.sh run|dev. Repeating it costs next to nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:?run or dev}
lock=requirements/$kind.txt
venv=.venv
stamp=$venv/.set-up-$kind

say() { printf '%s\n' "$*"; }
fail() { printf 'set-up: %s\n' "$*" >&2; exit 1; }

find_python() {
    local name
    for name in python3.11 python3; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$name"
            return
        fi
    done
    fail "Python 3.11 or later is needed and was not found; on Debian 12: apt-get install python3 python3-venv"
}

make_venv() {
    local python
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null \
            || fail "the Debian package python3-venv is missing; install it: sudo apt-get install python3-venv"
        say "Installing the Debian package python3-venv …"
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv; } >&2 \
            || fail "the Debian package python3-venv could not be installed"
    fi
    say "Making a virtual environment in $venv …"
    "$python" -m venv "$venv"
}

install() {
    say "Installing the locked dependencies ($lock) …"
    "$venv/bin/pip" install -qq --disable-pip-version-check --no-input --require-hashes --requirement "$lock"
    "$venv/bin/pip" install -qq --disable-pip-version-check --no-input --no-deps --no-build-isolation --no-index --editable .
}

compile_translations() {
    local catalogue compiled
    for catalogue in portal/translations/*/LC_MESSAGES/messages.po; do
        [ -e "$catalogue" ] || continue
        compiled=${catalogue%.po}.mo
        [ "$compiled" -nt "$catalogue" ] || "$venv/bin/pybabel" --quiet compile -i "$catalogue" -o "$compiled"
    done
}

[ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || make_venv
wanted=$(pwd; cat "$lock" setup.cfg pyproject.toml | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    install
    printf '%s\n' "$wanted" >"$stamp"
fi
compile_translations
