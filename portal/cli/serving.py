"""``portal serve``: the production WSGI server, chosen because slow clients cannot stop it (docs/adr/0007)."""

import click
from flask import Flask

from portal.cli.kept_connections import listen
from portal.config import Settings
from portal.watch import keeper
from portal.watch.start_up import Unsound, require_sound

LARGEST_BODY = 512 * 1024 * 1024
"""Bytes of a file that staff send that are still read (into a file): what is too large for the app gets the app's own
answer, and only what is beyond all measure a broken connection. Of all others nothing long is read."""


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=8, show_default=True, type=click.IntRange(1, 64), help="Worker threads.")
@click.pass_obj
def serve(app: Flask, host: str, port: int, workers: int) -> None:
    """Serve the site until stopped."""
    settings: Settings = app.config["PORTAL_SETTINGS"]
    try:
        server = listen(
            app,
            host=host,
            port=port,
            threads=workers,
            connection_limit=2000,
            channel_timeout=60,
            max_request_body_size=LARGEST_BODY,
            # What a proxy says of the client is believed only where the settings name a proxy; the app reads it then.
            clear_untrusted_proxy_headers=settings.trusted_proxies == 0,
            ident=None,
        )
    except OSError as problem:
        raise click.ClickException(f"cannot listen on {host}:{port}: {problem.strerror}") from problem
    try:
        require_sound(settings)
    except Unsound as problem:
        raise click.ClickException(str(problem)) from problem
    keeper.start(app)
    click.echo(f"serving on http://{host}:{port}")
    server.run()
