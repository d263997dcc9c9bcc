"""The WSGI entry point for any server: ``wsgi:app``."""

from portal import create_app
from portal.watch import keeper
from portal.watch.start_up import require_sound

app = create_app()
with app.app_context():
    require_sound(app.config["PORTAL_SETTINGS"])
keeper.start(app)
