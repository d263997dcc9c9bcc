"""Printed papers that wait to be fetched, of a gift whose donor is to be forgotten."""

from sqlalchemy.orm import Session

from portal.jobs.clearing import clear
from portal.receipts.batch import JOB_KIND


def forget_papers(session: Session, donation_id: int) -> None:
    """Take away every file of many papers in which a gift has one, inside the caller's transaction.

    The rest of such a file goes with it: it can be made again, and leaves out what was erased.
    """
    clear(session, JOB_KIND, lambda parameters: donation_id in parameters["donation_ids"])
