"""Sessions and uploads."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.store.made_rows import NOON, a_session, an_upload, minutes
from verify_svc.ports import StaleVersion, Store, Taken


def test_a_session_comes_back_as_it_was_kept(store: Store) -> None:
    row = replace(
        a_session(state='{"name": "张三"}'), client_reference_id="order 7", waiting_since=NOON, claimed_by="li"
    )
    with store.begin() as tx:
        tx.sessions.add(row)
    with store.read() as tx:
        assert tx.sessions.get(row.id) == row
        assert tx.sessions.get("vs_none") is None


def test_nothing_stays_of_a_transaction_that_raised(store: Store) -> None:
    def fail_halfway() -> None:
        with store.begin() as tx:
            tx.sessions.add(a_session())
            tx.events.append("vs_1", False, "verification_session.created", None, NOON, "{}")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    with store.read() as tx:
        assert tx.sessions.get("vs_1") is None
        assert tx.events.last_id("vs_1") == 0


def test_a_taken_id_leaves_the_transaction_usable(store: Store) -> None:
    with store.begin() as tx:
        tx.sessions.add(a_session())
        with pytest.raises(Taken):
            tx.sessions.add(a_session(state='{"another": 1}'))
        tx.sessions.add(a_session("vs_2"))
    with store.read() as tx:
        kept = tx.sessions.get("vs_1")
        assert kept is not None
        assert kept.state == "{}"
        assert tx.sessions.get("vs_2") is not None


def test_saving_counts_the_version_up(store: Store) -> None:
    with store.begin() as tx:
        tx.sessions.add(a_session())
        saved = tx.sessions.save(replace(a_session(), status="processing"))
        assert saved.version == 2
    with store.read() as tx:
        assert tx.sessions.get("vs_1") == saved


def test_saving_an_old_version_is_refused(store: Store) -> None:
    with store.begin() as tx:
        tx.sessions.add(a_session())
        tx.sessions.save(replace(a_session(), status="processing"))
    with pytest.raises(StaleVersion), store.begin() as tx:
        tx.sessions.save(replace(a_session(), status="canceled"))
    with store.read() as tx:
        kept = tx.sessions.get("vs_1")
        assert kept is not None
        assert kept.status == "processing"


def test_pages_follow_one_another_newest_first(store: Store) -> None:
    with store.begin() as tx:
        for number in range(5):
            # Two of them were made at the same instant.
            tx.sessions.add(a_session(f"vs_{number}", at=NOON + minutes(number // 2)))
    seen: list[str] = []
    with store.read() as tx:
        while rows := tx.sessions.page(
            api_key_ids=None, status=None, query=None, before_id=seen[-1] if seen else None, limit=2
        ):
            seen += [row.id for row in rows]
    assert seen == ["vs_4", "vs_3", "vs_2", "vs_1", "vs_0"]


def test_pages_are_filled_with_what_is_not_purged(store: Store) -> None:
    with store.begin() as tx:
        for number in range(6):
            purged_at = NOON if number in (2, 3, 4) else None
            tx.sessions.add(replace(a_session(f"vs_{number}", at=NOON + minutes(number)), purged_at=purged_at))
    with store.read() as tx:
        first = tx.sessions.page(api_key_ids=None, status=None, query=None, before_id=None, limit=2)
        assert [row.id for row in first] == ["vs_5", "vs_1"]
        rest = tx.sessions.page(api_key_ids=None, status=None, query=None, before_id="vs_3", limit=2)
        assert [row.id for row in rest] == ["vs_1", "vs_0"]


@pytest.mark.parametrize(
    ("key_ids", "status", "query", "found"),
    [
        (["key_2"], None, None, ["vs_live"]),
        (None, "verified", None, ["vs_live"]),
        ([], "verified", None, []),
        (None, None, "vs_test", ["vs_test"]),
        (None, None, "REF-vs_live", ["vs_live"]),
        (None, None, "order 7", ["vs_test"]),
        (None, None, "order", []),
        (None, None, "%", []),
    ],
)
def test_sessions_are_found_by_what_is_exact(
    store: Store, key_ids: list[str] | None, status: str | None, query: str | None, found: list[str]
) -> None:
    with store.begin() as tx:
        tx.sessions.add(replace(a_session("vs_live"), api_key_id="key_2", status="verified"))
        tx.sessions.add(replace(a_session("vs_test"), client_reference_id="order 7"))
    with store.read() as tx:
        rows = tx.sessions.page(api_key_ids=key_ids, status=status, query=query, before_id=None, limit=10)
    assert [row.id for row in rows] == found


def test_operators_see_the_urgent_first_then_the_longest_waiting(store: Store) -> None:
    with store.begin() as tx:
        for name, priority, since in (("a", 0, 5), ("b", 0, 1), ("c", 9, 7)):
            tx.sessions.add(replace(a_session(name, priority=priority), waiting_since=NOON + minutes(since)))
        tx.sessions.add(a_session("nobody waits"))
    with store.read() as tx:
        assert [row.id for row in tx.sessions.awaiting_operator(10)] == ["c", "b", "a"]
        assert [row.id for row in tx.sessions.awaiting_operator(1)] == ["c"]


def test_open_sessions_past_their_time_are_expired(store: Store) -> None:
    late = replace(a_session("late"), expires_at=NOON)
    with store.begin() as tx:
        tx.sessions.add(late)
        tx.sessions.add(replace(late, id="closed", closed_at=NOON))
        tx.sessions.add(a_session("in time"))
    with store.read() as tx:
        assert [row.id for row in tx.sessions.expired(NOON, 10)] == ["late"]
        assert tx.sessions.expired(NOON - timedelta(microseconds=1), 10) == []


def test_closed_sessions_are_purged_once(store: Store) -> None:
    closed = replace(a_session("closed"), closed_at=NOON)
    with store.begin() as tx:
        tx.sessions.add(closed)
        tx.sessions.add(replace(closed, id="purged", purged_at=NOON))
        tx.sessions.add(replace(closed, id="recent", closed_at=NOON + minutes(1)))
        tx.sessions.add(a_session("open"))
    with store.read() as tx:
        assert [row.id for row in tx.sessions.to_purge(NOON + minutes(1), 10)] == ["closed"]


def test_an_upload_comes_back_as_it_was_kept(store: Store) -> None:
    row = an_upload(sent='{"corners": null}', report='{"result": "clear"}')
    changed = replace(row, state="done", done_at=NOON, fraction=1.0, report='{"result": "rejected"}')
    with store.begin() as tx:
        tx.uploads.add(row)
        assert tx.uploads.get(row.id) == row
        tx.uploads.save(changed)
    with store.read() as tx:
        assert tx.uploads.get(row.id) == changed
        assert tx.uploads.get("up_none") is None


def test_uploads_of_a_session_come_oldest_first(store: Store) -> None:
    with store.begin() as tx:
        tx.uploads.add(an_upload("up_2", at=NOON + minutes(1)))
        tx.uploads.add(an_upload("up_1"))
        tx.uploads.add(an_upload("up_3", "vs_other"))
    with store.read() as tx:
        assert [row.id for row in tx.uploads.of_session("vs_1")] == ["up_1", "up_2"]


def test_the_same_bytes_to_the_same_slot_are_found(store: Store) -> None:
    with store.begin() as tx:
        tx.uploads.add(an_upload("up_1", sha256="aa"))
        tx.uploads.add(an_upload("up_2", sha256="aa", at=NOON + minutes(1)))
        tx.uploads.add(an_upload("up_3", sha256="aa", slot="emblem", at=NOON + minutes(2)))
    with store.read() as tx:
        found = tx.uploads.with_hash("vs_1", "person_document", "portrait", "aa")
        assert found is not None
        assert found.id == "up_2"
        assert tx.uploads.with_hash("vs_2", "person_document", "portrait", "aa") is None


def test_progress_touches_nothing_else(store: Store) -> None:
    with store.begin() as tx:
        tx.uploads.add(an_upload(sent="[1]"))
        tx.uploads.progress("up_1", "measuring", 0.5)
    with store.read() as tx:
        assert tx.uploads.get("up_1") == replace(an_upload(sent="[1]"), stage="measuring", fraction=0.5)


def test_the_pages_of_an_upload_come_back(store: Store) -> None:
    several = replace(an_upload(), more_pages='[{"number": 2, "sha256": "bb"}]')
    with store.begin() as tx:
        tx.uploads.add(an_upload("up_2"))
        tx.uploads.add(several)
    with store.read() as tx:
        assert [row.more_pages for row in tx.uploads.of_session("vs_1")] == [several.more_pages, "[]"]


def test_bytes_of_another_session_are_noticed(store: Store) -> None:
    with store.begin() as tx:
        tx.uploads.add(an_upload("up_1", "vs_1", sha256="aa"))
    with store.read() as tx:
        assert tx.uploads.seen_elsewhere("vs_2", "aa")
        assert not tx.uploads.seen_elsewhere("vs_1", "aa")
        assert not tx.uploads.seen_elsewhere("vs_2", "bb")


def test_the_uploads_of_one_session_are_deleted_alone(store: Store) -> None:
    with store.begin() as tx:
        tx.uploads.add(an_upload("up_1", "vs_1"))
        tx.uploads.add(an_upload("up_2", "vs_2"))
        tx.uploads.delete_of_session("vs_1")
    with store.read() as tx:
        assert tx.uploads.of_session("vs_1") == []
        assert len(tx.uploads.of_session("vs_2")) == 1
