"""Digits typed by who can't speak or hear, and a turn of the head at an arrow: the phone learns neither beforehand."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.outside import SetClock
from tests.flow.applicant import Applicant
from verify_svc.face.typed import TypedKey
from verify_svc.flow import answer, views
from verify_svc.flow.challenge import begin_challenge, digit, new_challenge, turn_direction
from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.flow.upload import Typed, submit_clip
from verify_svc.ports import UploadRow
from verify_svc.session.steps import StepName

KEYS = (TypedKey("4", 1.4), TypedKey("8", 2.6))


@pytest.fixture
def typed(applicant: Applicant) -> views.Challenge:
    applicant.to_papers()
    return new_challenge(applicant.services, applicant.phone, language="zh", mode="live", way="typed")


def sent(applicant: Applicant, challenge: views.Challenge, turn_shown_at_s: float | None = None) -> UploadRow:
    """A clip handed in with its keys."""
    upload_id = applicant.puts(StepName.FACE, "clip", capture="camera")
    said = Typed(KEYS, turn_shown_at_s)
    submit_clip(applicant.services, applicant.phone, upload_id, challenge_id=challenge.id, shown_at_s=None, typed=said)
    with applicant.services.store.read() as tx:
        row = tx.uploads.get(upload_id)
    assert row is not None
    return row


def kept(row: UploadRow) -> dict[str, Any]:
    challenge: dict[str, Any] = json.loads(row.sent)["challenge"]
    return challenge


def test_keys_sent_beside_digits_that_were_to_be_spoken_are_not_believed(applicant: Applicant) -> None:
    applicant.to_papers()
    spoken = new_challenge(applicant.services, applicant.phone, language="zh", mode="live")
    assert answer.keys(sent(applicant, spoken)) == ()


def test_the_direction_is_told_once_the_digit_before_the_arrow_is_to_be_seen(
    applicant: Applicant, typed: views.Challenge, clock: SetClock
) -> None:
    assert typed.turn is not None
    assert typed.digits is None
    services, phone = applicant.services, applicant.phone
    with pytest.raises(Refusal, match="conflict"):
        turn_direction(services, phone, typed.id)
    begun_at = clock.now()
    begin_challenge(services, phone, typed.id)
    before_s = typed.reveals_s[typed.turn.after - 1]
    clock.at = begun_at + timedelta(seconds=before_s, milliseconds=-10)
    with pytest.raises(Refusal, match="conflict"):
        turn_direction(services, phone, typed.id)
    clock.at = begun_at + timedelta(seconds=before_s, milliseconds=10)
    assert turn_direction(services, phone, typed.id) in ("left", "right")
    with pytest.raises(Refusal, match="conflict"):
        digit(services, phone, typed.id, typed.turn.after)
    clock.at = begun_at + timedelta(seconds=typed.turn.at_s, milliseconds=10)
    assert digit(services, phone, typed.id, typed.turn.after).isdigit()


def test_digits_that_are_read_aloud_come_without_a_turn(applicant: Applicant) -> None:
    applicant.to_papers()
    spoken = new_challenge(applicant.services, applicant.phone, language="zh", mode="live")
    assert spoken.turn is None
    begin_challenge(applicant.services, applicant.phone, spoken.id)
    with pytest.raises(Refusal, match="not_found"):
        turn_direction(applicant.services, applicant.phone, spoken.id)


@pytest.mark.parametrize(("mode", "way"), [("file", "typed"), ("live", "sung")])
def test_a_film_made_beforehand_has_no_typed_digits(applicant: Applicant, mode: str, way: str) -> None:
    applicant.to_papers()
    with pytest.raises(Refusal) as refused:
        new_challenge(applicant.services, applicant.phone, language="zh", mode=mode, way=way)
    assert refused.value.kind is Kind.INVALID


def test_who_types_may_have_fewer_digits_and_more_time(applicant: Applicant) -> None:
    applicant.to_papers()
    made = new_challenge(applicant.services, applicant.phone, language="zh", mode="live", way="typed", pace="slow")
    assert made.count == len(made.reveals_s) == 3
    begin_challenge(applicant.services, applicant.phone, made.id)
    with pytest.raises(Refusal, match="not_found"):
        digit(applicant.services, applicant.phone, made.id, 3)
    assert kept(sent(applicant, made))["pace"] == "slow"


def test_no_more_time_is_had_for_reading_aloud(applicant: Applicant) -> None:
    applicant.to_papers()
    with pytest.raises(Refusal) as refused:
        new_challenge(applicant.services, applicant.phone, language="zh", mode="live", pace="slow")
    assert refused.value.kind is Kind.INVALID


def test_keys_are_kept_with_the_clip_and_the_way_is_shown(applicant: Applicant, typed: views.Challenge) -> None:
    row = sent(applicant, typed)
    assert answer.keys(row) == KEYS
    assert kept(row)["way"] == "typed"
    assert applicant.step(StepName.FACE).slots[0].way == "typed"


@pytest.mark.parametrize(("off_s", "believed_s"), [(0.3, 0.3), (0.7, 0.0), (-3.0, 0.0)])
def test_the_page_is_believed_about_the_arrow_as_far_as_it_fits(
    applicant: Applicant, typed: views.Challenge, off_s: float, believed_s: float
) -> None:
    assert typed.turn is not None
    row = sent(applicant, typed, typed.turn.at_s + off_s)
    asked = answer.turn(row, kept(row))
    assert asked is not None
    assert asked.shown_s == pytest.approx(typed.turn.at_s + believed_s)
    assert asked.until_s - asked.shown_s == pytest.approx(2.5)
    assert asked.direction in ("left", "right")


def test_of_a_clip_kept_by_an_earlier_release_nothing_was_typed(applicant: Applicant) -> None:
    applicant.to_papers()
    challenge = new_challenge(applicant.services, applicant.phone, language="zh", mode="live")
    row = sent(applicant, challenge)
    earlier = {name: value for name, value in kept(row).items() if name not in ("way", "turn")}
    assert answer.turn(row, earlier) is None
