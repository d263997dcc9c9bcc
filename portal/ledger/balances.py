"""What each fund holds: kept by conditional updates, so that the database itself stops an overdraft."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import BigInteger, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.db import Base, connection_of
from portal.i18n import lazy_gettext as _l
from portal.ledger import accounts
from portal.ledger.accounts import Pot
from portal.ledger.entries import NewEntry
from portal.ledger.models import FundBalance
from portal.money import format_yuan
from portal.refusals import Invalid, Sentence

_BALANCE = Base.metadata.tables[FundBalance.__tablename__]
_CAME, _WENT, _RELEASED, _GOODS, _HOLDINGS, _AGENCY = (
    bindparam(name, type_=BigInteger) for name in ("came", "went", "released", "goods", "holdings", "agency")
)
_MOVE = (
    update(_BALANCE)
    .where(
        _BALANCE.c.fund_id == bindparam("fund"),
        _BALANCE.c.reserved_fen >= _RELEASED,
        _BALANCE.c.balance_fen + _CAME - _WENT >= _BALANCE.c.reserved_fen - _RELEASED,
        _BALANCE.c.goods_fen + _GOODS >= 0,
        _BALANCE.c.holdings_fen + _HOLDINGS >= 0,
        _BALANCE.c.agency_fen + _AGENCY >= 0,
    )
    .values(
        balance_fen=_BALANCE.c.balance_fen + _CAME - _WENT,
        reserved_fen=_BALANCE.c.reserved_fen - _RELEASED,
        in_fen=_BALANCE.c.in_fen + _CAME,
        out_fen=_BALANCE.c.out_fen + _WENT,
        goods_fen=_BALANCE.c.goods_fen + _GOODS,
        holdings_fen=_BALANCE.c.holdings_fen + _HOLDINGS,
        agency_fen=_BALANCE.c.agency_fen + _AGENCY,
    )
    .returning(_BALANCE.c.in_fen, _BALANCE.c.out_fen)
)
"""The condition is the control: the database itself moves the balance, or finds nothing to move."""


_EMPTY: dict[Pot, Sentence] = {
    Pot.GOODS: _l("这个基金的物资账面余额不够：有的已经发出或处置。请先核对物资台账。"),
    Pot.HOLDINGS: _l("这个基金的权益账面余额不够：有的已经使用或处置。请先核对。"),
    Pot.AGENCY: _l("这个基金代收的款物余额不够：有的已经转交。请先核对受托代理台账。"),
}


@dataclass
class Change:
    """What a command moves in one fund: money that came and went, and what is set free; the other pots by sum."""

    came: int = 0
    went: int = 0
    released: int = 0
    others: dict[Pot, int] = field(default_factory=lambda: {Pot.GOODS: 0, Pot.HOLDINGS: 0, Pot.AGENCY: 0})

    def add(self, account_code: str, amount_fen: int) -> None:
        """Count one posting in."""
        pot = accounts.pot_of(account_code)
        if pot is Pot.MONEY:
            self.came += max(amount_fen, 0)
            self.went += max(-amount_fen, 0)
        elif pot is not None:
            self.others[pot] += amount_fen


@dataclass
class Positions:
    """How much money had ever come into and gone out of each fund, moved on posting by posting."""

    came: dict[int, int]
    went: dict[int, int]

    def rows(self, entry: NewEntry, entry_id: int) -> list[dict[str, object]]:
        """The posting rows of one entry, with the positions after it."""
        for line in entry.lines:
            if accounts.is_money(line.account_code):
                moved = self.came if line.amount_fen > 0 else self.went
                moved[line.fund_id] += abs(line.amount_fen)
        return [
            {
                "entry_id": entry_id,
                "line_no": number,
                "account_code": line.account_code,
                "fund_id": line.fund_id,
                "amount_fen": line.amount_fen,
                "fund_in_after_fen": self.came[line.fund_id],
                "fund_out_after_fen": self.went[line.fund_id],
            }
            for number, line in enumerate(entry.lines, start=1)
        ]


def apply(session: Session, entries: Sequence[NewEntry]) -> Positions:
    """Move the balances of all funds of a command; return the positions before it.

    Raises:
        Invalid: a fund would fall below zero, or below what is reserved for payouts under review.
    """
    changes: dict[int, Change] = defaultdict(Change)
    for entry in entries:
        if entry.release_fen:
            changes[entry.dimensions.fund_id].released += entry.release_fen
        for line in entry.lines:
            changes[line.fund_id].add(line.account_code, line.amount_fen)
    before = Positions({}, {})
    # In the order of their ids, so that two commands never wait for each other.
    for fund_id in sorted(changes):
        before.came[fund_id], before.went[fund_id] = _move(session, fund_id, changes[fund_id])
    return before


def _move(session: Session, fund_id: int, change: Change) -> tuple[int, int]:
    values = {
        "fund": fund_id,
        "came": change.came,
        "went": change.went,
        "released": change.released,
        **{pot.value: fen for pot, fen in change.others.items()},
    }
    connection = connection_of(session)
    moved = connection.execute(_MOVE, values).one_or_none()
    if moved is None and open_account(session, fund_id):
        moved = connection.execute(_MOVE, values).one_or_none()
    if moved is None:
        raise _insufficient(session, fund_id, change)
    return moved.in_fen - change.came, moved.out_fen - change.went


def reserve(session: Session, fund_id: int, amount_fen: int) -> None:
    """Set money of a fund aside for a payout that waits for review.

    Raises:
        Invalid: the fund has less than that available.
    """
    open_account(session, fund_id)
    reserved = session.execute(
        update(FundBalance)
        .where(
            FundBalance.fund_id == fund_id,
            FundBalance.balance_fen - FundBalance.reserved_fen >= amount_fen,
        )
        .values(reserved_fen=FundBalance.reserved_fen + amount_fen)
        .returning(FundBalance.fund_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if reserved is None:
        raise _insufficient(session, fund_id, Change(went=amount_fen))


def release(session: Session, fund_id: int, amount_fen: int) -> None:
    """Free money that was set aside for a payout which will not happen."""
    session.execute(
        update(FundBalance)
        .where(FundBalance.fund_id == fund_id)
        .values(reserved_fen=FundBalance.reserved_fen - amount_fen)
        .execution_options(synchronize_session=False)
    )


def available_fen(session: Session, fund_id: int) -> int:
    """What a fund can still pay out: its balance less what is reserved."""
    held = session.execute(
        select(FundBalance.balance_fen, FundBalance.reserved_fen).where(FundBalance.fund_id == fund_id)
    ).one_or_none()
    return held.balance_fen - held.reserved_fen if held else 0


def open_account(session: Session, fund_id: int) -> bool:
    """Make a fund's balance row if it has none yet; whether it had none."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = session.execute(
        dialect.insert(FundBalance)
        .values(fund_id=fund_id, balance_fen=0, reserved_fen=0, in_fen=0, out_fen=0)
        .on_conflict_do_nothing()
        .returning(FundBalance.fund_id)
    )
    return made.one_or_none() is not None


def _insufficient(session: Session, fund_id: int, change: Change) -> Invalid:
    # The statement itself only says that some pot does not hold enough; whichever is asked for is named.
    row = session.get(FundBalance, fund_id, populate_existing=True)
    for pot, message in _EMPTY.items():
        if row is not None and getattr(row, f"{pot.value}_fen") + change.others[pot] < 0:
            return Invalid({"amount": message})
    return Invalid(
        {
            "amount": _l(
                "基金余额不足：可用 %(available)s 元（待复核的支出已预留）。请减少金额或换一个基金。",
                available=format_yuan(available_fen(session, fund_id)),
            )
        }
    )
