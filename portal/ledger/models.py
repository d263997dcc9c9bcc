"""The books: entries, their postings, and the sums kept beside them.

Amounts are whole fen. An entry and its postings are written once and never changed: the database refuses
(``triggers.py``). Balances and daily totals are kept in the same transaction and can be recomputed at any time
(``verification.py``).
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    and_,
    false,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant, index_of_some, words

APPEND_ONLY_TABLES = (
    "ledger_entry",
    "ledger_posting",
    "ledger_closing",
    "ledger_cancellation",
    "ledger_transfer",
    "ledger_arrival",
)


class EntryKind(StrEnum):
    """What an entry records."""

    DONATION = "donation"
    DISBURSEMENT = "disbursement"
    TRANSFER = "transfer"
    PURPOSE_CHANGE = "purpose_change"
    WRITE_OFF = "write_off"
    SALE = "sale"
    REVERSAL = "reversal"


MOVES = (EntryKind.TRANSFER, EntryKind.PURPOSE_CHANGE)
"""What only moves money from one fund to another: listed as leaving the first, and counted in no sum of gifts or
payouts."""


class Direction(StrEnum):
    """Whether an entry counts to what was received or to what was paid out."""

    IN = "in"
    OUT = "out"


class Form(StrEnum):
    """The form a gift takes."""

    MONEY = "money"
    GOODS = "goods"
    SKILLS = "skills"
    SERVICES = "services"
    IP = "ip"
    INSURANCE = "insurance"
    SECURITIES = "securities"


class Channel(StrEnum):
    """The way a gift came or a payout went; what is not money comes ``in_kind``."""

    CASH = "cash"
    BANK = "bank"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    UNIONPAY = "unionpay"
    POS = "pos"
    PAYROLL = "payroll"
    IN_KIND = "in_kind"
    OTHER = "other"


def _not_money(name: str, column: str) -> Index:
    """Finds what is not money, which is rare, without reading the money before it."""
    some = text("form <> 'money'")
    return Index(f"ix_ledger_entry_{name}_index", column, "index", sqlite_where=some, postgresql_where=some)


def _booked(name: str, condition: str) -> Index:
    """An index over the few entries of a kind by the day they are booked on: what bills cannot take from kept sums."""
    some = text(condition)
    return Index(
        f"ix_ledger_entry_{name}_booked_on",
        "organisation_id",
        "booked_on",
        sqlite_where=some,
        postgresql_where=some,
    )


class Entry(Base):
    """One line of the public ledger.

    ``amount_fen`` is signed: a reversal carries the direction of the entry it cancels and the negative amount, so
    that every sum over entries is right without looking at the kind. Gifts in kind without a value carry 0 and have no
    postings: they are counted, not summed. ``agency`` marks what is only passed on to a named beneficiary and is
    nobody's income (财会〔2024〕25号 58). ``occurred_on`` is the day it happened,
    ``booked_on`` the day in whose period it counts for bills (they differ when it came after the books were closed).
    """

    __tablename__ = "ledger_entry"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(BigInteger, unique=True)
    entry_no: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[EntryKind] = mapped_column(words(EntryKind))
    direction: Mapped[Direction] = mapped_column(words(Direction))
    form: Mapped[Form] = mapped_column(words(Form))
    channel: Mapped[Channel] = mapped_column(words(Channel))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    occurred_on: Mapped[date]
    booked_on: Mapped[date]
    posted_at: Mapped[datetime] = mapped_column(Instant)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    street_id: Mapped[int | None] = mapped_column(ForeignKey("street.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    receipt_no: Mapped[str | None] = mapped_column(String(40), unique=True)
    agency: Mapped[bool] = mapped_column(default=False, server_default=false())
    late: Mapped[bool] = mapped_column(default=False)
    late_reason: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    document_no: Mapped[str | None] = mapped_column(String(24))
    words_salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))

    postings: Mapped[list["Posting"]] = relationship(
        order_by="Posting.line_no",
        primaryjoin="Entry.id == foreign(Posting.entry_id)",
        viewonly=True,
    )
    reverses: Mapped["Entry | None"] = relationship(
        remote_side="Entry.id", foreign_keys=[reverses_id], viewonly=True
    )

    __table_args__ = (
        CheckConstraint("amount_fen <> 0 OR form <> 'money'", name="amount_not_zero"),
        CheckConstraint("abs(amount_fen) <= 10000000000000", name="amount_bounded"),
        CheckConstraint('"index" >= 0', name="index_not_negative"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal_points_at_entry"),
        CheckConstraint("reverses_id IS NOT NULL OR amount_fen >= 0", name="only_reversals_are_negative"),
        Index("ix_ledger_entry_organisation_index", "organisation_id", "index"),
        Index("ix_ledger_entry_fund_index", "fund_id", "index"),
        index_of_some("ix_ledger_entry_station_index", "station_id", "index"),
        index_of_some("ix_ledger_entry_street_index", "street_id", "index"),
        index_of_some("ix_ledger_entry_project_index", "project_id", "index"),
        index_of_some("ix_ledger_entry_campaign_index", "campaign_id", "index"),
        Index("ix_ledger_entry_occurred_on_index", "occurred_on", "index"),
        Index("ix_ledger_entry_amount_index", "amount_fen", "index"),
        _not_money("form", "form"),
        *(
            _not_money(f"{thing}_form", f"{thing}_id")
            for thing in ("organisation", "fund", "station", "street", "project", "campaign")
        ),
        Index("ix_ledger_entry_organisation_booked_on", "organisation_id", "booked_on"),
        Index("ix_ledger_entry_fund_booked_on", "fund_id", "booked_on"),
        _booked("out", "direction = 'out'"),
        _booked("late", "booked_on <> occurred_on"),
        _booked("reversal", "reverses_id IS NOT NULL"),
    )


def _positions(name: str, column: str, sign: str) -> Index:
    condition = text(f"account_code < '11' AND amount_fen {sign} 0")
    return Index(name, "fund_id", column, sqlite_where=condition, postgresql_where=condition)


class Posting(Base):
    """One line of an entry: debit positive, credit negative, zero in sum for every fund.

    ``fund_in_after_fen`` and ``fund_out_after_fen`` are how much money had ever come into the fund and gone out of it
    after this entry: monotonic positions, by which a gift is followed to its use. Goods are followed by their lots.
    """

    __tablename__ = "ledger_posting"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    entry_id: Mapped[int] = mapped_column(
        ForeignKey("ledger_entry.id", deferrable=True, initially="DEFERRED")
    )
    line_no: Mapped[int]
    account_code: Mapped[str] = mapped_column(String(12))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    fund_in_after_fen: Mapped[int] = mapped_column(BigInteger)
    fund_out_after_fen: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        UniqueConstraint("entry_id", "line_no"),
        CheckConstraint("amount_fen <> 0", name="amount_not_zero"),
        CheckConstraint("abs(amount_fen) <= 10000000000000", name="amount_bounded"),
        _positions("ix_ledger_posting_came", "fund_in_after_fen", ">"),
        _positions("ix_ledger_posting_went", "fund_out_after_fen", "<"),
    )


_MONEY = Posting.account_code < literal_column("'11'")

CAME = and_(_MONEY, Posting.amount_fen > literal_column("0"))
"""Postings of money that came into a fund, in the words of a partial index, so that the database takes it."""

WENT = and_(_MONEY, Posting.amount_fen < literal_column("0"))
"""Postings of money that went out of a fund."""


class Cancellation(Base):
    """Money of an entry that a reversal took back, or of that reversal: as if it had neither come nor gone.

    Kept as entries are reversed, so that the way of a gift leads around what was cancelled. ``came_after_fen`` and
    ``went_after_fen`` are the fund's positions after the entry.
    """

    __tablename__ = "ledger_cancellation"

    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(
        ForeignKey("ledger_entry.id", deferrable=True, initially="DEFERRED"),
        primary_key=True,
        autoincrement=False,
    )
    came_fen: Mapped[int] = mapped_column(BigInteger)
    went_fen: Mapped[int] = mapped_column(BigInteger)
    came_after_fen: Mapped[int] = mapped_column(BigInteger)
    went_after_fen: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (CheckConstraint("came_fen >= 0 AND went_fen >= 0", name="not_negative"),)


class Transfer(Base):
    """Both ends of an entry that moves money between funds, or of the reversal of one (then below zero).

    The entry itself stands under the fund that the money left; by this row it is found under the other as well.
    """

    __tablename__ = "ledger_transfer"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("ledger_entry.id"), primary_key=True, autoincrement=False
    )
    from_fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    to_fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    from_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    to_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (CheckConstraint("amount_fen <> 0", name="amount_not_zero"),)


_ON_ITS_WAY = text("arrived_fen < amount_fen OR arrivals = 0")


class Delivery(Base):
    """How much of a payout has reached its final beneficiaries; until all has, the rest is on its way (E24).

    There is one for each payout that has to reach somebody, and none any more once it is reversed. ``arrivals`` counts
    those that stand, ``arrived_on`` is the day of the last of them, ``people`` how many they speak of.
    """

    __tablename__ = "ledger_delivery"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("ledger_entry.id"), primary_key=True, autoincrement=False
    )
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    paid_on: Mapped[date]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    arrived_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    arrivals: Mapped[int] = mapped_column(default=0)
    arrived_on: Mapped[date | None]
    people: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("arrived_fen BETWEEN 0 AND amount_fen", name="arrived_within_paid"),
        CheckConstraint("arrivals >= 0", name="arrivals_not_negative"),
        CheckConstraint("(arrivals = 0) = (arrived_on IS NULL)", name="arrived_some_day"),
        Index(
            "ix_ledger_delivery_on_its_way",
            "paid_on",
            "organisation_id",
            sqlite_where=_ON_ITS_WAY,
            postgresql_where=_ON_ITS_WAY,
        ),
    )

    @property
    def on_its_way(self) -> bool:
        """Whether something of it has not arrived yet."""
        return self.arrived_fen < self.amount_fen or self.arrivals == 0


class LedgerArrival(Base):
    """A part of a payout that reached its final beneficiaries; a leaf of the log (docs/adr/0011).

    ``amount_fen`` is signed: what takes an arrival back carries its negative amount and points at it, so that every sum
    is right without looking. Goods that nothing gives a value arrive with 0. ``people`` is sealed in the leaf by a salt
    of its own.
    """

    __tablename__ = "ledger_arrival"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    index: Mapped[int] = mapped_column(BigInteger, unique=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    arrived_on: Mapped[date]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    people: Mapped[int | None]
    people_salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    takes_back_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_arrival.id"), unique=True)
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("takes_back_id IS NULL OR amount_fen <= 0", name="taken_back_is_negative"),
        CheckConstraint("takes_back_id IS NOT NULL OR amount_fen >= 0", name="only_taken_back_is_negative"),
        CheckConstraint("abs(amount_fen) <= 10000000000000", name="amount_bounded"),
        Index("ix_ledger_arrival_organisation_arrived_on", "organisation_id", "arrived_on"),
    )


class FundBalance(Base):
    """What a fund holds in money, what of it is promised to payouts waiting for review, and what ever came and went.

    Beside it stand the book values of goods in stock, of other things held (securities, rights, services not used
    yet), and what is held for others (``agency``); none of them can be paid out as money.
    """

    __tablename__ = "ledger_fund_balance"

    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), primary_key=True, autoincrement=False)
    balance_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    reserved_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    in_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    out_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    goods_fen: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    holdings_fen: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    agency_fen: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")

    __table_args__ = (
        CheckConstraint("goods_fen >= 0", name="goods_not_negative"),
        CheckConstraint("holdings_fen >= 0", name="holdings_not_negative"),
        CheckConstraint("agency_fen >= 0", name="agency_not_negative"),
        CheckConstraint("balance_fen >= 0", name="balance_not_negative"),
        CheckConstraint("reserved_fen >= 0", name="reserved_not_negative"),
        CheckConstraint("reserved_fen <= balance_fen", name="reserved_within_balance"),
        CheckConstraint("balance_fen = in_fen - out_fen", name="balance_is_in_less_out"),
    )


class DailyTotal(Base):
    """Sums of one day for one combination of dimensions; 0 stands for "none".

    ``entries`` counts a gift or payout as +1 and its reversal as −1.
    """

    __tablename__ = "ledger_daily_total"

    day: Mapped[date] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    fund_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    station_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    street_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    project_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    campaign_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    direction: Mapped[Direction] = mapped_column(words(Direction), primary_key=True)
    form: Mapped[Form] = mapped_column(words(Form), primary_key=True)
    channel: Mapped[Channel] = mapped_column(words(Channel), primary_key=True)
    agency: Mapped[bool] = mapped_column(primary_key=True, default=False)
    entries: Mapped[int]
    amount_fen: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        Index("ix_ledger_daily_total_organisation", "organisation_id", "day"),
        Index("ix_ledger_daily_total_fund", "fund_id", "day"),
        Index("ix_ledger_daily_total_station", "station_id", "day"),
        Index("ix_ledger_daily_total_street", "street_id", "day"),
        Index("ix_ledger_daily_total_project", "project_id", "day"),
        Index("ix_ledger_daily_total_campaign", "campaign_id", "day"),
    )


class YearTotal(Base):
    """Postings of one year in one account of income or cost of an organisation; debit positive, in fen."""

    __tablename__ = "ledger_year_total"

    organisation_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)


class YearArrival(Base):
    """What reached the final beneficiaries of an organisation in one year, in fen (民发〔2026〕12号 12)."""

    __tablename__ = "ledger_year_arrival"

    organisation_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    amount_fen: Mapped[int] = mapped_column(BigInteger)


class Head(Base):
    """The one row that counts the entries; locking it puts all posting in one order.

    ``closed_day`` is the last day whose closing leaf is in the log, ``closed_size`` the entries there were then.
    """

    __tablename__ = "ledger_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    closed_day: Mapped[date | None]
    closed_size: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class ReceiptCounter(Base):
    """The last acknowledgement number given in a series (station or fund) and year: gapless, never reused."""

    __tablename__ = "ledger_receipt_counter"

    series: Mapped[str] = mapped_column(String(24), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


class Closing(Base):
    """The books of an organisation (``fund_id`` 0) or of one fund are closed up to and including a day."""

    __tablename__ = "ledger_closing"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    fund_id: Mapped[int] = mapped_column(BigInteger, default=0)
    closed_through: Mapped[date]
    closed_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (UniqueConstraint("organisation_id", "fund_id", "closed_through"),)
