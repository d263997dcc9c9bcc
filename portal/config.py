"""Typed settings, read from the environment once at start."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent
"""The checkout: where ``templates/``, ``static/`` and ``migrations/`` lie."""

DEFAULT_SECRET = "development-only-secret-key"  # noqa: S105 - refused in production below


class SettingsError(RuntimeError):
    """The environment holds a setting that the portal refuses to run with."""


class Settings(BaseSettings):
    """What the environment says. Every name is prefixed ``PORTAL_``."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", extra="ignore", frozen=True)

    environment: str = Field(default="development", pattern="^(development|production|test)$")
    database_url: str = f"sqlite:///{PROJECT / 'instance' / 'portal.sqlite3'}"
    secret_key: SecretStr = SecretStr(DEFAULT_SECRET)
    base_url: str = "http://127.0.0.1:8000"
    signing_key_file: Path | None = None
    contact_key_file: Path | None = None
    signer_socket: Path | None = None
    witnesses: str = ""
    minimum_free_megabytes: int = Field(default=200, ge=0)
    storage_dir: Path = PROJECT / "instance" / "storage"
    redis_url: str | None = None
    demo_password: SecretStr | None = None
    district_dir: Path = PROJECT / "portal" / "registry" / "district"
    session_idle_minutes: int = Field(default=30, ge=1, le=24 * 60)
    session_absolute_hours: int = Field(default=10, ge=1, le=72)
    max_upload_megabytes: int = Field(default=20, ge=1, le=1024)
    max_list_megabytes: int = Field(default=200, ge=1, le=500)
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    metrics_token: SecretStr | None = None

    @model_validator(mode="after")
    def _refuse_default_secret(self) -> Self:
        key = self.secret_key.get_secret_value()
        if self.environment == "production" and (key == DEFAULT_SECRET or len(key) < 32):
            raise ValueError("PORTAL_SECRET_KEY must be set to at least 32 random characters in production")
        return self

    @property
    def signing_key(self) -> Path:
        """The file of the log's signing key: as set, else beside the database file it belongs to."""
        return self.signing_key_file or self._beside_database("signing.key")

    @property
    def contact_key(self) -> Path:
        """The file of the key that donors' contact data is encrypted with: as set, else beside the database file."""
        return self.contact_key_file or self._beside_database("contact.key")

    @property
    def site_address(self) -> str:
        """Where the site is found, without a slash at its end, so that a path may follow."""
        return self.base_url.rstrip("/")

    @property
    def database_file(self) -> Path | None:
        """The file of an SQLite database."""
        name = self.database_url.removeprefix("sqlite:///")
        return Path(name) if name != self.database_url and name else None

    def _beside_database(self, name: str) -> Path:
        file = self.database_file
        return file.with_name(f"{file.stem}.{name}") if file else PROJECT / "instance" / name

    @property
    def production(self) -> bool:
        """Whether real people's money is in these books."""
        return self.environment == "production"

    @property
    def secure_cookies(self) -> bool:
        """Whether the site is served over TLS, so that cookies may be bound to it."""
        return self.base_url.startswith("https://")
