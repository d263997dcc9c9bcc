"""One ledger appendix from the books to a finished file, in a process of its own so that its memory can be told.

``python -m bench.appendix_run DATABASE_URL FOLDER`` prints one JSON object.
"""

import json
import sys
from datetime import date
from pathlib import Path

from bench.measuring import seconds
from portal import create_app
from portal.config import Settings
from portal.reports.appendix import LedgerAppendix
from portal.reports.archive import archived
from portal.reports.making import snapshot
from portal.reports.sheet import Contents, Imprint, Printed, render

IMPRINT = Imprint("账本明细", "海珠区慈善阳光账本", "账本状态", "https://example.org")


def peak_megabytes() -> float:
    """The most that this process ever held; ``getrusage`` would also count what its parent held before it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


def main() -> None:
    """Set every entry there is."""
    url, folder = sys.argv[1], Path(sys.argv[2])
    app = create_app(Settings(environment="test", database_url=url, storage_dir=folder))
    made: list[tuple[Printed, int]] = []

    def work() -> None:
        with snapshot() as session:
            appendix = LedgerAppendix(session, date(2000, 1, 1), date(2999, 12, 31))
            printed = render(IMPRINT, [appendix.table], Contents())
        kept = archived(printed.content, [appendix.attachment])
        (folder / "appendix.pdf").write_bytes(kept)
        made.append((printed, appendix.entries))

    with app.test_request_context():
        taken = seconds(work)
    printed, entries = made[0]
    facts = {
        "seconds": taken,
        "pages": printed.pages,
        "rows": entries,
        "megabytes": peak_megabytes(),
    }
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
