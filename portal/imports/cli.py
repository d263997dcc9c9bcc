"""``portal import``."""

import click


@click.group("import", help="Bring lists in.")
def import_group() -> None:
    """Bring lists in."""


@click.command("approve")
def approve_command() -> None:
    """Approve a batch."""
