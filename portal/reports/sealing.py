"""Whether published reports are still the ones in the log, and their files the ones that were published."""

import json
from collections.abc import Iterator

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from portal.disclosure.report_models import PublishedReport
from portal.files import storage
from portal.reports.shelf import ROOM
from portal.reports.withholding import is_withheld
from portal.translog.models import Leaf

Finding = tuple[str, str | None, str]


def doubtful_reports(session: Session) -> Iterator[Finding]:
    """Published reports whose leaf says another hash, or whose file is missing or was changed."""
    if not inspect(session.connection()).has_table(PublishedReport.__tablename__):
        return  # an older copy of the books, before it is migrated
    rows = session.execute(
        select(PublishedReport, Leaf.data)
        .outerjoin(Leaf, Leaf.index == PublishedReport.leaf_index)
        .order_by(PublishedReport.id)
    )
    for report, data in rows:
        leaf = json.loads(data) if data else {}
        said = (leaf.get("kind"), leaf.get("no"), leaf.get("sha256"))
        if said != ("report", report.report_no, report.sha256):
            yield "report", None, f"report {report.report_no} is not the one in the log"
        elif not storage.is_whole(ROOM, report.sha256) and not is_withheld(session, report):
            yield "report_file", None, f"the file of report {report.report_no} is missing or was changed"
