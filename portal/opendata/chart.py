"""The chart of accounts as plain-text accounting names it: ``Assets:HZ0001:1002银行存款`` is a fund's money.

A part of a name starts with a Latin capital or a digit and holds letters, digits and hyphens, as beancount asks.
"""

import re
from dataclasses import dataclass
from datetime import date

from portal.ledger import accounts
from portal.opendata.export import Export
from portal.opendata.rows import Account, fund_names

_ROOTS = {"1": "Assets", "2": "Liabilities", "3": "Equity", "4": "Income", "5": "Expenses"}
_NOT_ALLOWED = re.compile(r"[^\w-]|_")
_OPENING = "0000期初"
HELD = ("1", "2", "3")
"""First digits of what is carried into the next year: means, debts and net assets. Income and costs begin anew."""


@dataclass(frozen=True)
class Books:
    """What a journal begins and ends with, in fen by fund and account."""

    opening: dict[Account, int]
    closing: dict[Account, int]
    funds: dict[str, str]
    begins: date
    ends: date

    @property
    def used(self) -> list[Account]:
        """Every account that the journal names."""
        return sorted(self.opening.keys() | self.closing.keys())

    @property
    def of_funds(self) -> dict[str, int]:
        """What each fund holds in all at the end: money, goods, rights, and what it only passes on."""
        held: dict[str, int] = {}
        for (fund, account), fen in self.closing.items():
            if accounts.is_asset(account):
                held[fund] = held.get(fund, 0) + fen
        return held


def books_of(export: Export) -> Books:
    """Read what a journal of the slice begins and ends with."""
    before = export.opening()
    opening = {account: fen for account, fen in before.items() if account[1].startswith(HELD) and fen}
    closing = dict(opening)
    for account, fen in export.moves().items():
        closing[account] = closing.get(account, 0) + fen
    return Books(opening, closing, fund_names(export.session), export.slice.begins, export.slice.ends)


def name_of(account: Account) -> str:
    """An account in plain-text accounting."""
    fund, code = account
    words = accounts.NAMES.get(code, "").split("（")[0].replace("—", "-")
    return f"{_ROOTS[code[0]]}:{_part(fund)}:{code}{_NOT_ALLOWED.sub('', words)}"


def fund_root(fund: str) -> str:
    """The account that all means of a fund lie under."""
    return f"Assets:{_part(fund)}"


def opening_account(fund: str) -> str:
    """Where what a fund held before the first day comes from."""
    return f"Equity:{_part(fund)}:{_OPENING}"


def one_line(text: str | None) -> str:
    """Words for a journal: in one line, without the marks that mean something there."""
    plain = " ".join((text or "").split())
    return plain.replace(";", "；").replace("|", "｜").replace('"', "”").replace("\\", "＼")


def _part(code: str) -> str:
    return code if code[0] != "-" else f"X{code}"
