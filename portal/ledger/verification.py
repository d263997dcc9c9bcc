"""Recompute everything from the postings and compare it with what is kept; trust nothing that is stored beside."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from portal.ledger import accounts, cancelling, daily_totals, transfers, year_totals
from portal.ledger.accounts import Pot
from portal.ledger.arrival_check import doubtful_arrivals
from portal.ledger.entries import Line, NewEntry, between_funds
from portal.ledger.leaf_check import LeafCheck
from portal.ledger.models import (
    Cancellation,
    DailyTotal,
    Direction,
    Entry,
    EntryKind,
    FundBalance,
    Head,
    LedgerArrival,
    Posting,
    ReceiptCounter,
    Transfer,
    YearArrival,
    YearTotal,
)
from portal.ledger.period_models import DayPlaces, DistrictTotal, PeriodTotal
from portal.ledger.posting import dimensions_of
from portal.translog.notes import VerifierKey
from portal.translog.verification import verify_log

_CHUNK = 2000


@dataclass(frozen=True)
class Difference:
    """The first thing of its kind that does not agree."""

    kind: str
    entry_no: str | None
    message: str


@dataclass
class Report:
    """What a verification found."""

    entries: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return not self.differences

    def note(self, kind: str, entry_no: str | None, message: str) -> None:
        """Keep the first difference of each kind."""
        if all(one.kind != kind for one in self.differences):
            self.differences.append(Difference(kind, entry_no, message))


@dataclass
class _Recomputed:
    came: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    went: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    others: dict[tuple[int, Pot], int] = field(default_factory=lambda: defaultdict(int))
    totals: dict[tuple[object, ...], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    years: dict[tuple[int, int, str], int] = field(default_factory=lambda: defaultdict(int))
    cancelled: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)
    moves: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    receipts: dict[tuple[str, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    places: dict[date, list[int]] = field(default_factory=dict)


def verify(session: Session, keys: Sequence[VerifierKey] = ()) -> Report:
    """Check every entry and its leaf, then every balance, total, series and arrival, then the log itself.

    Returns the first difference of each kind, with the number of the entry it was found at. Signatures are checked
    with ``keys``.
    """
    report, books = Report(), _Recomputed()
    leaves = LeafCheck(session)
    for entry, postings in _entries(session, leaves):
        for kind, message in leaves.before(entry.index, books.came, books.went):
            report.note(kind, None, message)
        _check_place(report, entry)
        _check_postings(report, books, entry, postings)
        _check_content(report, entry, postings)
        for kind, message in leaves.check(entry, postings):
            report.note(kind, entry.entry_no, message)
        if entry.kind is EntryKind.REVERSAL:
            _check_reversal(session, report, books, entry, postings)
        _count(books, entry, postings)
        report.entries += 1
    _check_orphans(session, report)
    _check_head(session, report)
    _check_balances(session, report, books)
    _check_totals(session, report, books)
    _check_day_places(session, report, books)
    _check_year_totals(session, report, books)
    _check_year_arrivals(session, report)
    _check_cancellations(session, report, books)
    _check_transfers(session, report, books)
    _check_receipts(session, report, books)
    for kind, entry_no, message in doubtful_arrivals(session):
        report.note(kind, entry_no, message)
    for kind, message in (*leaves.before(None, books.came, books.went), *verify_log(session, keys)):
        report.note(kind, None, message)
    return report


def _entries(session: Session, leaves: LeafCheck) -> Iterator[tuple[Entry, list[Posting]]]:
    last = -1
    while True:
        entries = session.scalars(
            select(Entry).where(Entry.index > last).order_by(Entry.index).limit(_CHUNK)
        ).all()
        if not entries:
            return
        postings: dict[int, list[Posting]] = defaultdict(list)
        for posting in session.scalars(
            select(Posting)
            .where(Posting.entry_id.between(min(e.id for e in entries), max(e.id for e in entries)))
            .order_by(Posting.entry_id, Posting.line_no)
        ):
            postings[posting.entry_id].append(posting)
        leaves.load(entries)
        for entry in entries:
            yield entry, postings[entry.id]
        last = entries[-1].index
        session.expunge_all()


def _check_place(report: Report, entry: Entry) -> None:
    if entry.id != report.entries + 1:
        report.note("place", entry.entry_no, f"is entry {entry.id}, expected {report.entries + 1}")
    if not entry.entry_no.endswith(f"-{entry.id:06d}"):
        report.note("entry_no", entry.entry_no, f"does not name entry {entry.id}")


def _check_postings(report: Report, books: _Recomputed, entry: Entry, postings: list[Posting]) -> None:
    sums: dict[int, int] = defaultdict(int)
    moved = 0
    for posting in postings:
        sums[posting.fund_id] += posting.amount_fen
        pot = accounts.pot_of(posting.account_code)
        if pot is None:
            continue
        moved += posting.amount_fen
        if pot is not Pot.MONEY:
            books.others[posting.fund_id, pot] += posting.amount_fen
        else:
            side = books.came if posting.amount_fen > 0 else books.went
            side[posting.fund_id] += abs(posting.amount_fen)
    for fund_id, total in sums.items():
        if total:
            report.note("balance", entry.entry_no, f"postings of fund {fund_id} sum to {total} fen, not 0")
    if len(postings) < 2 and (postings or entry.amount_fen):
        report.note("postings", entry.entry_no, f"has {len(postings)} postings")
    expected = _expected(entry, postings)
    if moved != expected:
        report.note("amount", entry.entry_no, f"moves {moved} fen, its amount says {expected}")
    for posting in postings:
        stood = (posting.fund_in_after_fen, posting.fund_out_after_fen)
        computed = (books.came[posting.fund_id], books.went[posting.fund_id])
        if stood != computed:
            report.note(
                "position", entry.entry_no, f"fund {posting.fund_id} stands at {stood}, computed {computed}"
            )


def _expected(entry: Entry, postings: list[Posting]) -> int:
    """What the postings of an entry move in sum: nothing when money only changes funds."""
    if _between_funds(postings):
        return 0
    return entry.amount_fen if entry.direction is Direction.IN else -entry.amount_fen


def _between_funds(postings: list[Posting]) -> bool:
    return between_funds([Line(p.account_code, p.fund_id, p.amount_fen) for p in postings])


def _check_content(report: Report, entry: Entry, postings: list[Posting]) -> None:
    stated = NewEntry(
        kind=entry.kind,
        direction=entry.direction,
        form=entry.form,
        channel=entry.channel,
        amount_fen=entry.amount_fen,
        occurred_on=entry.occurred_on,
        dimensions=dimensions_of(entry),
        lines=tuple(Line(p.account_code, p.fund_id, p.amount_fen) for p in postings),
        idempotency_key=entry.idempotency_key,
        reverses_id=entry.reverses_id,
        late_reason=entry.late_reason,
        reason=entry.reason,
        agency=entry.agency,
    )
    if stated.content_hash() != entry.content_hash:
        report.note("content", entry.entry_no, "no longer says what was posted")


def _check_reversal(
    session: Session, report: Report, books: _Recomputed, entry: Entry, postings: list[Posting]
) -> None:
    original = session.get(Entry, entry.reverses_id)
    if original is None or original.amount_fen != -entry.amount_fen or original.index >= entry.index:
        report.note("reversal", entry.entry_no, "is not the mirror of an earlier entry")
        return
    originals = session.scalars(
        select(Posting).where(Posting.entry_id == original.id).order_by(Posting.line_no)
    ).all()
    for row in cancelling.rows_of(vars(one) for one in (*originals, *postings)):
        books.cancelled[row["fund_id"], row["entry_id"]] = tuple(row[name] for name in cancelling.FACTS)
    mirrored = [(p.account_code, p.fund_id, -p.amount_fen) for p in postings]
    if mirrored != [(p.account_code, p.fund_id, p.amount_fen) for p in originals]:
        report.note("reversal", entry.entry_no, f"does not mirror the postings of {original.entry_no}")


def _count(books: _Recomputed, entry: Entry, postings: list[Posting]) -> None:
    # Entries come in the order of the log.
    books.places.setdefault(entry.occurred_on, [entry.index, entry.index])[1] = entry.index
    if entry.receipt_no:
        series, year, number = entry.receipt_no.rsplit("-", 2)
        books.receipts[series, int(year)].append(int(number))
    for posting in postings:
        if accounts.is_result(posting.account_code):
            books.years[posting.fund_id, entry.occurred_on.year, posting.account_code] += posting.amount_fen
    if _between_funds(postings):
        lines = [Line(p.account_code, p.fund_id, p.amount_fen) for p in postings]
        target = transfers.other_end(entry.fund_id, lines)
        books.moves[entry.id] = (entry.fund_id, target, entry.amount_fen)
        return
    key = (
        entry.occurred_on,
        entry.organisation_id,
        entry.fund_id,
        entry.station_id or 0,
        entry.street_id or 0,
        entry.project_id or 0,
        entry.campaign_id or 0,
        entry.direction,
        entry.form,
        entry.channel,
        entry.agency,
    )
    total = books.totals[key]
    total[0] += -1 if entry.reverses_id else 1
    total[1] += entry.amount_fen


def _check_orphans(session: Session, report: Report) -> None:
    orphan = session.scalar(
        select(Posting.id).outerjoin(Entry, Entry.id == Posting.entry_id).where(Entry.id.is_(None)).limit(1)
    )
    if orphan is not None:
        report.note("orphan", None, f"posting {orphan} belongs to no entry")


def _check_head(session: Session, report: Report) -> None:
    size = session.scalar(select(Head.size)) or 0
    if size != report.entries:
        report.note("size", None, f"the head says {size} entries, there are {report.entries}")


def _check_balances(session: Session, report: Report, books: _Recomputed) -> None:
    rows = session.scalars(select(FundBalance)).all()
    kept = {row.fund_id: (row.in_fen, row.out_fen, row.balance_fen) for row in rows}
    for fund_id in kept.keys() | books.came.keys() | books.went.keys():
        came, went = books.came.get(fund_id, 0), books.went.get(fund_id, 0)
        if kept.get(fund_id, (0, 0, 0)) != (came, went, came - went):
            report.note(
                "fund_balance", None, f"fund {fund_id} keeps {kept.get(fund_id)}, computed {came - went} fen"
            )
    others: dict[tuple[int, Pot], int] = {
        (row.fund_id, pot): getattr(row, f"{pot.value}_fen")
        for row in rows
        for pot in Pot
        if pot is not Pot.MONEY
    }
    for key in others.keys() | books.others.keys():
        if others.get(key, 0) != books.others.get(key, 0):
            fund_id, pot = key
            report.note(
                "fund_balance",
                None,
                f"fund {fund_id} keeps {others.get(key, 0)} fen of {pot}, computed {books.others.get(key, 0)}",
            )


def _check_totals(session: Session, report: Report, books: _Recomputed) -> None:
    """The sums of days, of months and years, and of the district, from the recomputed sums of days."""
    periods, district = daily_totals.of_periods(books.totals), daily_totals.of_district(books.totals)
    _check_sums(session, report, "daily_total", DailyTotal, daily_totals.KEY, books.totals)
    _check_sums(session, report, "period_total", PeriodTotal, daily_totals.PERIOD_KEY, periods)
    _check_sums(session, report, "district_total", DistrictTotal, daily_totals.DISTRICT_KEY, district)


def _check_sums(
    session: Session,
    report: Report,
    kind: str,
    model: type[DailyTotal] | type[PeriodTotal] | type[DistrictTotal],
    names: Sequence[str],
    computed: Mapping[tuple[object, ...], list[int]],
) -> None:
    kept = {
        tuple(getattr(row, name) for name in names): [
            getattr(row, name) for name in ("entries", "amount_fen")
        ]
        for row in session.scalars(select(model))
    }
    for key in kept.keys() | computed.keys():
        if kept.get(key, [0, 0]) != computed.get(key, [0, 0]):
            when = " of ".join(map(str, key[: names.index("day") + 1]))
            report.note(kind, None, f"{when}: kept {kept.get(key)}, computed {computed.get(key)}")


def _check_day_places(session: Session, report: Report, books: _Recomputed) -> None:
    kept = {row.day: [row.oldest, row.newest] for row in session.scalars(select(DayPlaces))}
    for day in kept.keys() | books.places.keys():
        if kept.get(day) != books.places.get(day):
            report.note("day_places", None, f"{day}: kept {kept.get(day)}, computed {books.places.get(day)}")


def _check_year_totals(session: Session, report: Report, books: _Recomputed) -> None:
    owners = year_totals.owners_of(session, {fund_id for fund_id, _year, _account in books.years})
    computed: dict[tuple[int, int, str], int] = defaultdict(int)
    for (fund_id, year, account), fen in books.years.items():
        computed[owners[fund_id], year, account] += fen
    kept = {
        (row.organisation_id, row.year, row.account_code): row.amount_fen
        for row in session.scalars(select(YearTotal))
    }
    for key in kept.keys() | computed.keys():
        if kept.get(key, 0) != computed.get(key, 0):
            stand = f"kept {kept.get(key, 0)}, computed {computed.get(key, 0)} fen"
            report.note("year_total", None, f"account {key[2]} in {key[1]}: {stand}")


def _check_year_arrivals(session: Session, report: Report) -> None:
    year = extract("year", LedgerArrival.arrived_on)
    computed = {
        (organisation_id, int(number)): int(fen)
        for organisation_id, number, fen in session.execute(
            select(LedgerArrival.organisation_id, year, func.sum(LedgerArrival.amount_fen)).group_by(
                LedgerArrival.organisation_id, year
            )
        )
    }
    kept = {(row.organisation_id, row.year): row.amount_fen for row in session.scalars(select(YearArrival))}
    for key in kept.keys() | computed.keys():
        if kept.get(key, 0) != computed.get(key, 0):
            stand = f"kept {kept.get(key, 0)}, computed {computed.get(key, 0)} fen"
            report.note("year_arrival", None, f"arrivals in {key[1]}: {stand}")


def _check_cancellations(session: Session, report: Report, books: _Recomputed) -> None:
    kept = {
        (row.fund_id, row.entry_id): tuple(getattr(row, name) for name in cancelling.FACTS)
        for row in session.scalars(select(Cancellation))
    }
    for key in kept.keys() | books.cancelled.keys():
        if kept.get(key) != books.cancelled.get(key):
            report.note(
                "cancellation",
                None,
                f"fund {key[0]}, entry {key[1]}: kept {kept.get(key)}, computed {books.cancelled.get(key)}",
            )


def _check_transfers(session: Session, report: Report, books: _Recomputed) -> None:
    rows = session.scalars(select(Transfer)).all()
    kept = {row.entry_id: (row.from_fund_id, row.to_fund_id, row.amount_fen) for row in rows}
    for key in kept.keys() | books.moves.keys():
        if kept.get(key) != books.moves.get(key):
            report.note(
                "transfer", None, f"entry {key}: kept {kept.get(key)}, computed {books.moves.get(key)}"
            )
    owners = transfers.organisations_of(session, {fund for ends in kept.values() for fund in ends[:2]})
    for row in rows:
        if (row.from_organisation_id, row.to_organisation_id) != (
            owners[row.from_fund_id],
            owners[row.to_fund_id],
        ):
            report.note("transfer", None, f"entry {row.entry_id}: not the organisations of its funds")


def _check_receipts(session: Session, report: Report, books: _Recomputed) -> None:
    kept = {(row.series, row.year): row.last for row in session.scalars(select(ReceiptCounter))}
    for key in kept.keys() | books.receipts.keys():
        numbers = sorted(books.receipts.get(key, []))
        if numbers != list(range(1, kept.get(key, 0) + 1)):
            report.note("receipts", None, f"series {key[0]} of {key[1]} has a gap or a double number")
