"""Everything that can be recomputed: the books, the log, and what was sealed of every document."""

from sqlalchemy.orm import Session

from portal.giving.sealing import unsealed_donations
from portal.ledger.verification import Report, verify
from portal.spending.sealing import unsealed_disbursements
from portal.translog.signing import Signer, SignerRefusal


def recompute(session: Session, signer: Signer) -> Report:
    """The first difference of each kind, from entries to signatures."""
    try:
        keys = signer.verifier_keys()
    except SignerRefusal:
        keys = []
    report = verify(session, keys)
    for kind, entry_no, message in (*unsealed_donations(session), *unsealed_disbursements(session)):
        report.note(kind, entry_no, message)
    return report
