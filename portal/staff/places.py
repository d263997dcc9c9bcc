"""Organisations and stations as options for accounts: read by table, as the registry stands above this package."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Base


def organisation_options(session: Session) -> list[tuple[str, str]]:
    """Credit code and name of every organisation."""
    table = Base.metadata.tables["organisation"]
    return [
        (row.uscc, row.name)
        for row in session.execute(select(table.c.uscc, table.c.name).order_by(table.c.id))
    ]


def station_options(session: Session) -> list[tuple[str, str]]:
    """Code and name of every station."""
    table = Base.metadata.tables["station"]
    return [
        (row.code, f"{row.code} {row.name}")
        for row in session.execute(select(table.c.code, table.c.name).order_by(table.c.code))
    ]


def organisation_id_of(session: Session, uscc: str) -> int | None:
    """The organisation with a credit code."""
    table = Base.metadata.tables["organisation"]
    return session.scalar(select(table.c.id).where(table.c.uscc == uscc.strip().upper()))


def station_ids_of(session: Session, code: str) -> tuple[int, int] | None:
    """The station with a code, and the organisation that runs it."""
    table = Base.metadata.tables["station"]
    row = session.execute(
        select(table.c.id, table.c.organisation_id).where(table.c.code == code.strip().upper())
    ).one_or_none()
    return (row.id, row.organisation_id) if row else None
