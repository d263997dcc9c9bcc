"""The books as an hledger journal: every entry with its lines, and what every fund must hold at the end.

``hledger check --strict`` then proves the export against the portal's own sums.
"""

from collections.abc import Iterator
from datetime import timedelta

from portal.ledger.models import Direction
from portal.money import format_plain
from portal.opendata.chart import Books, books_of, fund_root, name_of, one_line, opening_account
from portal.opendata.export import CURRENCY, LICENCE_URL, Export
from portal.opendata.rows import Booked, booked_entries


def hledger_journal(export: Export) -> Iterator[str]:
    """The journal of a slice, piece by piece."""
    books = books_of(export)
    yield _head(export)
    yield from _declared(books)
    yield from _opening(books)
    for entry in booked_entries(export.session, export.slice):
        yield _transaction(entry)
    yield from _closing(books)


def _head(export: Export) -> str:
    one, publisher = export.slice, export.publisher
    return (
        f"; {publisher.title} {one.name}\n"
        f"; {publisher.address}/open-data  {LICENCE_URL}\n"
        f"; tree_size {one.tree_size} root {export.root} version {one.version}\n\n"
        "decimal-mark .\n"
        f"commodity 1000.00 {CURRENCY}\n\n"
    )


def _declared(books: Books) -> Iterator[str]:
    for fund in sorted({fund for fund, _code in books.used}):
        words = one_line(books.funds.get(fund))
        yield f"account {fund_root(fund)}  ; {words}\naccount {opening_account(fund)}  ; {words}\n"
    for account in books.used:
        yield f"account {name_of(account)}\n"
    yield "\n"


def _opening(books: Books) -> Iterator[str]:
    for fund in sorted({fund for fund, _code in books.opening}):
        held = {account: fen for account, fen in sorted(books.opening.items()) if account[0] == fund}
        yield f"{books.begins.isoformat()} * 期初 {fund}\n"
        yield "".join(_line(name_of(account), fen) for account, fen in held.items())
        yield _line(opening_account(fund), -sum(held.values())) + "\n"


def _transaction(booked: Booked) -> str:
    entry, lines = booked
    words = [entry.donor] if entry.direction is Direction.IN else [entry.purpose, entry.recipient]
    described = " → ".join(one_line(word) for word in words if word) or entry.kind.value
    tags = {
        "entry_no": entry.entry_no,
        "index": entry.index,
        "kind": entry.kind.value,
        "form": entry.form.value,
        "receipt_no": entry.receipt_no,
        "reverses": entry.reverses,
    }
    shown = ", ".join(f"{name}:{value}" for name, value in tags.items() if value is not None)
    return "".join(
        (
            f"{entry.occurred_on.isoformat()} * ({entry.entry_no}) {described}\n",
            f"    ; {shown}\n",
            *(_line(name_of((line.fund_code, line.account_code)), line.amount_fen) for line in lines),
            "\n",
        )
    )


def _closing(books: Books) -> Iterator[str]:
    """Assertions of what every fund holds on the last day: each account, and all of a fund's means together."""
    yield f"{(books.ends - timedelta(days=1)).isoformat()} * 期末余额\n"
    for account, fen in sorted(books.closing.items()):
        if account[1].startswith(("1", "2")):
            yield f"    {name_of(account)}  0.00 {CURRENCY} = {format_plain(fen)} {CURRENCY}\n"
    for fund, fen in sorted(books.of_funds.items()):
        yield f"    {fund_root(fund)}  0.00 {CURRENCY} =* {format_plain(fen)} {CURRENCY}\n"


def _line(account: str, fen: int) -> str:
    return f"    {account}  {format_plain(fen)} {CURRENCY}\n"
