"""The values that go into the ledger and come back from it: plain, immutable, without a database."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import orjson

from portal.ledger import accounts
from portal.ledger.models import Channel, Direction, EntryKind, Form

RECOVERED = "recovered:"
"""How the keys of entries begin that came back from the published list; their documents are lost."""


@dataclass(frozen=True)
class Line:
    """One posting to be: debit positive, credit negative, in fen."""

    account_code: str
    fund_id: int
    amount_fen: int


@dataclass(frozen=True)
class Dimensions:
    """What an entry is counted under."""

    organisation_id: int
    fund_id: int
    station_id: int | None = None
    street_id: int | None = None
    project_id: int | None = None
    campaign_id: int | None = None


@dataclass(frozen=True)
class Document:
    """The document an entry records: its idempotency key, its number, the stand-ins of its private parts by unit.

    ``agency`` says that what it records only passes through the organisation's hands: an asset and a debt, nobody's
    income (E33).
    """

    key: str
    number: str | None = None
    sealed: tuple[tuple[str, str], ...] = ()
    agency: bool = False


@dataclass(frozen=True)
class NewEntry:
    """An entry to be posted.

    ``release_fen`` is what a waiting payout had reserved in the fund; ``sealed`` stands, by disclosure unit, for what
    its document keeps private (docs/adr/0011).
    """

    kind: EntryKind
    direction: Direction
    form: Form
    channel: Channel
    amount_fen: int
    occurred_on: date
    dimensions: Dimensions
    lines: tuple[Line, ...]
    idempotency_key: str
    reverses_id: int | None = None
    receipt_series: str | None = None
    late_reason: str = ""
    reason: str = ""
    release_fen: int = 0
    document_no: str | None = None
    sealed: tuple[tuple[str, str], ...] = ()
    agency: bool = False

    def content_hash(self) -> str:
        """SHA-256 of what the entry says; the same key with another hash is another command."""
        return content_hash(self)

    @property
    def between_funds(self) -> bool:
        """Whether money only changes funds: nobody gave it and nobody was paid."""
        return between_funds(self.lines)

    def with_late_reason(self, reason: str) -> "NewEntry":
        """The same entry with the reason why it comes after the books were closed."""
        return replace(self, late_reason=reason)


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """What became of a new entry."""

    id: int
    index: int
    entry_no: str
    receipt_no: str | None


def between_funds(lines: Sequence[Line]) -> bool:
    """Whether postings take from one fund what they put into another."""
    assets = [line.amount_fen for line in lines if accounts.is_asset(line.account_code)]
    return bool(assets) and not sum(assets)


def moved_between(
    *,
    amount_fen: int,
    channel: Channel,
    occurred_on: date,
    source: Dimensions,
    target_fund_id: int,
    document: Document,
    release_fen: int = 0,
    late_reason: str = "",
) -> NewEntry:
    """Money that goes from one fund to another of the same organisation: no gift, no payout."""
    asset = accounts.asset_of(channel)
    return NewEntry(
        kind=EntryKind.TRANSFER,
        direction=Direction.OUT,
        form=Form.MONEY,
        channel=channel,
        amount_fen=amount_fen,
        occurred_on=occurred_on,
        dimensions=source,
        lines=(
            Line(accounts.BETWEEN_FUNDS, source.fund_id, amount_fen),
            Line(asset, source.fund_id, -amount_fen),
            Line(asset, target_fund_id, amount_fen),
            Line(accounts.BETWEEN_FUNDS, target_fund_id, -amount_fen),
        ),
        idempotency_key=document.key,
        document_no=document.number,
        sealed=document.sealed,
        release_fen=release_fen,
        late_reason=late_reason,
    )


def granted(transfer: NewEntry, *, restricted: bool) -> NewEntry:
    """The same between two organisations: the giver's cost and the receiver's income (财会〔2024〕25号).

    Each keeps its own books; in the sums of the district it is still no gift and no payout: nothing counts twice.
    """
    left, went, came, entered = transfer.lines
    cost = replace(left, account_code=accounts.PROGRAMME)
    income = replace(entered, account_code=income_account(restricted=restricted, agency=False))
    return replace(transfer, lines=(cost, went, came, income))


def content_hash(entry: NewEntry) -> str:
    """SHA-256 (hex) over the canonical JSON of everything an entry states."""
    stated = {
        "kind": entry.kind.value,
        "direction": entry.direction.value,
        "form": entry.form.value,
        "channel": entry.channel.value,
        "amount_fen": entry.amount_fen,
        "occurred_on": entry.occurred_on.isoformat(),
        "dimensions": vars(entry.dimensions),
        "lines": [[line.account_code, line.fund_id, line.amount_fen] for line in entry.lines],
        "reverses": entry.reverses_id,
        "late_reason": entry.late_reason,
        "reason": entry.reason,
    }
    if entry.agency:
        stated["agency"] = True
    return hashlib.sha256(orjson.dumps(stated, option=orjson.OPT_SORT_KEYS)).hexdigest()


def money_received(
    *,
    amount_fen: int,
    channel: Channel,
    occurred_on: date,
    dimensions: Dimensions,
    restricted: bool,
    document: Document,
    receipt_series: str,
    late_reason: str = "",
) -> NewEntry:
    """A gift of money: the asset account of its channel against donation income."""
    asset = accounts.AGENCY_ASSET if document.agency else accounts.asset_of(channel)
    return NewEntry(
        kind=EntryKind.DONATION,
        direction=Direction.IN,
        form=Form.MONEY,
        channel=channel,
        amount_fen=amount_fen,
        occurred_on=occurred_on,
        dimensions=dimensions,
        lines=(
            Line(asset, dimensions.fund_id, amount_fen),
            Line(
                income_account(restricted=restricted, agency=document.agency), dimensions.fund_id, -amount_fen
            ),
        ),
        idempotency_key=document.key,
        document_no=document.number,
        sealed=document.sealed,
        receipt_series=receipt_series,
        agency=document.agency,
        late_reason=late_reason,
    )


def income_account(*, restricted: bool, agency: bool) -> str:
    """The account that a gift is credited to; what only passes through is owed, not earned (E33)."""
    if agency:
        return accounts.AGENCY_LIABILITY
    return accounts.INCOME_RESTRICTED if restricted else accounts.INCOME_UNRESTRICTED


def money_paid(
    *,
    amount_fen: int,
    channel: Channel,
    cost_account: str,
    occurred_on: date,
    dimensions: Dimensions,
    document: Document,
    release_fen: int,
    late_reason: str = "",
) -> NewEntry:
    """A payout of money: a cost account against the asset account it was paid from."""
    return NewEntry(
        kind=EntryKind.DISBURSEMENT,
        direction=Direction.OUT,
        form=Form.MONEY,
        channel=channel,
        amount_fen=amount_fen,
        occurred_on=occurred_on,
        dimensions=dimensions,
        lines=(
            Line(cost_account, dimensions.fund_id, amount_fen),
            Line(accounts.asset_of(channel), dimensions.fund_id, -amount_fen),
        ),
        idempotency_key=document.key,
        document_no=document.number,
        sealed=document.sealed,
        release_fen=release_fen,
        late_reason=late_reason,
    )
