"""Reports that were made, for tests that look at what becomes of them."""

import itertools

from portal.db import writing
from portal.disclosure.report_models import MadeReport
from portal.periods import now
from portal.reports import shelf
from portal.staff.documents import DocumentState

_numbers = itertools.count(1)


def waiting(organisation_id: int | None, maker_id: int) -> MadeReport:
    """A report that waits to be published, with a file of a few bytes."""
    number = next(_numbers)
    content = f"%PDF-1.7 {number}".encode()
    with writing() as session:
        report = MadeReport(
            kind="charity-day",
            parameters={"year": "2026"},
            language="zh_Hans_CN",
            appendix=False,
            title="海珠区 2026 年慈善透明度报告",
            organisation_id=organisation_id,
            maker_id=maker_id,
            entries=1,
            log_size=0,
            log_root="",
            words_mark=0,
            sha256=shelf.lay_down(content),
            size_bytes=len(content),
            pages=1,
            made_at=now(),
            content_key=f"{number:064d}",
            state_key=str(number),
            state=DocumentState.PENDING,
            offered_at=now(),
            offered_by_id=maker_id,
        )
        session.add(report)
        session.flush()
        return report
