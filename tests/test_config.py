"""Settings: read from the environment, and no default secret in production."""

import pytest
from pydantic import ValidationError

from portal.config import DEFAULT_SECRET, Settings


def test_production_refuses_the_default_secret_and_a_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_ENVIRONMENT", "production")
    for secret in (None, DEFAULT_SECRET, "short"):
        if secret is not None:
            monkeypatch.setenv("PORTAL_SECRET_KEY", secret)
        with pytest.raises(ValidationError):
            Settings()
    monkeypatch.setenv("PORTAL_SECRET_KEY", "k" * 43)
    assert Settings().production


def test_a_secret_is_not_printed() -> None:
    assert "hush" not in repr(Settings(secret_key="hush-hush"))  # type: ignore[arg-type]


def test_an_unknown_environment_is_refused() -> None:
    with pytest.raises(ValidationError):
        Settings(environment="staging")
