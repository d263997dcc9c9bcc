"""One ledger appendix from the books to a finished file, in a process of its own.

``python -m bench.appendix_run DATABASE_URL FOLDER`` prints one JSON object.
"""

import json
import sys
from datetime import date
from pathlib import Path

from bench.measuring import seconds
from portal.config import Settings
from portal.foundation import lay_foundation
from portal.reports.appendix import LedgerAppendix
from portal.reports.archive import archived
from portal.reports.making import snapshot
from portal.reports.sheet import Contents, Imprint, Printed, render

IMPRINT = Imprint("账本明细", "海珠区慈善阳光账本", "账本状态", "https://example.org")


def main() -> None:
    """Set every entry there is."""
    url, folder = sys.argv[1], Path(sys.argv[2])
    app = lay_foundation(Settings(environment="test", database_url=url, storage_dir=folder))
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
    print(json.dumps({"seconds": taken, "pages": printed.pages, "rows": entries}))


if __name__ == "__main__":
    main()
