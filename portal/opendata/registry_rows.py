"""Organisations, funds, stations, projects, campaigns, streets and accounts as rows of the data package."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.disclosure.directory import SHELVES
from portal.disclosure.documents import Document, facts_of
from portal.ledger import accounts
from portal.opendata.columns import ACCOUNTS, REGISTRY, STREETS, Table
from portal.registry.models import PUBLIC, Organisation, Street


def registry_rows(session: Session) -> Iterator[tuple[Table, Iterator[Document]]]:
    """Every table that entries refer to, with its rows."""
    yield ACCOUNTS, ({"code": code, "name": name} for code, name in sorted(accounts.NAMES.items()))
    yield STREETS, _streets(session)
    for table in REGISTRY:
        yield table, _things(session, table.name)


def _streets(session: Session) -> Iterator[Document]:
    for code, name in session.execute(select(Street.code, Street.name).order_by(Street.code)):
        yield {"code": code, "name": name}


def _things(session: Session, word: str) -> Iterator[Document]:
    shelf = SHELVES[word]
    query = select(shelf.model).where(shelf.model.status.in_(PUBLIC)).order_by(shelf.code)
    if shelf.model is not Organisation:
        query = query.options(joinedload(shelf.model.organisation))
    if hasattr(shelf.model, "street_id"):
        query = query.options(joinedload(shelf.model.street))
    for thing in session.scalars(query):
        yield {
            shelf.code_name: shelf.code_of(thing),
            "name": thing.name,
            "status": thing.status.value,
            **facts_of(thing),
        }
