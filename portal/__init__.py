"""The Haizhu charity transparency portal: ``create_app`` builds the site."""

from importlib import import_module

from flask import Flask

from portal.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the site from settings (by default from the environment).

    Raises:
        pydantic.ValidationError: a setting is wrong, or a production start with a default secret.
    """
    # Every import of ours passes through this file. The whole site takes 50 MB, and a process that makes a report has
    # no use for it, so it is loaded by whoever asks for it.
    site: Flask = import_module("portal.application").create_app(settings)
    return site
