"""Load the bundled facts of the district: its name, its streets, its communities.

A folder holds ``district.json`` (code, name, city, and if they are known complaint_office and complaint_phone),
``streets.csv`` (code, name, tile_column, tile_row) and ``communities.csv`` (code, name, street_code). Another district
is served by another folder.
"""

import csv
import json
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.registry.models import Community, District, Street


class DistrictDataError(ValueError):
    """A file of the district's folder that cannot be used; the message names file and line."""


def load_district(session: Session, directory: Path) -> None:
    """Bring district, streets and communities in line with the folder; safe to repeat.

    Call inside ``writing()``. What the folder no longer names stays: entries may point at it.

    Raises:
        DistrictDataError: when a file is missing, lacks a column, or a community names an unknown street.
    """
    _load_name(session, directory / "district.json")
    streets = _load_streets(session, directory / "streets.csv")
    _load_communities(session, directory / "communities.csv", streets)


def read_rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of one of the folder's CSV files (UTF-8), each with all the columns asked for.

    Raises:
        DistrictDataError: when the file or a column is missing, or a cell is empty.
    """
    if not path.is_file():
        raise DistrictDataError(f"{path.name}: no such file in {path.parent}")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for line_no, row in enumerate(rows, start=2):
        for column in columns:
            if not (row.get(column) or "").strip():
                raise DistrictDataError(f"{path.name}, line {line_no}: {column} is empty")
    return [{column: row[column].strip() for column in columns} for row in rows]


def current_district(session: Session) -> District | None:
    """The district whose accounts these are, or None before the first ``portal init``."""
    return session.get(District, 1)


def _load_name(session: Session, path: Path) -> None:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        code, name, city = facts["code"], facts["name"], facts["city"]
        office, phone = facts.get("complaint_office", ""), facts.get("complaint_phone", "")
    except (OSError, ValueError, KeyError) as problem:
        raise DistrictDataError(f"{path.name}: {problem}") from problem
    district = session.get(District, 1)
    if district is None:
        district = District(id=1)
        session.add(district)
    district.code, district.name, district.city = code, name, city
    district.complaint_office, district.complaint_phone = office, phone
    session.flush()


def _load_streets(session: Session, path: Path) -> dict[str, Street]:
    known = {street.code: street for street in session.scalars(select(Street))}
    for row in read_rows(path, ("code", "name", "tile_column", "tile_row")):
        street = known.get(row["code"])
        if street is None:
            street = known[row["code"]] = Street(code=row["code"])
            session.add(street)
        street.name = row["name"]
        street.tile_column, street.tile_row = int(row["tile_column"]), int(row["tile_row"])
    session.flush()
    return known


def _load_communities(session: Session, path: Path, streets: dict[str, Street]) -> None:
    known = {community.code: community for community in session.scalars(select(Community))}
    for line_no, row in enumerate(read_rows(path, ("code", "name", "street_code")), start=2):
        street = streets.get(row["street_code"])
        if street is None:
            raise DistrictDataError(f"{path.name}, line {line_no}: no street {row['street_code']}")
        community = known.get(row["code"])
        if community is None:
            community = known[row["code"]] = Community(code=row["code"])
            session.add(community)
        community.name, community.street_id = row["name"], street.id
    session.flush()
