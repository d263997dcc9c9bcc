#!/usr/bin/env bash
# Set up, fill an empty database with a marked demonstration, say where it is, and serve it until stopped.
set -euo pipefail
cd "$(dirname "$0")/.."

port=${PORT:-8000}
password_file=instance/demo-password

tools/set_up.sh run
mkdir -p instance

# One password for all demonstration accounts: from the environment, or made once and kept.
if [ -z "${PORTAL_DEMO_PASSWORD:-}" ]; then
    [ -s "$password_file" ] || (umask 077 && .venv/bin/python -c 'import secrets; print("demo-" + secrets.token_hex(5))' >"$password_file")
    PORTAL_DEMO_PASSWORD=$(cat "$password_file")
else
    (umask 077 && printf '%s\n' "$PORTAL_DEMO_PASSWORD" >"$password_file")
fi
export PORTAL_DEMO_PASSWORD PORTAL_BASE_URL="${PORTAL_BASE_URL:-http://127.0.0.1:$port}"

.venv/bin/portal init --demo
cat <<TEXT

The portal      http://127.0.0.1:$port/
The desk        http://127.0.0.1:$port/desk/login
Demo accounts   clerk, reviewer, station, auditor, bureau, admin
Their password  $PORTAL_DEMO_PASSWORD

Stop it with Ctrl-C.
TEXT
exec .venv/bin/portal serve --host 127.0.0.1 --port "$port"
