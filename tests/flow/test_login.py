"""Operators come in by password, and out when it changes; who guesses is stopped, and stops nobody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError

from tests.fakes.outside import SetClock
from verify_svc.flow import login
from verify_svc.flow.login import FAILURES, FAILURES_OF_NAME, TRIES_FROM_ADDRESS, Source
from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.flow.services import Services

OFFICE, STRANGER = Source("192.0.2.1"), Source("203.0.113.9")


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were looked at; `right` is the right one. The real check costs 50 ms and 64 MiB."""
    seen: list[str] = []

    def verified(_hash: str, password: str) -> bool:
        seen.append(password)
        return password == "right"

    monkeypatch.setattr(login, "_verified", verified)
    return seen


def guess(services: Services, source: Source, times: int, name: str = "chen") -> Kind | None:
    """Guess wrongly so often; gives the last refusal."""
    kind = None
    for number in range(times):
        with pytest.raises(Refusal) as refused:
            login.log_in(services, name, f"guess {number}", source)
        kind = refused.value.kind
    return kind


def test_guesses_made_at_once_are_not_more_guesses(services: Services, looked_at: list[str]) -> None:
    login.make_operator(services, "chen", "right")

    def guess_once(number: int) -> None:
        with suppress(Refusal):
            login.log_in(services, "chen", f"guess {number}", STRANGER)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(guess_once, range(16)))
    assert len(looked_at) == FAILURES.most


@pytest.mark.usefixtures("looked_at")
def test_a_strangers_guesses_do_not_lock_the_operator_out(services: Services) -> None:
    login.make_operator(services, "chen", "right")
    assert guess(services, STRANGER, FAILURES.most + 1) is Kind.LIMITED
    assert login.log_in(services, "chen", "right", OFFICE).login.operator == "chen"


def test_guesses_from_many_addresses_are_limited_together(
    services: Services, looked_at: list[str], clock: SetClock
) -> None:
    login.make_operator(services, "chen", "right")
    for number in range(FAILURES_OF_NAME.most + 5):
        guess(services, Source(f"198.51.100.{number}"), 1)
    assert len(looked_at) == FAILURES_OF_NAME.most
    clock.advance(hours=1, seconds=1)
    assert guess(services, Source("198.51.100.200"), 1) is Kind.UNAUTHORIZED


@pytest.mark.usefixtures("looked_at")
def test_a_browser_that_logged_in_before_gets_in_while_strangers_guess_from_everywhere(services: Services) -> None:
    login.make_operator(services, "chen", "right")
    usual = Source(OFFICE.address, login.log_in(services, "chen", "right", OFFICE).browser)
    for number in range(FAILURES_OF_NAME.most):
        guess(services, Source(f"198.51.100.{number}"), 1)
    with pytest.raises(Refusal):
        login.log_in(services, "chen", "right", OFFICE)
    assert login.log_in(services, "chen", "right", usual).login.operator == "chen"
    assert guess(services, usual, FAILURES.most + 1) is Kind.LIMITED


@pytest.mark.usefixtures("looked_at")
@pytest.mark.parametrize("mark", ["", "made.up", "another's"])
def test_no_other_mark_gives_guesses_of_its_own(services: Services, mark: str) -> None:
    for name in ("chen", "li"):
        login.make_operator(services, name, "right")
    if mark == "another's":
        mark = login.log_in(services, "li", "right", OFFICE).browser
    assert guess(services, STRANGER, FAILURES.most) is Kind.UNAUTHORIZED
    assert guess(services, Source(STRANGER.address, mark), 1) is Kind.LIMITED


def test_one_address_can_not_go_through_many_names(services: Services, looked_at: list[str]) -> None:
    for number in range(TRIES_FROM_ADDRESS.most + 1):
        guess(services, STRANGER, 1, f"name {number}")
    assert len(looked_at) == TRIES_FROM_ADDRESS.most


@pytest.mark.usefixtures("looked_at")
def test_the_addresses_of_one_ipv6_network_are_one_place(services: Services) -> None:
    login.make_operator(services, "chen", "right")
    for number in range(FAILURES.most):
        guess(services, Source(f"2001:db8:1:2::{number:x}"), 1)
    assert guess(services, Source("2001:db8:1:2:ffff::1"), 1) is Kind.LIMITED
    assert guess(services, Source("2001:db8:1:3::1"), 1) is Kind.UNAUTHORIZED


def test_an_unknown_name_costs_the_same_work_as_a_known_one() -> None:
    assert extract_parameters(login._NOBODY) == extract_parameters(PasswordHasher().hash("anything"))
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(login._NOBODY, "anything")


def test_a_password_is_looked_at_whether_the_name_is_known_or_not(services: Services, looked_at: list[str]) -> None:
    guess(services, STRANGER, 1, "nobody")
    assert looked_at == ["guess 0"]


def test_a_new_password_ends_the_logins_of_the_old_one(services: Services) -> None:
    login.make_operator(services, "chen", "old")
    cookie = login.log_in(services, "chen", "old", OFFICE).cookie
    assert login.login_of_cookie(services, cookie).operator == "chen"
    login.make_operator(services, "chen", "new")
    with pytest.raises(Refusal):
        login.login_of_cookie(services, cookie)


@pytest.mark.usefixtures("looked_at")
def test_who_logs_in_rightly_may_do_so_often(services: Services) -> None:
    login.make_operator(services, "chen", "right")
    for _ in range(FAILURES.most + 1):
        assert login.log_in(services, "chen", "right", OFFICE).login.operator == "chen"
