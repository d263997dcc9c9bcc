"""Entries of what is not money: goods, services, rights; what comes in, is given out, spoils or is sold.

An amount of 0 has no postings: it is counted and not summed, because nothing gives it a value
(财会〔2024〕25号 18, 19).
"""

from datetime import date

from portal.ledger import accounts
from portal.ledger.entries import Dimensions, Document, Line, NewEntry, income_account
from portal.ledger.models import Channel, Direction, EntryKind, Form

CONSUMED_AT_ONCE = frozenset({Form.SKILLS, Form.SERVICES})
"""Forms that are used up by being given: what they are worth comes in and goes out in one command."""


def goods_received(
    *,
    form: Form,
    amount_fen: int,
    occurred_on: date,
    dimensions: Dimensions,
    restricted: bool,
    document: Document,
    receipt_series: str,
    late_reason: str = "",
) -> NewEntry:
    """A gift that is not money: the asset account of its form against donation income, at its value (0: none)."""
    asset = accounts.AGENCY_ASSET if document.agency else accounts.asset_of_form(form)
    income = income_account(restricted=restricted, agency=document.agency)
    return NewEntry(
        kind=EntryKind.DONATION,
        direction=Direction.IN,
        form=form,
        channel=Channel.IN_KIND,
        amount_fen=amount_fen,
        occurred_on=occurred_on,
        dimensions=dimensions,
        lines=_lines(dimensions.fund_id, amount_fen, asset, income),
        idempotency_key=document.key,
        document_no=document.number,
        sealed=document.sealed,
        receipt_series=receipt_series,
        agency=document.agency,
        late_reason=late_reason,
    )


def service_used(received: NewEntry) -> NewEntry:
    """The use of a service in the moment it is given: programme cost against the right that came in with it."""
    return _given_out(
        form=received.form,
        amount_fen=received.amount_fen,
        cost_account=accounts.PROGRAMME,
        kind=EntryKind.DISBURSEMENT,
        occurred_on=received.occurred_on,
        dimensions=received.dimensions,
        document=Document(use_key(received.idempotency_key), received.document_no),
        late_reason=received.late_reason,
    )


def use_key(key: str) -> str:
    """The idempotency key of the use that goes with a gift of a service."""
    return f"{key}:use"


def goods_given(
    *,
    amount_fen: int,
    cost_account: str,
    occurred_on: date,
    dimensions: Dimensions,
    document: Document,
    late_reason: str = "",
) -> NewEntry:
    """Goods given out, at their book value in fen (0 when nothing gives them one)."""
    return _given_out(
        form=Form.GOODS,
        amount_fen=amount_fen,
        cost_account=cost_account,
        kind=EntryKind.DISBURSEMENT,
        occurred_on=occurred_on,
        dimensions=dimensions,
        document=document,
        late_reason=late_reason,
    )


def goods_written_off(
    *, amount_fen: int, occurred_on: date, dimensions: Dimensions, document: Document, late_reason: str = ""
) -> NewEntry:
    """Goods spoilt, expired or missing at a count."""
    return _given_out(
        form=Form.GOODS,
        amount_fen=amount_fen,
        cost_account=accounts.OTHER_COST,
        kind=EntryKind.WRITE_OFF,
        occurred_on=occurred_on,
        dimensions=dimensions,
        document=document,
        late_reason=late_reason,
    )


def goods_sold(
    *,
    book_fen: int,
    proceeds_fen: int,
    channel: Channel,
    occurred_on: date,
    dimensions: Dimensions,
    document: Document,
    late_reason: str = "",
) -> NewEntry:
    """Goods hard to keep, turned into money for the same fund (慈善法 54).

    The entry's amount is what the fund gained (in) or lost (out) by it; the price itself stands in its postings.
    """
    gain = proceeds_fen - book_fen
    fund = dimensions.fund_id
    result = accounts.OTHER_INCOME if gain > 0 else accounts.OTHER_COST
    moves = ((accounts.asset_of(channel), proceeds_fen), (accounts.STOCK, -book_fen), (result, -gain))
    return NewEntry(
        kind=EntryKind.SALE,
        direction=Direction.IN if gain >= 0 else Direction.OUT,
        form=Form.GOODS,
        channel=channel,
        amount_fen=abs(gain),
        occurred_on=occurred_on,
        dimensions=dimensions,
        lines=tuple(Line(account, fund, fen) for account, fen in moves if fen),
        idempotency_key=document.key,
        document_no=document.number,
        sealed=document.sealed,
        late_reason=late_reason,
    )


def _given_out(
    *,
    form: Form,
    amount_fen: int,
    cost_account: str,
    kind: EntryKind,
    occurred_on: date,
    dimensions: Dimensions,
    document: Document,
    late_reason: str,
) -> NewEntry:
    return NewEntry(
        kind=kind,
        direction=Direction.OUT,
        form=form,
        channel=Channel.IN_KIND,
        amount_fen=amount_fen,
        occurred_on=occurred_on,
        dimensions=dimensions,
        lines=_lines(dimensions.fund_id, amount_fen, cost_account, accounts.asset_of_form(form)),
        idempotency_key=document.key,
        document_no=document.number,
        sealed=document.sealed,
        late_reason=late_reason,
    )


def _lines(fund_id: int, amount_fen: int, debit: str, credit: str) -> tuple[Line, ...]:
    if not amount_fen:
        return ()
    return (Line(debit, fund_id, amount_fen), Line(credit, fund_id, -amount_fen))
