"""``portal ledger verify``: recompute the books and say what is off."""

import json
import sys

import click

from portal.db import db
from portal.ledger.verification import verify


@click.group("ledger", help="The books.")
def ledger_group() -> None:
    """The books."""


@ledger_group.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify_command(as_json: bool) -> None:
    """Recompute every entry, balance, daily total and receipt series; exit 1 when anything is off."""
    report = verify(db.session())
    if as_json:
        click.echo(
            json.dumps(
                {
                    "ok": report.ok,
                    "entries": report.entries,
                    "differences": [
                        {"kind": one.kind, "entry_no": one.entry_no, "message": one.message}
                        for one in report.differences
                    ],
                },
                ensure_ascii=False,
            )
        )
    else:
        for one in report.differences:
            click.echo(f"{one.kind}: {one.entry_no or '-'}: {one.message}", err=True)
        if report.ok:
            click.echo(f"{report.entries} entries verified; everything agrees")
    if not report.ok:
        sys.exit(1)
