"""The WSGI entry point for any server: ``wsgi:app``."""

from portal import create_app
from portal.watch import keeper

app = create_app()
keeper.start(app)
