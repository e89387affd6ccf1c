"""Envelope encryption: AES-256-GCM with a fresh key for each object, wrapped by a key-encryption key with an id.

An object is sealed with its own 32-byte data key; the data key is wrapped by the current key-encryption key (KEK). A
new KEK takes over by re-wrapping the data keys alone, and an object whose wrapped key is destroyed can't be opened any
more, whoever holds its bytes. Each seal is bound to its `context` (table, column and row, or the file's id), so that a
ciphertext moved to another row doesn't open there.

Layout of a wrapped key: version (1 byte, 1), length of the KEK's id (1), the id, nonce (12), wrapped key and tag (48).
Layout of a sealed object: nonce (12), ciphertext and tag. `seal` puts the first before the second.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = 1
_KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
LONGEST_WRAPPED_KEY_BYTES = 2 + 32 + _NONCE_BYTES + _KEY_BYTES + _TAG_BYTES
"""With the longest id of a key-encryption key."""

RandomBytes = Callable[[int], bytes]


class VaultError(Exception):
    """A seal could not be opened. Never carries the content."""


class UnknownKeyError(VaultError):
    """The key-encryption key that wrapped this object is not in the key file."""


class TamperedError(VaultError):
    """The bytes, their key or their context is not what was sealed."""


class KeyFileError(VaultError):
    """The key file is missing, unsafe or malformed."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The key-encryption keys by id (32 bytes each), and the id of the one that wraps what is new."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            raise KeyFileError("the current key is not among the keys")
        for key_id, key in self.keys.items():
            if not _KEY_ID.fullmatch(key_id):
                raise KeyFileError("a key's id is 1 to 32 letters, digits, '_' or '-'")
            if len(key) != _KEY_BYTES:
                raise KeyFileError(f"key {key_id} is not {_KEY_BYTES} bytes long")


@dataclass(frozen=True, slots=True)
class SealedApart:
    """An object and its wrapped key, to be kept in two places."""

    wrapped_key: bytes = field(repr=False)
    ciphertext: bytes | bytearray | memoryview = field(repr=False)


class Vault:
    """Seals and opens bytes. `random_bytes(n)` must be fit for keys and nonces (`os.urandom` outside tests).

    `reread` gives the keyring anew when a seal names a key that isn't known: another process has begun to use a key
    that was added since this one started. It goes on sealing with the key that was current at its start.
    """

    def __init__(
        self,
        keyring: Keyring,
        random_bytes: RandomBytes = os.urandom,
        reread: Callable[[], Keyring] | None = None,
    ) -> None:
        self._keyring = keyring
        self._random_bytes = random_bytes
        self._reread = reread
        self._wrappers = {key_id: AESGCM(key) for key_id, key in keyring.keys.items()}

    @property
    def current_key_id(self) -> str:
        """The id of the key that wraps what is new."""
        return self._keyring.current

    def seal(self, plain: bytes, context: str) -> bytes:
        """Seal `plain`; its wrapped key goes before it."""
        apart = self.seal_apart(plain, context)
        return apart.wrapped_key + apart.ciphertext

    def open(self, sealed: bytes, context: str) -> bytes:
        """Open what `seal` made. Raises `VaultError`."""
        split = _wrapped_length(sealed)
        return self.open_apart(SealedApart(sealed[:split], sealed[split:]), context)

    def seal_apart(self, plain: bytes, context: str) -> SealedApart:
        """Seal `plain` and hand its wrapped key out apart, so that it can be destroyed alone."""
        data_key = self._random_bytes(_KEY_BYTES)
        nonce = self._random_bytes(_NONCE_BYTES)
        # In its place at once: a clip of 64 MB is not copied to set the nonce before it.
        ciphertext = bytearray(_NONCE_BYTES + len(plain) + _TAG_BYTES)
        ciphertext[:_NONCE_BYTES] = nonce
        rest = memoryview(ciphertext)[_NONCE_BYTES:]
        AESGCM(data_key).encrypt_into(nonce, plain, _bound("object", context), rest)
        return SealedApart(self._wrap(data_key, context), ciphertext)

    def open_apart(self, sealed: SealedApart, context: str) -> bytes:
        """Open what `seal_apart` made. Raises `VaultError`."""
        data_key = self._unwrap(sealed.wrapped_key, context)
        return _decrypt(AESGCM(data_key), sealed.ciphertext, _bound("object", context))

    def rewrap(self, sealed: bytes, context: str) -> bytes:
        """The same seal (or wrapped key alone) under the current key-encryption key; the content stays untouched."""
        split = _wrapped_length(sealed)
        if key_id_of(sealed) == self._keyring.current:
            return sealed
        return self._wrap(self._unwrap(sealed[:split], context), context) + sealed[split:]

    def _wrap(self, data_key: bytes, context: str) -> bytes:
        key_id = self._keyring.current
        nonce = self._random_bytes(_NONCE_BYTES)
        wrapped = self._wrappers[key_id].encrypt(nonce, data_key, _bound(f"key {key_id}", context))
        return bytes((_VERSION, len(key_id))) + key_id.encode("ascii") + nonce + wrapped

    def _unwrap(self, wrapped_key: bytes, context: str) -> bytes:
        key_id = key_id_of(wrapped_key)
        if key_id not in self._wrappers and self._reread is not None:
            self._wrappers |= {name: AESGCM(key) for name, key in self._reread().keys.items()}
        wrapper = self._wrappers.get(key_id)
        if wrapper is None:
            raise UnknownKeyError(f"key {key_id} is not in the key file")
        return _decrypt(wrapper, wrapped_key[2 + len(key_id) :], _bound(f"key {key_id}", context))


def key_id_of(sealed: bytes) -> str:
    """The id of the key-encryption key that a seal, or a wrapped key, was made with."""
    if len(sealed) < _wrapped_length(sealed):
        raise TamperedError("too short for a seal")
    return sealed[2 : 2 + sealed[1]].decode("ascii", errors="replace")


def read_key_file(path: Path) -> Keyring:
    """Read a key file: `{"current": id, "keys": {id: base64 of 32 bytes}}`, readable by its owner alone."""
    try:
        mode = path.stat().st_mode
        content: Any = json.loads(path.read_text("utf-8"))
        if mode & 0o077:
            raise KeyFileError(f"{path} can be read by others: chmod 600")
        keys = {str(key_id): base64.b64decode(key, validate=True) for key_id, key in content["keys"].items()}
        return Keyring(str(content["current"]), keys)
    except OSError as error:
        raise KeyFileError(f"{path} can't be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeyFileError(f"{path} is not a key file") from None


def make_key_file(path: Path, key_id: str, random_bytes: RandomBytes = os.urandom) -> None:
    """Make a key file with one key unless there is one; of several processes that start at once, one makes it."""
    if not path.exists():
        with suppress(FileExistsError):
            _write_key_file(path, Keyring(key_id, {key_id: random_bytes(_KEY_BYTES)}), anew=True)


def add_key(path: Path, key_id: str, random_bytes: RandomBytes = os.urandom) -> Keyring:
    """Put a new current key into the key file; the earlier keys stay, to open what they wrapped."""
    keys = dict(read_key_file(path).keys)
    if key_id in keys:
        raise KeyFileError(f"key {key_id} is in the file already")
    keyring = Keyring(key_id, keys | {key_id: random_bytes(_KEY_BYTES)})
    _write_key_file(path, keyring)
    return keyring


def drop_key(path: Path, key_id: str) -> Keyring:
    """Take a key that wraps nothing any more out of the key file. The current one can't be dropped."""
    keyring = read_key_file(path)
    if key_id not in keyring.keys:
        raise KeyFileError(f"no key {key_id} in the file")
    left = Keyring(keyring.current, {name: key for name, key in keyring.keys.items() if name != key_id})
    _write_key_file(path, left)
    return left


def _write_key_file(path: Path, keyring: Keyring, *, anew: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    keys = {key_id: base64.b64encode(key).decode("ascii") for key_id, key in keyring.keys.items()}
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump({"current": keyring.current, "keys": keys}, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    try:
        if anew:
            path.hardlink_to(beside)
        else:
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _wrapped_length(sealed: bytes) -> int:
    if len(sealed) < 2 or sealed[0] != _VERSION:
        raise TamperedError("not a seal of this version")
    return 2 + sealed[1] + _NONCE_BYTES + _KEY_BYTES + _TAG_BYTES


def _bound(what: str, context: str) -> bytes:
    return f"verify-svc {what} for {context}".encode()


def _decrypt(cipher: AESGCM, sealed: bytes | bytearray | memoryview, bound: bytes) -> bytes:
    parts = memoryview(sealed)
    try:
        return cipher.decrypt(parts[:_NONCE_BYTES], parts[_NONCE_BYTES:], bound)
    except (InvalidTag, ValueError):
        raise TamperedError("the seal doesn't open: bytes, key or place are not those it was made with") from None
