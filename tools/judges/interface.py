"""schemathesis: everything that the API's own description promises, tried with right and wrong words."""

import subprocess
import tempfile
from pathlib import Path

from tools.judges.installed import PYTHON_PROGRAMS

EXAMPLES = 25
"""Most calls that are tried for one operation in one phase."""

DESCRIPTION = "/api/v1/openapi.json"
_SECONDS = 480
_CONFIG = Path(__file__).parent / "schemathesis.toml"


def examine(description: str, examples: int = EXAMPLES) -> tuple[str, list[str]]:
    """What schemathesis counted, and everything that it found at the API described at this address."""
    command = [str(PYTHON_PROGRAMS / "schemathesis"), "--config-file", str(_CONFIG), "run", description]
    options = [
        "--checks=all",
        f"--max-examples={examples}",
        "--generation-deterministic",
        "--continue-on-failure",
        "--no-color",
    ]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [*command, *options], capture_output=True, text=True, check=False, timeout=_SECONDS, cwd=folder
        )
    lines = [line.strip() for line in done.stdout.splitlines()]
    counted = next((line for line in lines if " generated, " in line), "")
    if not done.returncode:
        return counted, [] if counted else [f"it tried nothing: {done.stdout[-2000:]}"]
    start = done.stdout.find("= FAILURES =")
    return counted, [(done.stdout[start:] if start >= 0 else done.stdout + done.stderr)[-8000:].strip()]
