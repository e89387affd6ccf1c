"""What the portal is told from outside: one frozen object, the only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class SettingMissing(Exception):
    """A setting that the portal can't run without was not given."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the verification service is, how to prove who we are, and where our own data lie."""

    service_url: str
    api_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    data: Path = Path("portal-data")
    public_url: str = ""
    """Address of this portal as people see it; empty: taken from each request."""
    host: str = "127.0.0.1"
    port: int = 8090

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read `PORTAL_…`. Raises `SettingMissing`, which names the variable."""
        given = os.environ if environment is None else environment

        def required(name: str) -> str:
            value = given.get(name, "")
            if not value:
                raise SettingMissing(f"set {name}")
            return value

        return cls(
            service_url=required("PORTAL_SERVICE_URL").rstrip("/"),
            api_key=required("PORTAL_API_KEY"),
            webhook_secret=required("PORTAL_WEBHOOK_SECRET"),
            data=Path(given.get("PORTAL_DATA", "portal-data")),
            public_url=given.get("PORTAL_PUBLIC_URL", "").rstrip("/"),
            host=given.get("PORTAL_HOST", "127.0.0.1"),
            port=int(given.get("PORTAL_PORT", "8090")),
        )
