"""Sealed files: the ciphertext in a folder or an S3-compatible bucket, its key in the database.

A file can be opened only while its row in `blob_keys` is there: deleting the row is what deletes the file, at once and
for good; the ciphertext is removed after it, and what a crash leaves behind is unreadable and swept up later. Each
write goes to an object of its own, so that a replaced file is at every moment either the old or the new one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, S3Store
from sqlalchemy import Delete, delete, insert, select

from verify_svc.ports import Passing
from verify_svc.store.database import Database
from verify_svc.store.tables import blob_keys
from verify_svc.store.vault import SealedApart, Vault

if TYPE_CHECKING:
    from obstore.store import S3Config

_SUFFIX_BYTES = 8
_S3_TIMEOUT_S = 20
_S3_RETRY_S = 30


@dataclass(frozen=True, slots=True)
class S3Place:
    """A bucket. `endpoint` is None for Amazon's own."""

    bucket: str
    region: str
    endpoint: str | None
    access_key_id: str
    secret_access_key: str = field(repr=False)


def local_objects(folder: Path) -> ObjectStore:
    """A folder, made when absent, which nobody else may read."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return LocalStore(folder)


def s3_objects(place: S3Place, tries: int = 3) -> ObjectStore:
    """A bucket; connects to nothing yet. Plain HTTP is spoken only to an endpoint whose address says so.

    A request that fails is repeated `tries` times, for 30 s at most.
    """
    config: S3Config = {
        "region": place.region,
        "access_key_id": place.access_key_id,
        "secret_access_key": place.secret_access_key,
    }
    if place.endpoint is not None:
        config["endpoint"] = place.endpoint
    plain = place.endpoint is not None and place.endpoint.startswith("http://")
    return S3Store(
        place.bucket,
        config=config,
        client_options={"timeout": f"{_S3_TIMEOUT_S}s", "allow_http": plain},
        retry_config={"max_retries": tries, "retry_timeout": timedelta(seconds=_S3_RETRY_S)},
    )


class SealedBlobs:
    """See `ports.Blobs`. Every call opens a transaction of its own: never call it inside one."""

    def __init__(
        self, objects: ObjectStore, database: Database, vault: Vault, random_bytes: Callable[[int], bytes] = os.urandom
    ) -> None:
        self._objects = objects
        self._database = database
        self._vault = vault
        self._random_bytes = random_bytes

    def put(self, key: str, data: bytes) -> None:
        """Write or replace. Raises `Passing` when the files' store doesn't answer."""
        sealed = self._vault.seal_apart(data, blob_context(key))
        name = f"{key}.{self._random_bytes(_SUFFIX_BYTES).hex()}"
        with _translated():
            obstore.put(self._objects, name, sealed.ciphertext)
        row = {"blob": key, "object": name, "wrapped_key": sealed.wrapped_key, "size_bytes": len(data)}
        with self._database.writing() as connection:
            same = blob_keys.c.blob == key
            earlier = connection.execute(select(blob_keys.c.object).where(same).with_for_update()).scalars().all()
            connection.execute(delete(blob_keys).where(same))
            connection.execute(insert(blob_keys).values(row))
        self._remove(earlier)

    def get(self, key: str) -> bytes:
        """Open a file. Raises `KeyError` when there is none, `VaultError` when it isn't what was sealed."""
        with self._database.reading() as connection:
            row = connection.execute(select(blob_keys).where(blob_keys.c.blob == key)).mappings().first()
        if row is None:
            raise KeyError(key)
        try:
            with _translated():
                ciphertext = memoryview(obstore.get(self._objects, row["object"]).bytes())
        except NotFoundError:
            raise KeyError(key) from None
        return self._vault.open_apart(SealedApart(row["wrapped_key"], ciphertext), blob_context(key))

    def delete(self, key: str) -> None:
        """Destroy the key of one file, then remove its bytes."""
        self._forget(delete(blob_keys).where(blob_keys.c.blob == key))

    def delete_under(self, prefix: str) -> int:
        """Destroy the keys of every file whose key begins so, then remove their bytes; gives how many there were."""
        return self._forget(delete(blob_keys).where(blob_keys.c.blob.startswith(prefix, autoescape=True)))

    def delete_orphans(self, older_than: datetime) -> int:
        """Remove objects that no key opens (left by a crash or an outage) and that are older than that."""
        with self._database.reading() as connection:
            known = set(connection.execute(select(blob_keys.c.object)).scalars())
        orphans = []
        with _translated():
            for chunk in obstore.list(self._objects):
                orphans += [item["path"] for item in chunk if item["last_modified"] < older_than]
        orphans = [name for name in orphans if name not in known]
        self._remove(orphans)
        return len(orphans)

    def _forget(self, gone: Delete) -> int:
        with self._database.writing() as connection:
            names = connection.execute(gone.returning(blob_keys.c.object)).scalars().all()
        self._remove(names)
        return len(names)

    def _remove(self, names: Sequence[str]) -> None:
        for name in names:
            try:
                obstore.delete(self._objects, name)
            except BaseError:
                # Without its key it is noise: `delete_orphans` comes by.
                continue


def blob_context(key: str) -> str:
    """What a file's seal is bound to."""
    return f"blob:{key}"


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except NotFoundError:
        raise
    except BaseError as error:
        raise Passing(f"the files' store: {type(error).__name__}") from None
