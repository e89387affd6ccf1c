"""Events, audit, deliveries, idempotency keys, signs of life, keys and operators."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.store.made_rows import NOON, a_delivery, a_session, an_audit, minutes
from verify_svc.ports import ApiKeyRow, EventRow, IdempotencyRow, LoginRow, OperatorRow, Store, Taken

_KEY = ApiKeyRow("key_1", "portal", False, "sk_test_abcd", "hash of key_1", NOON, None)
_OPERATOR = OperatorRow("li", "$argon2id$one", NOON, None)
_LOGIN = LoginRow("hash of login", "li", NOON, NOON + minutes(60))
_USED = IdempotencyRow("key_1", "abc", "hash of body", "vs_1", NOON)


def test_events_are_numbered_in_the_order_they_came(store: Store) -> None:
    with store.begin() as tx:
        first = tx.events.append("vs_1", False, "step_changed", "face", NOON, "{}")
        other = tx.events.append("vs_2", True, "verification_session.created", None, NOON, '{"a": 1}')
    with store.begin() as tx:
        last = tx.events.append("vs_1", False, "verification_session.verified", None, NOON, "{}")
    assert first < other < last
    with store.read() as tx:
        assert tx.events.get(other) == EventRow(
            other, "vs_2", True, "verification_session.created", None, NOON, '{"a": 1}'
        )
        assert [event.id for event in tx.events.after("vs_1", 0, 10)] == [first, last]
        assert [event.id for event in tx.events.after("vs_1", first, 10)] == [last]
        assert [event.id for event in tx.events.after("vs_1", 0, 1)] == [first]
        assert tx.events.last_id("vs_1") == last
        assert tx.events.last_id("vs_none") == 0
        assert tx.events.get(last + 1) is None


def test_public_events_are_listed_newest_first(store: Store) -> None:
    with store.begin() as tx:
        for session_id, key_id in (("vs_1", "key_1"), ("vs_2", "key_1"), ("vs_3", "key_2")):
            tx.sessions.add(replace(a_session(session_id), api_key_id=key_id))
        created = tx.events.append("vs_1", False, "verification_session.created", None, NOON, "{}")
        tx.events.append("vs_1", False, "step_changed", "face", NOON, "{}")
        tx.events.append("vs_1", False, "verification-session.x", None, NOON, "{}")
        other = tx.events.append("vs_2", False, "verification_session.created", None, NOON, "{}")
        tx.events.append("vs_3", True, "verification_session.created", None, NOON, "{}")
    with store.read() as tx:

        def ids(session_id: str | None = None, before_id: int | None = None, limit: int = 10) -> list[int]:
            rows = tx.events.public(api_key_ids=["key_1"], session_id=session_id, before_id=before_id, limit=limit)
            return [row.id for row in rows]

        assert ids() == [other, created]
        assert ids(session_id="vs_1") == [created]
        assert ids(before_id=other) == [created]
        assert ids(limit=1) == [other]


def test_the_audit_trail_keeps_its_order_and_ends_with_its_session(store: Store) -> None:
    with store.begin() as tx:
        for what in ("created", "opened", "decided"):
            tx.audit.append(an_audit(what, detail=f'{{"what": "{what}"}}'))
        tx.audit.append(an_audit("created", "vs_2"))
    with store.begin() as tx:
        assert [row.what for row in tx.audit.of_session("vs_1")] == ["created", "opened", "decided"]
        assert tx.audit.of_session("vs_1")[1] == an_audit("opened", detail='{"what": "opened"}')
        tx.audit.delete_of_session("vs_1")
        assert tx.audit.of_session("vs_1") == []
        assert len(tx.audit.of_session("vs_2")) == 1


def test_deliveries_are_due_when_their_time_has_come(store: Store) -> None:
    with store.begin() as tx:
        tx.deliveries.add(a_delivery("dl_2", next_at=NOON))
        tx.deliveries.add(a_delivery("dl_1", next_at=NOON - minutes(1)))
        tx.deliveries.add(a_delivery("dl_3", next_at=NOON + minutes(1)))
        tx.deliveries.add(a_delivery("dl_4", state="delivered"))
        tx.deliveries.add(a_delivery("dl_5", next_at=None))
    with store.begin() as tx:
        assert [row.id for row in tx.deliveries.due(NOON, 10)] == ["dl_1", "dl_2"]
        assert [row.id for row in tx.deliveries.due(NOON, 1)] == ["dl_1"]
        sent = replace(a_delivery("dl_1"), state="delivered", attempts=1, last_status=204, next_at=None)
        tx.deliveries.save(sent)
        assert tx.deliveries.get("dl_1") == sent
        assert tx.deliveries.get("dl_none") is None
        with pytest.raises(Taken):
            tx.deliveries.add(a_delivery("dl_1"))


def test_an_idempotency_key_is_used_once_by_each_portal(store: Store) -> None:
    with store.begin() as tx:
        tx.idempotency.add(_USED)
        with pytest.raises(Taken):
            tx.idempotency.add(replace(_USED, session_id="vs_2"))
        tx.idempotency.add(replace(_USED, api_key_id="key_2"))
        assert tx.idempotency.get("key_1", "abc") == _USED
        assert tx.idempotency.get("key_1", "abd") is None
        tx.idempotency.forget(NOON + minutes(1))
        assert tx.idempotency.get("key_1", "abc") is None


def test_workers_that_fell_silent_are_named(store: Store) -> None:
    with store.begin() as tx:
        tx.heartbeats.beat("worker-1", NOON)
        tx.heartbeats.beat("worker-2", NOON)
        tx.heartbeats.beat("worker-2", NOON + minutes(1))
        assert list(tx.heartbeats.silent_since(NOON + minutes(1))) == ["worker-1"]
        tx.heartbeats.remove("worker-1")
        assert list(tx.heartbeats.silent_since(NOON + minutes(2))) == ["worker-2"]


def test_a_portal_key_is_found_by_its_hash_and_revoked_once(store: Store) -> None:
    with store.begin() as tx:
        tx.api_keys.add(_KEY)
        assert tx.api_keys.by_hash("hash of key_1") == _KEY
        assert tx.api_keys.by_hash("key_1") is None
        assert tx.api_keys.revoke("key_1", NOON + minutes(1))
        assert not tx.api_keys.revoke("key_1", NOON + minutes(2))
        assert not tx.api_keys.revoke("key_none", NOON)
        assert list(tx.api_keys.all()) == [replace(_KEY, revoked_at=NOON + minutes(1))]


def test_an_operator_is_replaced_by_name(store: Store) -> None:
    with store.begin() as tx:
        tx.operators.save(_OPERATOR)
        tx.operators.save(replace(_OPERATOR, password_hash="$argon2id$two"))
        tx.operators.save(replace(_OPERATOR, name="chen"))
        found = tx.operators.get("li")
        assert found is not None
        assert found.password_hash == "$argon2id$two"
        assert tx.operators.get("nobody") is None
        assert [row.name for row in tx.operators.all()] == ["chen", "li"]


def test_a_login_ends(store: Store) -> None:
    with store.begin() as tx:
        tx.operators.add_login(_LOGIN)
        assert tx.operators.login("hash of login") == _LOGIN
        tx.operators.end_login("hash of login")
        assert tx.operators.login("hash of login") is None


def test_logins_that_ran_out_are_cleared_away_by_the_next(store: Store) -> None:
    with store.begin() as tx:
        tx.operators.add_login(_LOGIN)
        tx.operators.add_login(replace(_LOGIN, token_hash="next", created_at=NOON + minutes(61)))
        assert tx.operators.login("hash of login") is None
        assert tx.operators.login("next") is not None
