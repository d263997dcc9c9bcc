"""``portal``: the command line. Every command exits 0 on success, 1 on a refusal, 2 on wrong usage."""

import click
from flask import Flask
from pydantic import ValidationError

from portal import create_app
from portal.backup.cli import backup_command, reapply_command, restore_command
from portal.cli.serving import serve
from portal.cli.setting_up import init, search_group
from portal.imports.cli import approve_command, import_group
from portal.opendata.cli import export_command
from portal.refusals import Invalid, Refusal
from portal.reports.cli import report_group
from portal.spending.cli import payouts_group
from portal.staff.cli import staff_group
from portal.translog import publishing
from portal.translog.beginning import signer_of
from portal.translog.signing import SignerRefusal
from portal.watch.cli import ledger_group, log_group, signer_command
from portal.watch.witness_cli import witness_command

POSTING = ("init", "approve")
"""Commands that may add to the log: what they added is signed before they end."""


class Portal(click.Group):
    """Runs each command inside the app and turns refusals into one sentence on standard error."""

    def invoke(self, context: click.Context) -> object:
        """Run a command."""
        try:
            app: Flask = create_app()
        except ValidationError as problem:
            raise click.ClickException(
                "; ".join(str(error["msg"]) for error in problem.errors())
            ) from problem
        context.obj = app
        with app.app_context():
            try:
                result = super().invoke(context)
                if context.invoked_subcommand in POSTING:
                    _publish(app)
                return result
            except Invalid as refusal:
                lines = [f"{field}: {message}" for field, message in refusal.errors.items()]
                raise click.ClickException("\n".join(lines)) from refusal
            except Refusal as refusal:
                raise click.ClickException(str(refusal)) from refusal


def _publish(app: Flask) -> None:
    try:
        publishing.publish(signer_of(app.config["PORTAL_SETTINGS"]))
    except SignerRefusal as problem:
        click.echo(f"not yet signed: {problem}", err=True)


@click.group(cls=Portal, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The charity transparency portal of a district."""


log_group.add_command(reapply_command)
for _command in (
    init,
    serve,
    staff_group,
    import_group,
    approve_command,
    payouts_group,
    ledger_group,
    log_group,
    search_group,
    report_group,
    export_command,
    signer_command,
    witness_command,
    backup_command(create_app),
    restore_command(create_app),
):
    main.add_command(_command)
