"""One frozen `Settings`: the only reader of the environment. Every variable begins with `VERIFY_`."""

from __future__ import annotations

import os
import re
from collections.abc import MutableMapping
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

_SECRETS = ("database_url", "s3_access_key_id", "s3_secret_access_key", "webhook_secrets")


class Settings(BaseSettings):
    """What an installation sets. The defaults run everything on one machine, for development.

    Lists are JSON (`VERIFY_PORTAL_ORIGINS='["https://portal.example"]'`).
    """

    model_config = SettingsConfigDict(env_prefix="VERIFY_", env_ignore_empty=True, frozen=True, extra="ignore")

    data_dir: Path = Path("var")
    """Where the database, the sealed files and the keys lie unless they are set below."""
    database_url: str | None = Field(default=None, repr=False)
    """`sqlite:///…` or `postgresql+psycopg://…`; by default SQLite in `data_dir`."""
    key_file: Path | None = None
    """The key-encryption keys; by default `data_dir`/keys.json, made at the first start."""
    server_key_file: Path | None = None
    """32 secret bytes from which tokens are derived; by default `data_dir`/server.key, made at the first start."""

    s3_bucket: str | None = None
    s3_region: str = "us-east-1"
    s3_endpoint: str | None = None
    s3_access_key_id: SecretStr | None = None
    s3_secret_access_key: SecretStr | None = None

    public_url: str = "http://127.0.0.1:8080"
    """The address that phones and portals use."""
    bind: str = "127.0.0.1:8080"
    web_workers: int = Field(default=2, ge=1, le=64)
    web_threads: int = Field(default=24, ge=2, le=256)
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    portal_origins: tuple[str, ...] = ()
    """The origins whose pages may embed the hand-off page."""
    tls_certificate: Path | None = None
    tls_key: Path | None = None

    provider_name: str = "示例云"
    provider_hotline: str = "400-000-0000"
    sms: Literal["console"] = "console"
    """`console` sends nothing and shows the codes in the development inbox."""

    webhook_url: str | None = None
    webhook_secrets: tuple[SecretStr, ...] = ()
    """`whsec_…`; two of them while one takes the other's place."""

    rule_pack: str = "base/1"
    consent_version: str = "2026-11-01"
    link_minutes: int = Field(default=10, ge=1, le=60)
    phone_hours: int = Field(default=24, ge=1, le=24 * 30)
    """How long a phone's cookie is good, but never longer than its session; then a fresh code lets the phone in."""
    session_days: int = Field(default=7, ge=1, le=30)
    keep_media_days: int = Field(default=30, ge=1)
    keep_record_days: int = Field(default=180, ge=1)
    review_hours: int = Field(default=48, ge=1)
    claim_minutes: int = Field(default=30, ge=1)
    login_hours: int = Field(default=12, ge=1)
    max_picture_bytes: int = Field(default=20_000_000, ge=100_000)
    max_clip_bytes: int = Field(default=64_000_000, ge=1_000_000)
    max_paper_bytes: int = Field(default=2 << 20, ge=100_000, le=20_000_000)
    """What a portal may send for the filing: the systems behind it take 2 MB a file."""

    decoding_children: int = Field(default=1, ge=1, le=16)
    inference_children: int = Field(default=1, ge=1, le=16)
    decoding_memory_mb: int = Field(default=3072, ge=512)
    """The address space of a decoding child: a bomb ends the child, not the service."""
    log_level: Literal["debug", "info", "warning"] = "info"
    """`info` writes a line for each request."""
    live_hints: bool = True
    """Whether the service looks at small frames while a phone frames its face: a further child of each web process."""

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @property
    def database(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'verify.db').resolve()}"

    @property
    def keys(self) -> Path:
        """The file of key-encryption keys."""
        return self.key_file or self.data_dir / "keys.json"

    @property
    def server_key(self) -> Path:
        """The file of the server's key."""
        return self.server_key_file or self.data_dir / "server.key"

    @property
    def link_lives(self) -> timedelta:
        """How long a hand-off link waits to be opened."""
        return timedelta(minutes=self.link_minutes)


def wrong_settings(error: ValidationError | SettingsError) -> list[str]:
    """What is wrong in the environment, a line for each variable; values aren't told: some are secret."""
    if isinstance(error, ValidationError):
        return [f"VERIFY_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors(include_input=False)]
    named = re.search(r'field "(\w+)"', str(error))
    return [f"VERIFY_{named[1].upper()}: no JSON" if named else "a VERIFY_ variable can't be read"]


def forget_secrets(environment: MutableMapping[str, str] = os.environ) -> None:
    """Take the secrets out of the environment once they are read: the children that decode strangers' bytes get it."""
    secret = {f"VERIFY_{name}".upper() for name in _SECRETS}
    for name in [name for name in environment if name.upper() in secret]:
        del environment[name]
