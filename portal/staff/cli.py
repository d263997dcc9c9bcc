"""``portal staff``: the first administrator, and every account a script needs."""

import json
import sys

import click

from portal.db import db
from portal.staff import accounts, passwords, places
from portal.staff.models import Role


@click.group("staff", help="Accounts of staff.")
def staff_group() -> None:
    """Accounts of staff."""


@staff_group.command("add")
@click.argument("name")
@click.option(
    "--role", required=True, type=click.Choice([role.value for role in Role]), help="What the person does."
)
@click.option("--station", help="Code of the station of a station clerk.")
@click.option("--organisation", help="Credit code of the organisation; without it the whole district.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def add(name: str, role: str, station: str | None, organisation: str | None, as_json: bool) -> None:
    """Make an account; the password is read from standard input, or made and printed once."""
    session = db.session()
    organisation_id = station_id = None
    if organisation:
        organisation_id = places.organisation_id_of(session, organisation)
        if organisation_id is None:
            raise click.ClickException(f"no organisation with the credit code {organisation}")
    if station:
        found = places.station_ids_of(session, station)
        if found is None:
            raise click.ClickException(f"no station with the code {station}")
        station_id, operator_id = found
        if organisation_id not in (None, operator_id):
            raise click.ClickException(f"station {station} is not run by {organisation}")
        organisation_id = operator_id
    typed = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    password = typed or passwords.generate()
    accounts.add(accounts.AccountDetails(name, name, Role(role), organisation_id, station_id), password, None)
    if as_json:
        click.echo(json.dumps({"username": name, "role": role, "password": None if typed else password}))
        return
    click.echo(f"account {name} ({role}) made")
    if not typed:
        click.echo(f"password, shown this once: {password}")
