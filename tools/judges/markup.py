"""Two judges of markup that read files: the Nu HTML checker (with style sheets and pictures), and html-validate."""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from portal.config import PROJECT
from tools.judges.installed import NODE_FOLDER, NODE_MODULES

_MOST_SHOWN = 60
_VNU = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"


def own_files() -> list[Path]:
    """The style sheets and pictures of this site that others did not write."""
    static = PROJECT / "static"
    return sorted([*static.glob("css/*.css"), *static.glob("img/*.svg")])


def nu_checker(files: Sequence[Path]) -> list[str]:
    """Errors and warnings of the Nu HTML checker, all files in one run."""
    done = _run(
        [
            "java",
            "-Xss4m",
            "-jar",
            str(_VNU),
            "--also-check-css",
            "--also-check-svg",
            "--format",
            "json",
            "--stdout",
        ],
        files,
    )
    try:
        messages = json.loads(done.stdout)["messages"]
    except (json.JSONDecodeError, KeyError):
        return [f"it broke down: {(done.stdout + done.stderr)[-2000:]}"]
    found = [
        f"{Path(one['url']).name}:{one.get('lastLine', '?')} {one['message']}"
        for one in messages
        if one["type"] != "info" or one.get("subType") == "warning"
    ]
    return found[:_MOST_SHOWN]


def html_validate(files: Sequence[Path]) -> list[str]:
    """Errors and warnings of html-validate, by the rules in ``tools/judges/node/html-validate.json``."""
    program = NODE_MODULES / ".bin" / "html-validate"
    config = NODE_FOLDER / "html-validate.json"
    with tempfile.TemporaryDirectory() as folder:
        # Into a file: what it says holds whole pages, and it ends before a pipe has taken all of them.
        said = Path(folder) / "said.json"
        done = _run([str(program), "--config", str(config), "--formatter", f"json={said}"], files)
        try:
            judged = json.loads(said.read_text())
        except (OSError, json.JSONDecodeError):
            return [f"it broke down: {(done.stdout + done.stderr)[-2000:]}"]
    found = [
        f"{Path(one['filePath']).name}:{message['line']} {message['ruleId']}: {message['message']}"
        for one in judged
        for message in one["messages"]
    ]
    return found[:_MOST_SHOWN] or (["it failed without a word"] if done.returncode else [])


def _run(command: list[str], files: Sequence[Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command, *map(str, files)], capture_output=True, text=True, check=False, cwd=NODE_FOLDER
    )
