"""Operators come in by password, and out when it changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests.fakes.outside import SetClock
from verify_svc.flow import login
from verify_svc.flow.refusal import Refusal
from verify_svc.flow.services import Services


def test_guesses_made_at_once_are_not_more_guesses(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    login.make_operator(services, "chen", "right")
    looked_at: list[str] = []

    def verified(_hash: str, password: str) -> bool:
        looked_at.append(password)
        return False

    def guess(number: int) -> None:
        with suppress(Refusal):
            login.log_in(services, "chen", f"guess {number}")

    monkeypatch.setattr(login, "_verified", verified)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(guess, range(16)))
    assert len(looked_at) == login.MAX_FAILURES


def test_a_new_password_ends_the_logins_of_the_old_one(services: Services) -> None:
    login.make_operator(services, "chen", "old")
    cookie = login.log_in(services, "chen", "old").cookie
    assert login.login_of_cookie(services, cookie).operator == "chen"
    login.make_operator(services, "chen", "new")
    with pytest.raises(Refusal):
        login.login_of_cookie(services, cookie)


def test_who_logs_in_rightly_may_do_so_often(services: Services, clock: SetClock) -> None:
    login.make_operator(services, "chen", "right")
    for _ in range(login.MAX_FAILURES + 1):
        assert login.log_in(services, "chen", "right").login.operator == "chen"
