"""The shape of the house: who may import whom, how long a file may be, and what no file may hold."""

import ast
import re
import subprocess
import sys
from configparser import ConfigParser
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from portal.config import PROJECT

pytestmark = pytest.mark.one_engine

MOST_LINES_OF_A_FILE = 500
MOST_LINES_OF_A_FUNCTION = 80
PYTHON_FOLDERS = ("portal", "tests", "tools", "bench")
VENDORED = ("static/vendor/", "portal/reports/fonts/", "tools/assets/package-lock.json")
NOT_TO_BE_SAID = {
    # Put together, so that this file does not say them itself.
    "the address of a package registry": re.compile(
        "|".join(
            re.escape(host)
            for host in (
                "pypi." + "org",
                "pythonhosted." + "org",
                "registry.npmjs." + "org",
                "npmmirror." + "com",
                "mirrors." + "aliyun",
            )
        )
    ),
    "a setting of one machine's package index": re.compile(
        "|".join(("--index" + "-url", "--extra-index" + "-url", "--find" + "-links "))
    ),
    "a path of one machine": re.compile(
        r"(?<![\w.])/(?:" + "root" + r"|home/\w+|work" + r"/(?:main|shared)|opt/(?:pypi|wheels))\b"
    ),
}


def tracked_files() -> list[Path]:
    """Every file that git keeps or would keep; in an unpacked archive, every file that no rule ignores."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT,
        capture_output=True,
        check=False,
    )
    if done.returncode == 0:
        return [
            PROJECT / name for name in done.stdout.decode().split("\0") if name and (PROJECT / name).is_file()
        ]
    made = re.compile(
        r"^\.(?!ci$|editorconfig$|gitignore$)|^(instance|node_modules|__pycache__)$|\.egg-info$|\.mo$"
    )
    return [
        path
        for path in PROJECT.rglob("*")
        if path.is_file() and not any(made.search(part) for part in path.relative_to(PROJECT).parts)
    ]


def python_files() -> list[Path]:
    """Our own modules."""
    return sorted(path for folder in PYTHON_FOLDERS for path in (PROJECT / folder).rglob("*.py"))


def functions(source: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module."""
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_packages_import_only_what_lies_below_them() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache", "--no-logo"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


def test_no_import_hides_inside_a_function() -> None:
    hidden = [
        f"{path.relative_to(PROJECT)}:{node.lineno}"
        for path in python_files()
        if path.is_relative_to(PROJECT / "portal")
        for function in functions(path.read_text(encoding="utf-8"))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_no_file_is_longer_than_a_reader_bears() -> None:
    lengths = {
        str(path.relative_to(PROJECT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files()
    }
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_OF_A_FILE} == {}


def test_no_function_is_longer_than_a_page() -> None:
    long = [
        f"{path.relative_to(PROJECT)}: {function.name}"
        for path in python_files()
        for function in functions(path.read_text(encoding="utf-8"))
        if (function.end_lineno or 0) - function.lineno >= MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize("what", NOT_TO_BE_SAID)
def test_no_file_speaks_of_one_machine_or_a_registry(what: str) -> None:
    found = []
    for path in tracked_files():
        name = path.relative_to(PROJECT).as_posix()
        if name.startswith(VENDORED):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name}: {hit.group()}" for hit in NOT_TO_BE_SAID[what].finditer(text)]
    assert found == []


def test_a_lock_names_a_hash_for_every_package_and_no_address() -> None:
    for lock in ("run", "dev"):
        text = (PROJECT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
        packages = re.findall(r"^[a-z0-9][\w.-]*==[^\s]+ \\$", text, re.MULTILINE)
        blocks = re.split(r"^(?=[a-z0-9][\w.-]*==)", text, flags=re.MULTILINE)[1:]
        assert len(packages) == len(blocks) > 30
        assert all("--hash=sha256:" in block for block in blocks)
        assert "://" not in text


def test_what_the_portal_imports_is_declared() -> None:
    metadata = ConfigParser()
    metadata.read(PROJECT / "setup.cfg", encoding="utf-8")
    lines = metadata["options"]["install_requires"].split("\n")
    declared = {re.split(r"[\s\[<>=]", line, maxsplit=1)[0].lower() for line in lines if line}
    imported = {
        node.module.partition(".")[0]
        if isinstance(node, ast.ImportFrom) and node.module
        else name.name.partition(".")[0]
        for path in (PROJECT / "portal").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    } - {*sys.stdlib_module_names, "_typeshed", "portal"}
    distributions = packages_distributions()
    assert {name for name in imported if not declared & {one.lower() for one in distributions[name]}} == set()


def test_what_development_uses_is_what_runs() -> None:
    pins = [
        dict(
            re.findall(
                r"^([a-z0-9][\w.-]*)==(\S+)", (PROJECT / "requirements" / name).read_text(), re.MULTILINE
            )
        )
        for name in ("run.txt", "dev.txt")
    ]
    run, development = pins
    assert {name: version for name, version in run.items() if development.get(name) != version} == {}
