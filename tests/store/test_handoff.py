"""Links, phones and the counters behind the limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.store.made_rows import NOON, a_link, a_phone, minutes
from verify_svc.ports import Store, Taken


def test_a_link_is_found_by_its_token(store: Store) -> None:
    opened = replace(a_link(), opened_at=NOON, device_kind="iPhone", browser="微信")
    with store.begin() as tx:
        tx.links.add(a_link())
        assert tx.links.by_token_hash("hash of ln_1") == a_link()
        tx.links.save(opened)
    with store.read() as tx:
        assert tx.links.by_token_hash("hash of ln_1") == opened
        assert tx.links.by_token_hash("ln_1") is None


def test_two_links_cannot_share_a_token(store: Store) -> None:
    with store.begin() as tx:
        tx.links.add(a_link())
        with pytest.raises(Taken):
            tx.links.add(replace(a_link("ln_2"), token_hash=a_link().token_hash))


@pytest.mark.parametrize("later", [0, 1, -1], ids=["same instant", "later", "a clock that lags"])
@pytest.mark.parametrize("ids", [("ln_1", "ln_2"), ("ln_2", "ln_1")])
def test_the_link_that_was_added_last_is_the_latest(store: Store, ids: tuple[str, str], later: int) -> None:
    first, second = ids
    with store.begin() as tx:
        tx.links.add(a_link(first))
    with store.begin() as tx:
        tx.links.add(a_link(second, at=NOON + minutes(later)))
        tx.links.add(a_link("ln_3", "vs_2", at=NOON + minutes(2)))
    with store.read() as tx:
        latest = tx.links.latest("vs_1")
        assert latest is not None
        assert latest.id == second
        assert tx.links.latest("vs_none") is None


def test_the_phone_that_was_added_last_is_the_current_one(store: Store) -> None:
    with store.begin() as tx:
        tx.phones.add(a_phone("ph_2"))
        tx.phones.add(a_phone("ph_1"))
        assert tx.phones.current("vs_1") == a_phone("ph_1")


def test_links_and_phones_of_one_session_are_deleted(store: Store) -> None:
    with store.begin() as tx:
        for session_id in ("vs_1", "vs_2"):
            tx.links.add(a_link(f"ln_{session_id}", session_id))
            tx.phones.add(a_phone(f"ph_{session_id}", session_id))
        tx.links.delete_of_session("vs_1")
        tx.phones.delete_of_session("vs_1")
    with store.read() as tx:
        assert tx.links.latest("vs_1") is None
        assert tx.phones.current("vs_1") is None
        assert tx.links.latest("vs_2") is not None
        assert tx.phones.current("vs_2") is not None


def test_a_phone_is_current_until_it_is_revoked(store: Store) -> None:
    with store.begin() as tx:
        tx.phones.add(a_phone())
        tx.phones.add(a_phone("ph_2", "vs_2"))
        assert tx.phones.current("vs_1") == a_phone()
        tx.phones.revoke("vs_1", NOON + minutes(1))
    with store.read() as tx:
        assert tx.phones.current("vs_1") is None
        assert tx.phones.by_token_hash("hash of ph_1") == replace(a_phone(), revoked_at=NOON + minutes(1))
        assert tx.phones.current("vs_2") is not None


def test_revoking_again_keeps_the_first_time(store: Store) -> None:
    with store.begin() as tx:
        tx.phones.add(a_phone())
        tx.phones.revoke("vs_1", NOON)
        tx.phones.revoke("vs_1", NOON + minutes(5))
        revoked = tx.phones.by_token_hash("hash of ph_1")
    assert revoked is not None
    assert revoked.revoked_at == NOON


def test_hits_are_counted_by_name_and_time(store: Store) -> None:
    with store.begin() as tx:
        for minute in (0, 1, 2):
            tx.counters.hit("sms:a", NOON + minutes(minute))
        tx.counters.hit("sms:b", NOON)
    with store.read() as tx:
        assert tx.counters.count("sms:a", NOON) == 3
        assert tx.counters.count("sms:a", NOON + minutes(1)) == 2
        assert tx.counters.oldest("sms:a", NOON + minutes(0.5)) == NOON + minutes(1)
        assert tx.counters.oldest("sms:none", NOON) is None


def test_cleared_hits_are_gone(store: Store) -> None:
    with store.begin() as tx:
        tx.counters.hit("login:li", NOON)
        tx.counters.hit("login:wang", NOON)
        tx.counters.clear("login:li")
        assert tx.counters.count("login:li", NOON) == 0
        assert tx.counters.count("login:wang", NOON) == 1


def test_old_hits_are_forgotten(store: Store) -> None:
    with store.begin() as tx:
        tx.counters.hit("sms:a", NOON)
        tx.counters.hit("sms:a", NOON + minutes(1))
        tx.counters.forget(NOON + minutes(1))
        assert tx.counters.count("sms:a", NOON) == 1
