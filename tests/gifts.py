"""Gifts and payouts that went the whole way: logged by one person, approved by another, in the ledger."""

import uuid
from datetime import date, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.giving import pledges
from portal.giving import service as giving
from portal.giving.details import DonationDetails
from portal.giving.items import ItemDetails
from portal.giving.models import Donation
from portal.giving.pledge_models import Pledge
from portal.giving.pledges import PledgeDetails
from portal.ledger.models import Channel, Entry, Form
from portal.money import MAX_FEN
from portal.periods import now, today
from portal.registry.models import Fund, Organisation
from portal.reversals import service as reversals
from portal.spending import arriving, paying, reviewing
from portal.spending import service as spending
from portal.spending.arriving import ArrivalDetails
from portal.spending.details import DisbursementDetails, PaymentDetails
from portal.spending.models import Disbursement, DisbursementArrival, DisbursementKind
from tests import people


def gift(fund: Fund, amount_fen: int = 10_000, day: date | None = None, **given: Any) -> Donation:
    """A gift that waits for review."""
    details = DonationDetails(fund=fund.code, amount_fen=amount_fen, received_on=day or today(), **given)
    return giving.record(details, people.clerk(), uuid.uuid4().hex)


def pledge(fund: Fund, amount_fen: int = 120_000, **given: Any) -> Pledge:
    """A pledge, in twelve steps unless told otherwise."""
    facts: dict[str, Any] = {"donor_name": "珠江实业", "starts_on": today(), "instalments": 12, **given}
    details = PledgeDetails(fund=fund.code, amount_fen=amount_fen, **facts)
    return pledges.record(details, people.clerk(), uuid.uuid4().hex)


def in_kind(fund: Fund, form: Form = Form.GOODS, *lines: ItemDetails, **given: Any) -> Donation:
    """A gift that is not money, in the ledger."""
    recorded = gift(fund, 0, form=form, channel=Channel.IN_KIND, items=lines, **given)
    return giving.approve(recorded.id, people.reviewer(), recorded.version)


def posted_gift(fund: Fund, amount_fen: int = 10_000, day: date | None = None, **given: Any) -> Donation:
    """A gift in the ledger."""
    recorded = gift(fund, amount_fen, day, **given)
    return giving.approve(recorded.id, people.reviewer(), recorded.version)


def payout_details(fund: Fund, amount_fen: int = 1_000, **given: Any) -> DisbursementDetails:
    """What a clerk states of a payout: aid to twelve students unless told otherwise."""
    words: dict[str, Any] = {
        "kind": DisbursementKind.AID,
        "recipient": "困难家庭学生",
        "purpose": "发放助学金",
        "beneficiary_count": 12,
        **given,
    }
    if words["kind"] is not DisbursementKind.AID:
        words["beneficiary_count"] = given.get("beneficiary_count")
    return DisbursementDetails(fund=fund.code, amount_fen=amount_fen, **words)


def payout(fund: Fund, amount_fen: int = 1_000, **given: Any) -> Disbursement:
    """A payout that waits for review."""
    return spending.request(payout_details(fund, amount_fen, **given), people.clerk(), uuid.uuid4().hex)


def mended(returned: Disbursement, details: DisbursementDetails) -> Disbursement:
    """A returned payout, stated otherwise and handed to review again."""
    return spending.mend(returned.id, details, people.clerk(), returned.version)


def approved_payout(fund: Fund, amount_fen: int = 1_000, **given: Any) -> Disbursement:
    """A payout that waits to be paid."""
    requested = payout(fund, amount_fen, **given)
    return reviewing.approve(requested.id, people.reviewer(), requested.version)


def paid(approved: Disbursement, day: date | None = None, **given: Any) -> Disbursement:
    """An approved payout, paid, or handed out."""
    in_kind = approved.form is Form.GOODS
    words = {"channel": Channel.IN_KIND} if in_kind else {"payment_ref": "2026030500012", **given}
    return paying.pay(approved.id, PaymentDetails(day or today(), **words), people.clerk(), approved.version)


def posted_payout(fund: Fund, amount_fen: int = 1_000, day: date | None = None, **given: Any) -> Disbursement:
    """A payout in the ledger."""
    return paid(approved_payout(fund, amount_fen, **given), day)


def wait_too_long(waiting: Disbursement) -> None:
    """Let a request have waited for more than the sixty days that it may."""
    old = now() - timedelta(days=60, minutes=1)
    with writing() as session:
        session.execute(update(Disbursement).where(Disbursement.id == waiting.id).values(submitted_at=old))
    db.session.refresh(waiting)


def asks_for_no_evidence(session: Session, fund: Fund) -> None:
    """Let arrivals be reported without evidence, where a test is about something else."""
    owner = session.get_one(Organisation, fund.organisation_id)
    owner.evidence_required_fen = MAX_FEN
    session.flush()


def arrived(paid: Disbursement, amount_fen: int, reached: int | None = None) -> DisbursementArrival:
    """A part of a payout that reached so many people today."""
    details = ArrivalDetails(today(), amount_fen, reached)
    return arriving.report_arrival(paid.id, details, people.clerk(), uuid.uuid4().hex)


def taken_back(paid: Disbursement, arrival: DisbursementArrival) -> DisbursementArrival:
    """An arrival that was reported by mistake, taken back."""
    return arriving.take_back_arrival(
        paid.id, arrival.arrival_id, "登记到别的单上了", people.clerk(), uuid.uuid4().hex
    )


def reversed_entry(entry: Entry, reason: str = "金额录错") -> Entry:
    """The reversal of an entry, in the ledger."""
    wanted = reversals.request(entry.entry_no, reason, people.clerk(), uuid.uuid4().hex)
    done = reversals.approve(wanted.id, people.reviewer(), wanted.version)
    assert done.entry is not None
    return done.entry
