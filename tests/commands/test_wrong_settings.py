"""What was set wrongly is told in one line that names the variable and not its value."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def _keys(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "verify_svc", "keys", *command],
        env={"VERIFY_DATA_DIR": str(folder / "var"), "PATH": "", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("VERIFY_WEB_WORKERS", "zero", "VERIFY_WEB_WORKERS: Input should be a valid integer"),
        ("VERIFY_PORTAL_ORIGINS", "portal.example", "VERIFY_PORTAL_ORIGINS: no JSON"),
        ("VERIFY_DATABASE_URL", "mysql://u:secret@db/x", "VERIFY_DATABASE_URL: the database is sqlite"),
        ("VERIFY_DATABASE_URL", "nonsense", "VERIFY_DATABASE_URL: no address of a database"),
        ("VERIFY_DATABASE_URL", "postgresql://u:secret@127.0.0.1:1/x", "127.0.0.1:1/x can't be opened"),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, variable: str, value: str, told: str) -> None:
    done = _keys(tmp_path, "list", **{variable: value})
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_keys_and_operators_have_names(tmp_path: Path) -> None:
    for command in (("make", ""), ("operator", ""), ("operator", " li")):
        done = _keys(tmp_path, *command)
        assert (done.returncode, "a name of 1 to" in done.stderr) == (1, True)


def test_a_new_data_folder_is_told(tmp_path: Path) -> None:
    assert f"A new installation begins in {tmp_path / 'var'}" in _keys(tmp_path, "list").stderr
    assert "A new installation" not in _keys(tmp_path, "list").stderr
