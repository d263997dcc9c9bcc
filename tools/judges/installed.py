"""Where the judges live, and how they come there."""

import subprocess
from pathlib import Path

from portal.config import PROJECT

PYTHON_PROGRAMS = PROJECT / ".venv" / "judges" / "bin"
NODE_FOLDER = PROJECT / ".venv" / "judges-node"
NODE_MODULES = NODE_FOLDER / "node_modules"
PLANTED = Path(__file__).parent / "planted"
"""Faulty files and pages, at which each judge shows that it sees."""


def set_up(kind: str = "all") -> None:
    """Install the judges that are not there: from the Python index (``python``), from npm (``node``), or ``all``."""
    subprocess.run([Path(__file__).parent / "set_up.sh", kind], check=True)
