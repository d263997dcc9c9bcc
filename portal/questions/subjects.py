"""What a question may be about: anything of the accounts that has a public page of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.disclosure import bills, profiles
from portal.disclosure.directory import SHELVES
from portal.i18n import gettext as _
from portal.ledger.models import Entry
from portal.questions.models import AboutKind
from portal.refusals import NotFound

LONGEST_NUMBER = 60


@dataclass(frozen=True)
class About:
    """One thing of the accounts: its public number and name, and whose it is."""

    kind: AboutKind
    number: str
    name: str
    organisation_id: int


@dataclass(frozen=True)
class Place:
    """The public page of a thing, for an address to be made of."""

    endpoint: str
    arguments: dict[str, str]


def find_about(session: Session, kind: str, number: str) -> About:
    """The public thing with a number.

    Raises:
        NotFound: there is no such kind, or no such thing that the public sees.
    """
    if kind not in set(AboutKind) or len(number) > LONGEST_NUMBER or "\x00" in number:
        raise NotFound(_("没有找到您想问的内容。"))
    return _FINDERS[AboutKind(kind)](session, number.strip())


def place_of(kind: AboutKind, number: str) -> Place:
    """The public page of a thing."""
    argument = {
        AboutKind.ENTRY: "entry_no",
        AboutKind.BILL: "bill_no",
        AboutKind.ORGANISATION: "uscc",
    }.get(kind, "code")
    return Place(f"disclosure.{kind.value}", {argument: number})


def _entry(session: Session, number: str) -> About:
    row = session.execute(
        select(Entry.entry_no, Entry.organisation_id).where(Entry.entry_no == number.upper())
    ).one_or_none()
    if row is None:
        raise NotFound(_("账本里没有编号 %(no)s。", no=number[:40]))
    return About(AboutKind.ENTRY, row.entry_no, row.entry_no, row.organisation_id)


def _bill(session: Session, number: str) -> About:
    figures = bills.bill_figures(session, number, row_limit=0)
    return About(
        AboutKind.BILL,
        figures.bill_no,
        _("%(name)s 的账单 %(no)s", name=figures.scope.name, no=figures.bill_no),
        figures.scope.organisation.id,
    )


def _thing(kind: AboutKind) -> Callable[[Session, str], About]:
    shelf = SHELVES[f"{kind.value}s"]

    def find(session: Session, number: str) -> About:
        thing = profiles.find(session, shelf, number)
        owner = thing.id if kind is AboutKind.ORGANISATION else thing.organisation_id
        return About(kind, shelf.code_of(thing), thing.name, owner)

    return find


_THINGS = (
    AboutKind.ORGANISATION,
    AboutKind.FUND,
    AboutKind.STATION,
    AboutKind.PROJECT,
    AboutKind.CAMPAIGN,
)
_FINDERS: dict[AboutKind, Callable[[Session, str], About]] = {
    AboutKind.ENTRY: _entry,
    AboutKind.BILL: _bill,
    **{kind: _thing(kind) for kind in _THINGS},
}
