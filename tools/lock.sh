#!/usr/bin/env bash
# Write the locks run.txt, dev.txt, judges.txt and bench.txt in requirements/ anew: every version with the hashes of the public index.
# The machine's own pip settings are left out, so that neither an address nor a locally built file gets into a lock.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() {
    env -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL -u PIP_FIND_LINKS -u PIP_NO_INDEX PIP_CONFIG_FILE=/dev/null \
        CUSTOM_COMPILE_COMMAND="make lock" \
        .venv/bin/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --resolver=backtracking \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --annotation-style=line "$@"
}

echo "Choosing versions of what the portal runs on …"
compile --extra build setup.cfg --output-file requirements/run.txt
echo "Choosing versions of what its development needs …"
compile --extra build --extra dev --constraint requirements/run.txt setup.cfg --output-file requirements/dev.txt
sed -i 's/, -c requirements\/run.txt//; s/-c requirements\/run.txt, //' requirements/dev.txt
echo "Choosing versions of the judges of our data …"
compile requirements/judges.in --output-file requirements/judges.txt
echo "Choosing versions of what pages are measured against …"
compile requirements/bench.in --output-file requirements/bench.txt
