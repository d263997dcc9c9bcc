"""Everything that can be recomputed: the books, the log, what was sealed of every document, and the search."""

from sqlalchemy.orm import Session

from portal.disclosure.bill_check import doubtful_bills
from portal.evidence.leaves import doubtful_evidence, lost_evidence
from portal.giving.sealing import strayed_donations, unsealed_donations
from portal.ledger.verification import Report, verify
from portal.questions.leaves import doubtful_questions
from portal.reports.sealing import doubtful_reports
from portal.search.checking import doubtful_search
from portal.spending.checking import doubtful_budgets
from portal.spending.sealing import unsealed_disbursements
from portal.stock.sealing import doubtful_stock
from portal.translog.signing import Signer, SignerRefusal
from portal.translog.verification import verify_log
from portal.watch.losses import unrecorded_losses

FINDINGS = (
    unsealed_donations,
    strayed_donations,
    unsealed_disbursements,
    doubtful_budgets,
    doubtful_stock,
    doubtful_evidence,
    lost_evidence,
    doubtful_questions,
    doubtful_reports,
    doubtful_search,
    doubtful_bills,
    unrecorded_losses,
)
"""Each looks at one kind of thing and yields its kind, the entry's number if there is one, and what is wrong."""

_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)
"""What comes of reading a leaf that somebody spoilt as if it were what a posting wrote."""


def recompute(session: Session, signer: Signer) -> Report:
    """The first difference of each kind, from entries to signatures."""
    try:
        keys = signer.verifier_keys()
    except SignerRefusal:
        keys = []
    try:
        report = verify(session, keys)
        for findings in FINDINGS:
            for kind, entry_no, message in findings(session):
                report.note(kind, entry_no, message)
    except _UNREADABLE as problem:
        report = Report()
        report.note("unreadable", None, f"a leaf or row cannot be read at all: {problem!r}")
        for kind, message in verify_log(session, keys):
            report.note(kind, None, message)
    return report
