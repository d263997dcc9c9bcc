#!/usr/bin/env bash
# The judges that come from the Python index, in a virtual environment of their own (.venv/judges), and those from npm (.venv/judges-node).
# set_up.sh python|node|all; repeating it costs next to nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."

kind=${1:-all}
mkdir -p .venv
exec 9>.venv/judges.lock
flock 9

set_up_python() {
    local venv=.venv/judges lock=requirements/judges.txt wanted
    wanted=$(pwd; sha256sum <"$lock")
    [ "$(cat "$venv/installed" 2>/dev/null)" = "$wanted" ] && return
    echo "Installing the judges of our data ($lock) …" >&2
    .venv/bin/python -m venv --clear "$venv"
    "$venv/bin/pip" install -qq --disable-pip-version-check --no-input --require-hashes --requirement "$lock"
    printf '%s\n' "$wanted" >"$venv/installed"
}

set_up_node() {
    local folder=.venv/judges-node from=tools/judges/node wanted
    wanted=$(cat "$from"/package.json "$from"/package-lock.json | sha256sum)
    mkdir -p "$folder"
    # Programs find their packages beside themselves.
    cp "$from"/* "$folder"/
    [ "$(cat "$folder/installed" 2>/dev/null)" = "$wanted" ] && return
    echo "Installing the judges of our pages ($from/package-lock.json) …" >&2
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
    printf '%s\n' "$wanted" >"$folder/installed"
}

case $kind in
    python) set_up_python ;;
    node) set_up_node ;;
    all)
        set_up_python
        set_up_node
        ;;
    *)
        echo "usage: set_up.sh python|node|all" >&2
        exit 2
        ;;
esac
