"""``portal serve``: the production WSGI server, chosen because slow clients cannot stop it (docs/adr)."""

import click
import waitress
from flask import Flask


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=8, show_default=True, type=click.IntRange(1, 64), help="Worker threads.")
@click.pass_obj
def serve(app: Flask, host: str, port: int, workers: int) -> None:
    """Serve the site."""
    click.echo(f"serving on http://{host}:{port}")
    waitress.serve(
        app,
        host=host,
        port=port,
        threads=workers,
        connection_limit=2000,
        channel_timeout=60,
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + 1024 * 1024,
        ident=None,
    )
