"""The WSGI entry point for any server: ``wsgi:app``."""

from portal import create_app

app = create_app()
