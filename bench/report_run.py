"""A report made by the very program that makes reports for the site and the command line, and what it held at most.

``python -m bench.report_run PROGRAM WANTED``, with the settings in the environment, prints what the program prints and
then one JSON object.
"""

import json
import runpy
import sys
from pathlib import Path


def peak_megabytes() -> float:
    """The most that this process ever held; ``getrusage`` would also count what its parent held before it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


def main() -> None:
    """Run the program as if it were started itself."""
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    print()
    print(json.dumps({"megabytes": peak_megabytes()}))


if __name__ == "__main__":
    main()
