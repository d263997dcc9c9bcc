"""Programs that were written by others, and judge our PDFs."""

import subprocess
from pathlib import Path

PREFLIGHT = Path(__file__).resolve().parents[2] / "tools" / "judges" / "preflight" / "Preflight.java"
JAVA = Path("/usr/share/java")
JARS = (
    "pdfbox2",
    "preflight",
    "fontbox2",
    "xmpbox",
    "commons-logging",
    "jaxb-api",
    "javax.activation",
)


def run(*command: str | Path) -> str:
    """What a program says; it fails the test when the program does."""
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout


def text_of(file: Path, *options: str) -> str:
    """The text as a reader would copy it."""
    return run("pdftotext", *options, file, "-")


def fonts_of(file: Path) -> list[tuple[str, ...]]:
    """Of each font whether it is embedded, a subset, and has a Unicode map."""
    return [tuple(line.split()[-5:-2]) for line in run("pdffonts", file).splitlines()[2:]]


def faults_of(*files: Path) -> str:
    """What Apache PDFBox has against files as PDF/A-1b; empty when nothing."""
    path = ":".join(str(JAVA / f"{name}.jar") for name in JARS)
    done = subprocess.run(
        ["java", "-cp", path, str(PREFLIGHT), *map(str, files)], capture_output=True, text=True, check=False
    )
    return done.stdout if done.returncode in (0, 1) else done.stderr
