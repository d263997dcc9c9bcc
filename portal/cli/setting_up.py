"""``portal init``: migrate, load the district, fill the search, make a demonstration year when asked."""

import click
from flask import current_app
from flask_migrate import upgrade

from portal.config import PROJECT, Settings
from portal.db import db, writing
from portal.demo.year import make_demonstration
from portal.indicators.bundled import load_indicators
from portal.ratios.bundled import load_rules
from portal.registry.geography import load_district
from portal.search.rebuilding import fill, fill_if_outdated
from portal.translog.beginning import begin


@click.command("init")
@click.option(
    "--demo/--no-demo", default=False, help="Fill an empty database with a marked demonstration year."
)
def init(demo: bool) -> None:
    """Migrate the database and load the bundled district data; safe to repeat."""
    settings: Settings = current_app.config["PORTAL_SETTINGS"]
    click.echo("migrating the database …")
    try:
        upgrade(directory=str(PROJECT / "migrations"))
    except RuntimeError as problem:
        # A migration that cannot keep what is there says so, and changes nothing.
        raise click.ClickException(str(problem)) from problem
    click.echo("loading the district's facts …")
    with writing() as session:
        load_district(session, settings.district_dir)
        load_indicators(session, settings.district_dir)
        load_rules(session)
    for line in begin(settings):
        click.echo(line)
    found = fill_if_outdated()
    if found is not None:
        click.echo(f"search index filled: {found} entries with words of their own")
    if demo:
        made = make_demonstration(settings, tell=click.echo)
        for line in made:
            click.echo(line)
    db.session.remove()
    click.echo("ready")


@click.group("search", help="The search index.")
def search_group() -> None:
    """The search index."""


@search_group.command("rebuild")
def rebuild_command() -> None:
    """Describe everything anew, from the books; the portal may go on meanwhile."""
    click.echo(f"search index filled: {fill()} entries with words of their own")
