"""The vault: what is sealed opens only with its key, its bytes and its place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_svc.store.vault import (
    KeyFileError,
    Keyring,
    SealedApart,
    TamperedError,
    UnknownKeyError,
    Vault,
    VaultError,
    add_key,
    drop_key,
    key_id_of,
    make_key_file,
    read_key_file,
)

_OLD = bytes(32)
_NEW = bytes([7]) * 32


@pytest.fixture
def vault() -> Vault:
    return Vault(Keyring("old", {"old": _OLD}))


@given(plain=st.binary(max_size=500), context=st.text(max_size=30))
def test_what_was_sealed_opens(plain: bytes, context: str) -> None:
    vault = Vault(Keyring("old", {"old": _OLD}))
    assert vault.open(vault.seal(plain, context), context) == plain


@given(place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_any_changed_bit_is_noticed(place: int, bit: int) -> None:
    vault = Vault(Keyring("old", {"old": _OLD}))
    sealed = bytearray(vault.seal("张三".encode(), "names:1"))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises(VaultError):
        vault.open(bytes(sealed), "names:1")


def test_a_seal_moved_to_another_row_does_not_open(vault: Vault) -> None:
    sealed = vault.seal(b"1", "sessions.state:vs_1")
    with pytest.raises(TamperedError):
        vault.open(sealed, "sessions.state:vs_2")


@pytest.mark.parametrize("rubbish", [b"", b"\x01", b"\x01\x05", b"\x02\x03abc", b"plain text that is long enough" * 5])
def test_rubbish_is_refused(vault: Vault, rubbish: bytes) -> None:
    with pytest.raises(TamperedError):
        vault.open(rubbish, "x")


def test_each_object_has_a_key_of_its_own(vault: Vault) -> None:
    one, other = vault.seal_apart(b"same", "x"), vault.seal_apart(b"same", "x")
    with pytest.raises(TamperedError):
        vault.open_apart(SealedApart(one.wrapped_key, other.ciphertext), "x")


def test_the_plain_bytes_are_not_in_the_seal(vault: Vault) -> None:
    assert b"13800138000" not in vault.seal(b"13800138000", "x")


def test_a_new_key_takes_over_by_rewrapping_the_wrapped_key_alone(vault: Vault) -> None:
    sealed = vault.seal(b"content", "x")
    both = Vault(Keyring("new", {"old": _OLD, "new": _NEW}))
    assert both.open(sealed, "x") == b"content"
    rewrapped = both.rewrap(sealed, "x")
    assert (key_id_of(sealed), key_id_of(rewrapped)) == ("old", "new")
    assert rewrapped.endswith(sealed[-len(b"content") - 28 :])
    assert Vault(Keyring("new", {"new": _NEW})).open(rewrapped, "x") == b"content"


def test_rewrapping_what_is_current_changes_nothing(vault: Vault) -> None:
    sealed = vault.seal(b"content", "x")
    assert vault.rewrap(sealed, "x") is sealed


def test_an_unknown_key_is_named(vault: Vault) -> None:
    sealed = vault.seal(b"content", "x")
    with pytest.raises(UnknownKeyError, match="old"):
        Vault(Keyring("new", {"new": _NEW})).open(sealed, "x")


def test_keys_hide_themselves() -> None:
    assert "keys" not in repr(Keyring("old", {"old": b"k" * 32}))


def test_a_key_file_is_made_for_its_owner_alone_and_grows_by_rotation(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "keys.json"
    make_key_file(path, "2026-11")
    first = read_key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    second = add_key(path, "2027-05")
    assert second.current == "2027-05"
    assert second.keys["2026-11"] == first.keys["2026-11"]
    assert read_key_file(path) == second
    assert set(drop_key(path, "2026-11").keys) == {"2027-05"}


def test_the_current_key_cannot_be_dropped(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    make_key_file(path, "one")
    with pytest.raises(KeyFileError):
        drop_key(path, "one")
    assert read_key_file(path).current == "one"


def test_a_key_that_is_not_there_cannot_be_dropped(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    make_key_file(path, "one")
    with pytest.raises(KeyFileError, match="two"):
        drop_key(path, "two")


def test_a_key_id_is_never_used_twice(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    make_key_file(path, "one")
    with pytest.raises(KeyFileError):
        add_key(path, "one")


def test_a_key_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    make_key_file(path, "one")
    before = read_key_file(path)
    make_key_file(path, "two")
    assert read_key_file(path) == before
    assert [file.name for file in tmp_path.iterdir()] == ["keys.json"]


def test_of_many_that_start_at_once_one_makes_the_key_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"

    def start(number: int) -> Keyring:
        make_key_file(path, f"key-{number}")
        return read_key_file(path)

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(start, range(8)))
    assert all(keyring == seen[0] for keyring in seen)


def test_a_key_that_another_process_began_to_use_is_read_anew(vault: Vault) -> None:
    both = Keyring("new", {"old": _OLD, "new": _NEW})
    running = Vault(Keyring("old", {"old": _OLD}), reread=lambda: both)
    assert running.open(Vault(both).seal(b"content", "x"), "x") == b"content"
    assert running.current_key_id == "old"


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    make_key_file(path, "one")
    path.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        read_key_file(path)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"current": "a", "keys": {}}', '{"current": "a", "keys": {"a": "short"}}', '{"keys": 3}'],
)
def test_a_malformed_key_file_is_refused_without_showing_it(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.touch(0o600)
    path.write_text(content)
    with pytest.raises(KeyFileError):
        read_key_file(path)


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match=r"keys\.json"):
        read_key_file(tmp_path / "keys.json")
