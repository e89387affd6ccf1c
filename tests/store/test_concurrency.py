"""Several threads and processes at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event

import pytest

from tests.store.made_rows import NOON, a_link, a_session, minutes
from verify_svc.ports import StaleVersion
from verify_svc.store.blobs import SealedBlobs, local_objects
from verify_svc.store.database import Database
from verify_svc.store.sqlstore import SqlStore
from verify_svc.store.vault import Vault


def _at_once(count: int, work: Callable[[int], object]) -> list[object]:
    start = Barrier(count)

    def begin(number: int) -> object:
        start.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def test_of_two_who_save_the_same_version_one_wins(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.sessions.add(a_session())
    read = a_session()

    def save(number: int) -> bool:
        try:
            with store.begin() as tx:
                tx.sessions.save(replace(read, status=f"status {number}"))
        except StaleVersion:
            return False
        return True

    assert sorted(_at_once(4, save), key=bool) == [False, False, False, True]


def test_read_and_save_in_one_transaction_loses_nothing(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.sessions.add(a_session(priority=0))

    def count_up(_number: int) -> None:
        for _ in range(10):
            with store.begin() as tx:
                row = tx.sessions.get("vs_1")
                assert row is not None
                tx.sessions.save(replace(row, priority=row.priority + 1))

    _at_once(4, count_up)
    with store.read() as tx:
        row = tx.sessions.get("vs_1")
        assert row is not None
        assert row.priority == 40


def test_of_two_taps_at_once_one_redeems_the_link(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.links.add(a_link())

    def redeem(number: int) -> bool:
        with store.begin() as tx:
            link = tx.links.by_token_hash("hash of ln_1")
            assert link is not None
            if link.opened_at is not None:
                return False
            tx.links.save(replace(link, opened_at=NOON + minutes(number)))
            return True

    assert sorted(_at_once(4, redeem), key=bool) == [False, False, False, True]


def test_an_event_is_never_seen_before_an_earlier_one_of_its_session(store: SqlStore) -> None:
    first_is_in, second_may_end = Event(), Event()

    def slow() -> int:
        with store.begin() as tx:
            number = tx.events.append("vs_1", False, "step_changed", None, NOON, "{}")
            first_is_in.set()
            second_may_end.wait(0.5)
            return number

    def quick() -> int:
        first_is_in.wait()
        with store.begin() as tx:
            number = tx.events.append("vs_1", False, "step_changed", None, NOON, "{}")
        with store.read() as tx:
            assert len(tx.events.after("vs_1", 0, 10)) == 2
        return number

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(slow), pool.submit(quick)
        assert one.result() < other.result()


def test_readers_are_not_held_up_by_a_writer(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.sessions.add(a_session())
        with ThreadPoolExecutor(1) as pool:

            def read() -> object:
                with store.read() as other:
                    return other.sessions.get("vs_1")

            assert pool.submit(read).result(timeout=5) is None


def test_many_writers_are_never_told_that_the_database_is_locked(store: SqlStore) -> None:
    def write(number: int) -> None:
        for turn in range(15):
            with store.begin() as tx:
                tx.sessions.add(a_session(f"vs_{number}_{turn}"))
                tx.events.append(f"vs_{number}_{turn}", False, "verification_session.created", None, NOON, "{}")

    _at_once(8, write)
    with store.read() as tx:
        assert len(tx.sessions.page(api_key_ids=None, status=None, query=None, before_id=None, limit=1000)) == 120


def test_a_write_transaction_inside_another_is_refused_at_once(store: SqlStore) -> None:
    with store.begin(), pytest.raises(RuntimeError), store.begin():
        pass


def test_files_are_not_written_inside_a_transaction(
    store: SqlStore, database: Database, vault: Vault, tmp_path_factory: pytest.TempPathFactory
) -> None:
    blobs = SealedBlobs(local_objects(tmp_path_factory.mktemp("files")), database, vault)
    with store.begin(), pytest.raises(RuntimeError):
        blobs.put("a", b"1")
