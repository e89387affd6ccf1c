"""Sealed files, in a folder and in an S3-compatible bucket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import obstore
import pytest
from moto.server import ThreadedMotoServer
from obstore.store import ObjectStore

from tests.store.made_rows import CANARY
from verify_svc.ports import Passing
from verify_svc.store.blobs import S3Place, SealedBlobs, local_objects, s3_objects
from verify_svc.store.database import Database
from verify_svc.store.vault import TamperedError, Vault

_PICTURE = CANARY.encode() * 1000
_KEY = "sessions/vs_1/up_1/original"


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """An S3-compatible server on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def _bucket(endpoint: str, name: str) -> ObjectStore:
    # The server asks for no signature to make a bucket.
    urlopen(Request(f"{endpoint}/{name}", method="PUT"), timeout=10).close()
    return s3_objects(S3Place(name, "us-east-1", endpoint, "test", "test"))


@pytest.fixture(params=["folder", "s3"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """An empty place for files."""
    if request.param == "folder":
        return local_objects(tmp_path / "files")
    return _bucket(request.getfixturevalue("s3_endpoint"), f"bucket-{tmp_path.name.replace('_', '-').lower()}"[:60])


@pytest.fixture
def blobs(objects: ObjectStore, database: Database, vault: Vault) -> SealedBlobs:
    """Files there, with their keys in the database."""
    return SealedBlobs(objects, database, vault)


def _paths(objects: ObjectStore) -> list[str]:
    return [item["path"] for chunk in obstore.list(objects) for item in chunk]


def test_a_file_comes_back_and_lies_there_sealed(blobs: SealedBlobs, objects: ObjectStore) -> None:
    blobs.put(_KEY, _PICTURE)
    assert blobs.get(_KEY) == _PICTURE
    (path,) = _paths(objects)
    assert CANARY.encode() not in bytes(obstore.get(objects, path).bytes())


def test_a_file_that_is_not_there_is_a_key_error(blobs: SealedBlobs) -> None:
    with pytest.raises(KeyError):
        blobs.get(_KEY)


def test_a_replaced_file_leaves_nothing_of_the_first(blobs: SealedBlobs, objects: ObjectStore) -> None:
    blobs.put(_KEY, b"first")
    blobs.put(_KEY, b"second")
    assert blobs.get(_KEY) == b"second"
    assert len(_paths(objects)) == 1


def test_deleting_takes_what_lies_under_the_prefix_alone(blobs: SealedBlobs, objects: ObjectStore) -> None:
    for key in (_KEY, "sessions/vs_1/up_2/clip", "sessions/vs_10/up_3/original", "sessions/vs%/x"):
        blobs.put(key, b"1")
    assert blobs.delete_under("sessions/vs_1/") == 2
    with pytest.raises(KeyError):
        blobs.get(_KEY)
    assert blobs.get("sessions/vs_10/up_3/original") == b"1"
    assert len(_paths(objects)) == 2


def test_one_file_is_deleted_alone(blobs: SealedBlobs, objects: ObjectStore) -> None:
    blobs.put(_KEY, b"1")
    blobs.put(f"{_KEY}-2", b"2")
    for _ in range(2):
        blobs.delete(_KEY)
    with pytest.raises(KeyError):
        blobs.get(_KEY)
    assert (blobs.get(f"{_KEY}-2"), len(_paths(objects))) == (b"2", 1)


def test_a_file_put_in_the_place_of_another_does_not_open(blobs: SealedBlobs, objects: ObjectStore) -> None:
    blobs.put("one", b"1")
    blobs.put("two", b"2")
    one, two = sorted(_paths(objects))
    obstore.put(objects, one, bytes(obstore.get(objects, two).bytes()))
    with pytest.raises(TamperedError):
        blobs.get("one")


def test_a_copy_of_a_deleted_file_opens_no_more(blobs: SealedBlobs, objects: ObjectStore) -> None:
    blobs.put(_KEY, _PICTURE)
    (path,) = _paths(objects)
    backup = bytes(obstore.get(objects, path).bytes())
    blobs.delete_under(_KEY)
    obstore.put(objects, path, backup)
    with pytest.raises(KeyError):
        blobs.get(_KEY)


def test_orphans_are_swept_up_once_they_are_old(blobs: SealedBlobs, objects: ObjectStore) -> None:
    blobs.put(_KEY, b"1")
    obstore.put(objects, "sessions/vs_1/up_9/original.0000", b"left by a crash")
    now = datetime.now(UTC)
    assert blobs.delete_orphans(now - timedelta(hours=1)) == 0
    assert blobs.delete_orphans(now + timedelta(hours=1)) == 1
    assert blobs.get(_KEY) == b"1"


@pytest.mark.parametrize("key", ["../outside", "a/../../outside"])
def test_a_key_never_leaves_the_folder(tmp_path: Path, database: Database, vault: Vault, key: str) -> None:
    blobs = SealedBlobs(local_objects(tmp_path / "files"), database, vault)
    with pytest.raises(ValueError, match=r"\.\."):
        blobs.put(key, b"1")
    assert not list(tmp_path.glob("outside*"))


def test_a_bucket_that_does_not_answer_is_a_passing_fault(database: Database, vault: Vault) -> None:
    blobs = SealedBlobs(s3_objects(S3Place("b", "us-east-1", "http://127.0.0.1:1", "a", "b"), tries=0), database, vault)
    with pytest.raises(Passing):
        blobs.put(_KEY, b"1")


def test_the_files_folder_is_nobody_elses(tmp_path: Path) -> None:
    local_objects(tmp_path / "files")
    assert (tmp_path / "files").stat().st_mode & 0o077 == 0
