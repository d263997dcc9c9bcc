"""A report may show a name whose owner has taken consent back since: then its file is shown to nobody any more.

What was printed cannot be changed, and its hash stays in the log; what is made now names nobody (I22, PIPL 15).
"""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.disclosure.report_models import ReportFacts
from portal.giving.models import Donation
from portal.opendata.models import PublicWordsChange


def is_withheld(session: Session, report: ReportFacts) -> bool:
    """Whether words that a report may show have been taken back since it was made.

    A consent that was given since does not count, nor does a fund's new name: the report was true on its day.
    """
    named_in_full = Donation.publish_name & ~Donation.anonymous & ~Donation.mask_name
    taken_back = (
        select(PublicWordsChange.id)
        .outerjoin(Donation, Donation.entry_id == PublicWordsChange.entry_id)
        .where(
            PublicWordsChange.id > report.words_mark,
            PublicWordsChange.entry_id.is_not(None),
            or_(Donation.id.is_(None), ~named_in_full),
        )
        .limit(1)
    )
    return session.scalar(taken_back) is not None
