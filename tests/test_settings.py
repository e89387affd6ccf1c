"""Secrets don't outlive their reading, and what is written is for its own user alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from verify_svc.bootstrap import prepare
from verify_svc.inference.pool import ChildPool
from verify_svc.settings import Settings, forget_secrets


@pytest.fixture
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def of_the_service() -> list[str]:
    return sorted(name for name in os.environ if name.upper().startswith("VERIFY_"))


def test_a_child_inherits_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in of_the_service():
        monkeypatch.delenv(name)
    monkeypatch.setenv("VERIFY_WEBHOOK_SECRETS", '["whsec_AAAA"]')
    monkeypatch.setenv("VERIFY_DATABASE_URL", "postgresql://verify:secret@db/verify")
    monkeypatch.setenv("VERIFY_S3_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("VERIFY_PROVIDER_NAME", "示例云")
    settings = Settings()
    forget_secrets()
    assert settings.webhook_secrets[0].get_secret_value() == "whsec_AAAA"
    with closing(ChildPool(1)) as pool:
        assert pool.call(60, of_the_service) == []


@pytest.mark.usefixtures("usual_umask")
def test_nobody_else_may_read_the_database_even_in_a_folder_open_to_all(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    prepare(Settings(data_dir=tmp_path))
    assert {path.name for path in tmp_path.iterdir()} >= {"verify.db", "keys.json", "server.key"}
    for path in tmp_path.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
