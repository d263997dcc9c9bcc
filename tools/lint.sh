#!/usr/bin/env bash
# Every check that is not a test, each by name with the seconds it took. All run; one that fails fails the whole.
set -uo pipefail
cd "$(dirname "$0")/.."

bin=.venv/bin
failed=()

step() {
    local name=$1 begun=$SECONDS
    shift
    echo "== $name"
    if "$@"; then
        echo "-- $name: passed in $((SECONDS - begun)) s"
    else
        echo "-- $name: FAILED after $((SECONDS - begun)) s"
        failed+=("$name")
    fi
}

step "ruff check" $bin/ruff check --output-format concise .
step "ruff format" $bin/ruff format --check --output-format concise .
step "mypy --strict" $bin/mypy --strict portal bench tools migrations wsgi.py
step "djlint" $bin/djlint templates --lint
step "import rules" $bin/lint-imports --no-cache --no-logo
step "migrations" $bin/python -m tools.check_migrations
step "translations" $bin/python -m tools.check_translations

[ ${#failed[@]} -eq 0 ] || { echo "failed: ${failed[*]}" >&2; exit 1; }
