"""From PC to phone: links that work once, phones that take over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.outside import SetClock
from tests.flow.applicant import Applicant
from tests.session.journey import a_unit
from verify_svc.flow.handoff import (
    client_token,
    handoff_state,
    phone_of_cookie,
    redeem_link,
    refresh_link,
    session_of_client_token,
    waiting_link,
)
from verify_svc.flow.limits import LINKS, REFUSED_PHONES
from verify_svc.flow.open import cancel_session, open_session
from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.flow.services import Services
from verify_svc.ports import ApiKeyRow
from verify_svc.session.steps import StepName


def let_in(services: Services, token: str, cookie: str | None = None) -> tuple[str, str]:
    """The phone's id and cookie."""
    redeemed = redeem_link(services, token, device_kind="Android", browser="Chrome", cookie=cookie)
    return redeemed.phone.id, redeemed.cookie


def test_a_waiting_link_is_shown_again_on_reload_and_only_its_hash_is_kept(
    services: Services, portal: ApiKeyRow
) -> None:
    session_id = open_session(services, portal, a_unit()).id
    link = waiting_link(services, session_id)
    assert waiting_link(services, session_id) == link
    with services.store.read() as tx:
        row = tx.links.latest(session_id)
    assert row is not None
    assert row.token_hash != link.token
    assert len(link.token) >= 32


def test_a_link_works_once_and_a_second_device_is_shown_on_the_pc(services: Services, portal: ApiKeyRow) -> None:
    session_id = open_session(services, portal, a_unit()).id
    token = waiting_link(services, session_id).token
    let_in(services, token)
    with pytest.raises(Refusal) as refused:
        let_in(services, token)
    assert refused.value.code == "link_already_used"
    shown = handoff_state(services, session_id).link
    assert (shown.state, shown.device_kind) == ("opened", "Android")
    assert shown.refused_at is not None


def test_the_phone_that_is_in_may_tap_its_link_again(services: Services, portal: ApiKeyRow) -> None:
    session_id = open_session(services, portal, a_unit()).id
    token = waiting_link(services, session_id).token
    phone_id, cookie = let_in(services, token)
    assert let_in(services, token, cookie) == (phone_id, cookie)


def test_a_link_ends_after_ten_minutes(services: Services, portal: ApiKeyRow, clock: SetClock) -> None:
    session_id = open_session(services, portal, a_unit()).id
    token = waiting_link(services, session_id).token
    clock.advance(minutes=10)
    with pytest.raises(Refusal) as refused:
        let_in(services, token)
    assert refused.value.code == "link_expired"
    assert handoff_state(services, session_id).link.state == "expired"


def test_a_refresh_ends_the_link_before(services: Services, portal: ApiKeyRow) -> None:
    session_id = open_session(services, portal, a_unit()).id
    earlier = waiting_link(services, session_id).token
    fresh = refresh_link(services, session_id).token
    with pytest.raises(Refusal, match="link_expired"):
        let_in(services, earlier)
    let_in(services, fresh)


def test_another_phone_takes_over_when_it_taps_and_proves_the_number_again(
    services: Services, applicant: Applicant
) -> None:
    applicant.to_papers()
    fresh = refresh_link(services, applicant.session_id)
    assert phone_of_cookie(services, applicant.cookie) == applicant.phone
    let_in(services, fresh.token)
    with pytest.raises(Refusal, match="link_already_used"):
        phone_of_cookie(services, applicant.cookie)
    assert applicant.step(StepName.PHONE).state == "open"


def test_the_same_phone_comes_back_without_a_new_proof(services: Services, applicant: Applicant) -> None:
    applicant.to_papers()
    fresh = refresh_link(services, applicant.session_id)
    let_in(services, fresh.token, applicant.cookie)
    assert applicant.step(StepName.PHONE).state == "passed"


def test_a_canceled_session_lets_nobody_in(services: Services, portal: ApiKeyRow) -> None:
    session_id = open_session(services, portal, a_unit()).id
    token = waiting_link(services, session_id).token
    cancel_session(services, portal, session_id)
    with pytest.raises(Refusal, match="session_canceled"):
        let_in(services, token)
    with pytest.raises(Refusal, match="session_canceled"):
        refresh_link(services, session_id)


def test_the_pc_pages_token_is_good_for_its_session_alone(services: Services, portal: ApiKeyRow) -> None:
    one, other = (open_session(services, portal, a_unit()).id for _ in range(2))
    token = client_token(services, one)
    assert session_of_client_token(services, token) == one
    with pytest.raises(Refusal, match="unauthorized"):
        session_of_client_token(services, token.replace(one, other))


def test_a_phones_cookie_is_good_for_a_day(services: Services, applicant: Applicant, clock: SetClock) -> None:
    clock.advance(hours=24, seconds=-1)
    assert phone_of_cookie(services, applicant.cookie) == applicant.phone
    clock.advance(seconds=1)
    with pytest.raises(Refusal) as refused:
        phone_of_cookie(services, applicant.cookie)
    assert (refused.value.kind, refused.value.code) == (Kind.UNAUTHORIZED, "unauthorized")


def test_a_phones_cookie_ends_with_its_session(services: Services, portal: ApiKeyRow, clock: SetClock) -> None:
    session_id = open_session(services, portal, a_unit(), expires_in=timedelta(hours=2)).id
    redeemed = redeem_link(
        services, waiting_link(services, session_id).token, device_kind="?", browser="?", cookie=None
    )
    assert redeemed.until == clock.now() + timedelta(hours=2)
    clock.advance(hours=2)
    with pytest.raises(Refusal) as refused:
        phone_of_cookie(services, redeemed.cookie)
    assert (refused.value.kind, refused.value.code) == (Kind.GONE, "session_expired")


def test_a_fresh_link_begins_the_phones_day_anew(services: Services, applicant: Applicant, clock: SetClock) -> None:
    applicant.to_papers()
    clock.advance(hours=20)
    _, cookie = let_in(services, refresh_link(services, applicant.session_id).token, applicant.cookie)
    clock.advance(hours=20)
    assert phone_of_cookie(services, cookie).session_id == applicant.session_id
    assert applicant.step(StepName.PHONE).state == "passed"


def test_a_phone_whose_cookie_was_too_old_proves_the_number_again(
    services: Services, applicant: Applicant, clock: SetClock
) -> None:
    applicant.to_papers()
    clock.advance(hours=25)
    let_in(services, refresh_link(services, applicant.session_id).token, applicant.cookie)
    assert applicant.step(StepName.PHONE).state == "open"


def test_fresh_links_are_limited(services: Services, portal: ApiKeyRow, clock: SetClock) -> None:
    session_id = open_session(services, portal, a_unit()).id
    for _ in range(LINKS.most):
        refresh_link(services, session_id)
    with pytest.raises(Refusal) as refused:
        refresh_link(services, session_id)
    assert (refused.value.kind, refused.value.retry_at) == (Kind.LIMITED, clock.now() + LINKS.within)


def test_a_second_device_that_keeps_trying_fills_no_trail(services: Services, portal: ApiKeyRow) -> None:
    session_id = open_session(services, portal, a_unit()).id
    token = waiting_link(services, session_id).token
    let_in(services, token)
    for _ in range(REFUSED_PHONES.most + 5):
        with pytest.raises(Refusal, match="link_already_used"):
            let_in(services, token)
    with services.store.read() as tx:
        written = [row for row in tx.audit.of_session(session_id) if row.what == "second_device_refused"]
    assert len(written) == REFUSED_PHONES.most


@pytest.mark.parametrize("cookie", [None, "made up"])
def test_without_a_cookie_of_ours_there_is_no_phone(services: Services, cookie: str | None) -> None:
    with pytest.raises(Refusal, match="unauthorized"):
        phone_of_cookie(services, cookie)
