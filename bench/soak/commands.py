"""The commands that writers send: gifts, payouts and reversals, each made by the clerk and approved by the reviewer.

A payout is paid at once by whoever had it approved: two transactions, between which a crash may come.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.db import db
from portal.giving import service as giving
from portal.giving.details import DonationDetails
from portal.giving.models import Donation
from portal.ledger.models import Channel, Entry
from portal.periods import today
from portal.registry.models import Fund
from portal.reversals import service as reversals
from portal.reversals.models import ReversalRequest
from portal.spending import paying, reviewing
from portal.spending import service as spending
from portal.spending.details import DisbursementDetails, PaymentDetails
from portal.spending.models import Disbursement, DisbursementKind, DisbursementState
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember
from tests import people

_QUEUE = 20


class What(StrEnum):
    """The kinds of commands."""

    GIFT = "gift"
    PAYOUT = "payout"
    REVERSAL = "reversal"
    GIFT_APPROVAL = "approval of a gift"
    PAYOUT_APPROVAL = "approval and payment of a payout"
    REVERSAL_APPROVAL = "approval of a reversal"


APPROVALS = {
    What.GIFT: (What.GIFT_APPROVAL, giving.SUBJECT),
    What.PAYOUT: (What.PAYOUT_APPROVAL, spending.SUBJECT),
    What.REVERSAL: (What.REVERSAL_APPROVAL, reversals.SUBJECT),
}
"""How each document is approved, and the first word of the key under which its entry is posted."""

Name = tuple[What, str]
"""What tells commands apart: their kind and key. Sent again, a command has the same name."""


@dataclass(frozen=True)
class Command:
    """One command, with all that is needed to send it again.

    ``amount_fen`` and ``direction`` are those of the ledger entry it leads to; ``stated`` is what else is sent. The key
    of an approval is the one its entry is posted under: the portal takes none from the reviewer.
    """

    what: What
    key: str
    fund: str
    direction: str
    amount_fen: int
    stated: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> Name:
        """What tells it apart."""
        return self.what, self.key

    @property
    def posts(self) -> bool:
        """Whether it puts an entry into the ledger."""
        return self.what in (What.GIFT_APPROVAL, What.PAYOUT_APPROVAL, What.REVERSAL_APPROVAL)

    @property
    def moves_fen(self) -> int:
        """What it adds to the fund's balance, if it posts."""
        if not self.posts:
            return 0
        return self.amount_fen if self.direction == "in" else -self.amount_fen


@dataclass(frozen=True)
class Answer:
    """What the portal acknowledged: a number, and the document it is about."""

    number: str
    document_id: int
    version: int


def carry_out(command: Command) -> Answer:
    """Send a command to the portal, inside the app's context.

    Raises:
        Refusal: as the services do.
    """
    return _SENDERS[command.what](command)


def approval_of(command: Command, document_id: int, version: int) -> Command:
    """The command that approves what another made."""
    what, subject = APPROVALS[command.what]
    return Command(
        what,
        f"{subject}:{document_id}",
        command.fund,
        command.direction,
        -command.amount_fen if command.what is What.REVERSAL else command.amount_fen,
        {"id": document_id, "version": version},
    )


def reversal_of(key: str, entry_no: str, fund: str, direction: str, amount_fen: int) -> Command:
    """The command that asks for an entry to be reversed; its amount is still that of the entry."""
    return Command(What.REVERSAL, key, fund, direction, amount_fen, {"entry_no": entry_no})


def queue(session: Session) -> list[Command]:
    """Approvals of the newest documents that wait for a reviewer, whoever made them."""
    found = []
    for what, model, direction in ((What.GIFT, Donation, "in"), (What.PAYOUT, Disbursement, "out")):
        rows = session.execute(
            select(model.id, model.version, model.amount_fen, Fund.code)
            .join(Fund, Fund.id == model.fund_id)
            .where(_waits(model))
            .order_by(model.id.desc())
            .limit(_QUEUE)
        )
        found += [
            approval_of(Command(what, "", row.code, direction, row.amount_fen), row.id, row.version)
            for row in rows
        ]
    rows = session.execute(
        select(ReversalRequest.id, ReversalRequest.version, Entry.amount_fen, Entry.direction, Fund.code)
        .join(Entry, Entry.id == ReversalRequest.subject_entry_id)
        .join(Fund, Fund.id == Entry.fund_id)
        .where(_waits(ReversalRequest))
        .order_by(ReversalRequest.id.desc())
        .limit(_QUEUE)
    )
    return found + [
        approval_of(
            Command(What.REVERSAL, "", row.code, row.direction.value, row.amount_fen), row.id, row.version
        )
        for row in rows
    ]


def _waits(model: type[Donation | Disbursement | ReversalRequest]) -> ColumnElement[bool]:
    if model is Disbursement:
        return Disbursement.state.in_([DisbursementState.PENDING, DisbursementState.APPROVED])
    return model.state == DocumentState.PENDING


def _gift(command: Command) -> Answer:
    stated = command.stated
    details = DonationDetails(
        fund=command.fund,
        amount_fen=command.amount_fen,
        received_on=date.fromisoformat(stated["day"]),
        channel=Channel(stated["channel"]),
        station=stated["station"],
        donor_name=stated["donor"],
    )
    made = giving.record(details, people.clerk(), command.key)
    return Answer(made.donation_no, made.id, made.version)


def _payout(command: Command) -> Answer:
    details = DisbursementDetails(
        kind=DisbursementKind.AID,
        fund=command.fund,
        amount_fen=command.amount_fen,
        beneficiary_count=12,
        recipient="困难家庭学生",
        purpose="发放助学金",
    )
    made = spending.request(details, people.clerk(), command.key)
    return Answer(made.disbursement_no, made.id, made.version)


def _reversal(command: Command) -> Answer:
    made = reversals.request(command.stated["entry_no"], "金额录错", people.clerk(), command.key)
    return Answer(str(made.id), made.id, made.version)


def _approve_and_pay(payout_id: int, reviewer: StaffMember, version: int) -> Disbursement:
    reviewing.approve(payout_id, reviewer, version)
    payment = PaymentDetails(today(), Channel.BANK, f"soak-{payout_id}")
    return paying.pay(payout_id, payment, people.clerk(), version)


def _approval(
    approve: Callable[..., Donation | Disbursement | ReversalRequest],
) -> Callable[[Command], Answer]:
    def send(command: Command) -> Answer:
        done = approve(command.stated["id"], people.reviewer(), command.stated["version"])
        number = db.session.execute(select(Entry.entry_no).where(Entry.id == done.entry_id)).scalar_one()
        return Answer(number, done.id, done.version)

    return send


_SENDERS: dict[What, Callable[[Command], Answer]] = {
    What.GIFT: _gift,
    What.PAYOUT: _payout,
    What.REVERSAL: _reversal,
    What.GIFT_APPROVAL: _approval(giving.approve),
    What.PAYOUT_APPROVAL: _approval(_approve_and_pay),
    What.REVERSAL_APPROVAL: _approval(reversals.approve),
}
