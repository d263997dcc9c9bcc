"""The books as a beancount ledger: every entry with its lines, and what every fund must hold at the end.

Beancount forgives twice the last decimal in a balance; each assertion here says that not a fen is forgiven.
"""

from collections.abc import Iterator

from portal.ledger.models import Direction
from portal.money import format_plain
from portal.opendata.chart import Books, books_of, fund_root, name_of, one_line, opening_account
from portal.opendata.export import CURRENCY, LICENCE_URL, Export
from portal.opendata.rows import Booked, booked_entries


def beancount_ledger(export: Export) -> Iterator[str]:
    """The ledger of a slice, piece by piece."""
    books = books_of(export)
    yield _head(export)
    yield from _opened(books)
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
        f'option "title" "{one_line(publisher.title)}"\n'
        f'option "operating_currency" "{CURRENCY}"\n\n'
        f"{one.begins.isoformat()} commodity {CURRENCY}\n\n"
    )


def _opened(books: Books) -> Iterator[str]:
    day = books.begins.isoformat()
    for fund in sorted({fund for fund, _code in books.used}):
        yield f"{day} open {fund_root(fund)} {CURRENCY}\n"
        yield f'  name: "{one_line(books.funds.get(fund))}"\n'
        yield f"{day} open {opening_account(fund)} {CURRENCY}\n"
    for account in books.used:
        yield f"{day} open {name_of(account)} {CURRENCY}\n"
    yield "\n"


def _opening(books: Books) -> Iterator[str]:
    for fund in sorted({fund for fund, _code in books.opening}):
        held = {account: fen for account, fen in sorted(books.opening.items()) if account[0] == fund}
        yield f'{books.begins.isoformat()} * "期初 {fund}"\n'
        yield "".join(_line(name_of(account), fen) for account, fen in held.items())
        yield _line(opening_account(fund), -sum(held.values())) + "\n"


def _transaction(booked: Booked) -> str:
    entry, lines = booked
    payee = entry.donor if entry.direction is Direction.IN else entry.recipient
    facts = {
        "entry_no": f'"{entry.entry_no}"',
        "index": entry.index,
        "kind": f'"{entry.kind.value}"',
        "form": f'"{entry.form.value}"',
        "receipt_no": f'"{entry.receipt_no}"' if entry.receipt_no else None,
        "reverses": f'"{entry.reverses}"' if entry.reverses else None,
    }
    return "".join(
        (
            f'{entry.occurred_on.isoformat()} * "{one_line(payee)}" "{one_line(entry.purpose)}"\n',
            *(f"  {name}: {value}\n" for name, value in facts.items() if value is not None),
            *(_line(name_of((line.fund_code, line.account_code)), line.amount_fen) for line in lines),
            "\n",
        )
    )


def _closing(books: Books) -> Iterator[str]:
    """A balance holds at the beginning of its day, so the assertions stand on the day after the last."""
    day = books.ends.isoformat()
    for account, fen in sorted(books.closing.items()):
        if account[1].startswith(("1", "2")):
            yield f"{day} balance {name_of(account)}  {format_plain(fen)} ~ 0.00 {CURRENCY}\n"
    for fund, fen in sorted(books.of_funds.items()):
        yield f"{day} balance {fund_root(fund)}  {format_plain(fen)} ~ 0.00 {CURRENCY}\n"


def _line(account: str, fen: int) -> str:
    return f"  {account}  {format_plain(fen)} {CURRENCY}\n"
