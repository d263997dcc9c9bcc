"""``portal payouts``: what the site does by itself once an hour, for a server that is not running."""

import click

from portal.spending.expiring import expire_overdue


@click.group("payouts", help="Requests for payouts.")
def payouts_group() -> None:
    """Requests for payouts."""


@payouts_group.command("expire")
def expire_command() -> None:
    """Let requests lapse that have waited longer than their organisation allows, and free their money."""
    click.echo(f"{expire_overdue()} expired")
