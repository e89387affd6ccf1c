"""What is told of a move."""

from __future__ import annotations

from tests.session.journey import a_journey, a_match
from verify_svc.session.changes import Change, changes, comparison_to_make
from verify_svc.session.events import FacesCompared, RedoAsked
from verify_svc.session.steps import StepName


def test_a_passed_step_is_told_to_the_portal() -> None:
    journey = a_journey().to_papers()
    before = journey.session
    journey.licence()
    assert list(changes(before, journey.session)) == [
        Change("verification_session.step_completed", StepName.SUBJECT_DOCUMENT)
    ]


def test_a_step_in_work_is_told_to_the_pages_alone() -> None:
    journey = a_journey().to_papers()
    before = journey.session
    journey.submit(StepName.SUBJECT_DOCUMENT, "page")
    assert list(changes(before, journey.session)) == [Change("step_changed", StepName.SUBJECT_DOCUMENT)]


def test_a_new_status_is_told() -> None:
    journey = a_journey(wanted=(StepName.SUBJECT_DOCUMENT,)).to_papers()
    before = journey.session
    journey.licence()
    assert [change.type for change in changes(before, journey.session)][-1] == "verification_session.verified"


def test_a_request_to_redo_is_told_even_where_the_status_stays() -> None:
    journey = a_journey().to_papers()
    journey.licence()
    before = journey.session
    journey.on(RedoAsked(journey.now, "portal:key_1", (StepName.SUBJECT_DOCUMENT,), "redo_requested", "", ""))
    assert [change.type for change in changes(before, journey.session)][-1] == "verification_session.requires_input"


def test_a_comparison_is_asked_for_once() -> None:
    journey = a_journey().to_papers()
    clip = journey.clip()
    before = journey.session
    portrait = journey.portrait()
    assert comparison_to_make(before, journey.session) == (clip, portrait)
    before = journey.session
    journey.emblem()
    assert comparison_to_make(before, journey.session) is None
    journey.on(FacesCompared(journey.now, clip, portrait, (a_match(),)))
    assert comparison_to_make(before, journey.session) is None
