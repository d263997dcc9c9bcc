"""``portal report``."""

import click


@click.group("report", help="Reports as PDF.")
def report_group() -> None:
    """Reports as PDF."""
