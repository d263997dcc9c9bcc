#!/usr/bin/env bash
# The judges of our data that come from the Python index, in a virtual environment of their own: .venv/judges.
set -euo pipefail
cd "$(dirname "$0")/../.."

venv=.venv/judges
lock=requirements/judges.txt
mkdir -p .venv
exec 9>.venv/judges.lock
flock 9
wanted=$(pwd; sha256sum <"$lock")
[ "$(cat "$venv/installed" 2>/dev/null)" = "$wanted" ] && exit 0
echo "Installing the judges of our data ($lock) …" >&2
.venv/bin/python -m venv --clear "$venv"
"$venv/bin/pip" install -qq --disable-pip-version-check --no-input --require-hashes --requirement "$lock"
printf '%s\n' "$wanted" >"$venv/installed"
