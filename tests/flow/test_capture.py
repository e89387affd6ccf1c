"""Digits are given out one by one, and a clip that can't be the page's own recording counts as a fallback."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.outside import SetClock
from tests.flow.applicant import Applicant
from verify_svc.face.source import FrameTimes, SourceFacts
from verify_svc.flow import views
from verify_svc.flow.capture import claim_holds, source_told
from verify_svc.flow.challenge import begin_challenge, digit, new_challenge
from verify_svc.flow.refusal import Refusal
from verify_svc.flow.upload import submit_clip
from verify_svc.flow.upload_view import challenge_kept
from verify_svc.ports import UploadRow
from verify_svc.session.challenge import Challenge
from verify_svc.session.steps import StepName


@pytest.fixture
def live(applicant: Applicant) -> views.Challenge:
    applicant.to_papers()
    return new_challenge(applicant.services, applicant.phone, language="zh", mode="live")


def known(applicant: Applicant, challenge: views.Challenge) -> str:
    """All digits that the phone can learn now."""
    found = ""
    for place in range(challenge.count):
        with suppress(Refusal):
            found += digit(applicant.services, applicant.phone, challenge.id, place)
    return found


def test_a_live_phone_learns_each_digit_when_the_one_before_it_is_shown(
    applicant: Applicant, live: views.Challenge, clock: SetClock
) -> None:
    assert (live.digits, live.count, known(applicant, live)) == (None, 6, "")
    begun_at = clock.now()
    first = begin_challenge(applicant.services, applicant.phone, live.id)
    assert known(applicant, live) == first
    for shown, reveal_s in enumerate(live.reveals_s, 1):
        clock.at = begun_at + timedelta(seconds=reveal_s, milliseconds=-10)
        assert len(known(applicant, live)) == shown
        clock.advance(milliseconds=10)
        assert len(known(applicant, live)) == min(6, shown + 1)
    assert known(applicant, live).startswith(first)


def test_a_film_made_beforehand_is_told_all_digits(applicant: Applicant) -> None:
    applicant.to_papers()
    film = new_challenge(applicant.services, applicant.phone, language="zh", mode="file")
    assert film.digits == known(applicant, film)


def test_beginning_again_gives_no_other_time(applicant: Applicant, live: views.Challenge, clock: SetClock) -> None:
    first = begin_challenge(applicant.services, applicant.phone, live.id)
    clock.advance(seconds=live.reveals_s[0])
    assert begin_challenge(applicant.services, applicant.phone, live.id) == first
    assert len(known(applicant, live)) == 2


def test_there_is_no_seventh_digit(applicant: Applicant, live: views.Challenge) -> None:
    with pytest.raises(Refusal, match="not_found"):
        digit(applicant.services, applicant.phone, live.id, 6)


def test_a_challenge_that_is_too_old_or_replaced_gives_nothing(
    applicant: Applicant, live: views.Challenge, clock: SetClock
) -> None:
    fresh = new_challenge(applicant.services, applicant.phone, language="zh", mode="live")
    with pytest.raises(Refusal, match="conflict"):
        begin_challenge(applicant.services, applicant.phone, live.id)
    begin_challenge(applicant.services, applicant.phone, fresh.id)
    clock.advance(seconds=61)
    with pytest.raises(Refusal, match="challenge_expired"):
        begin_challenge(applicant.services, applicant.phone, fresh.id)
    with pytest.raises(Refusal, match="challenge_expired"):
        digit(applicant.services, applicant.phone, fresh.id, 0)


REVEALS_S = (0.7, 1.9, 3.1, 4.3, 5.5, 6.7)


@pytest.fixture
def kept(clock: SetClock) -> dict[str, Any]:
    expires_at = clock.now() + timedelta(seconds=60)
    return challenge_kept(Challenge("ch_1", "483026", REVEALS_S, 8.0, "zh", "live", expires_at, clock.now()))


@pytest.fixture
def row(applicant: Applicant, clock: SetClock) -> UploadRow:
    upload_id = applicant.to_papers().puts(StepName.FACE, "clip", capture="camera")
    with applicant.services.store.read() as tx:
        found = tx.uploads.get(upload_id)
    assert found is not None
    return replace(found, created_at=clock.now() + timedelta(seconds=9))


def test_a_recording_that_came_after_its_digits_is_believed(row: UploadRow, kept: dict[str, Any]) -> None:
    assert claim_holds(row, kept, 8.1, from_a_page=True)


def test_a_recording_that_took_its_time_on_the_way_is_believed(row: UploadRow, kept: dict[str, Any]) -> None:
    assert claim_holds(replace(row, created_at=row.created_at + timedelta(seconds=40)), kept, 8.1, from_a_page=True)


@pytest.mark.parametrize(
    ("came_after_s", "duration_s", "from_a_page"),
    [
        pytest.param(9.0, 8.1, False, id="another program's file"),
        pytest.param(4.0, 3.9, True, id="before the last digit could be seen"),
        pytest.param(9.0, 11.9, True, id="longer than the time since"),
        pytest.param(9.0, 4.0, True, id="too short for the digits"),
    ],
)
def test_what_can_not_have_been_recorded_then_is_not_believed(
    row: UploadRow, kept: dict[str, Any], clock: SetClock, came_after_s: float, duration_s: float, from_a_page: bool
) -> None:
    came = replace(row, created_at=clock.now() + timedelta(seconds=came_after_s))
    assert not claim_holds(came, kept, duration_s, from_a_page)


def test_what_the_page_says_of_its_camera_is_kept_with_the_clip(applicant: Applicant) -> None:
    told = SourceFacts("OBS Virtual Camera", 1280, 720, 30.0, "user", "video/webm", FrameTimes(240, 33.3, 2.0, 0))
    applicant.to_papers()
    challenge = new_challenge(applicant.services, applicant.phone, language="zh", mode="live")
    upload_id = applicant.puts(StepName.FACE, "clip", capture="camera")
    submit_clip(applicant.services, applicant.phone, upload_id, challenge_id=challenge.id, shown_at_s=None, source=told)
    with applicant.services.store.read() as tx:
        kept = tx.uploads.get(upload_id)
    assert kept is not None
    assert source_told(kept) == told


def test_a_page_that_says_nothing_of_its_camera_is_heard_too(row: UploadRow) -> None:
    assert source_told(row) is None


def test_who_never_began_is_not_believed(row: UploadRow, kept: dict[str, Any]) -> None:
    assert not claim_holds(row, {**kept, "begun_at": None}, 8.1, from_a_page=True)
