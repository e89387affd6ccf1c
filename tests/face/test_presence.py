"""One face, its place, the same face."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.face.made_tracks import calm_track, detected, sight, still_points
from verify_svc.face.presence import judge_place, judge_presence, judge_same_face, not_comparable
from verify_svc.inference.faces import Sight
from verify_svc.session.finding import Outcome

_TIMES_S = [0.5 * number for number in range(12)]


def test_one_face_passes() -> None:
    assert judge_presence(calm_track(), _TIMES_S, [sight()] * 12).outcome is Outcome.PASS


def test_a_bystander_is_named_with_moments() -> None:
    crowd = sight(detected(), detected(x=400, width=60, score=0.8))
    finding = judge_presence(calm_track(), _TIMES_S, [sight()] * 6 + [crowd] * 6)
    assert finding.reasons == ("face_multiple",)
    assert finding.moments[0].start_s == 2.75
    assert finding.measured["most_faces"] == 2


def test_the_same_face_found_twice_is_one() -> None:
    twice = sight(detected(), detected(x=160, width=120, score=0.8))
    assert judge_presence(calm_track(), _TIMES_S, [twice] * 12).outcome is Outcome.PASS


def test_a_bystander_in_one_frame_alone_is_a_mistake_of_the_detector() -> None:
    crowd = sight(detected(), detected(x=400, width=60, score=0.8))
    assert judge_presence(calm_track(), _TIMES_S, [sight()] * 11 + [crowd]).outcome is Outcome.PASS


@pytest.mark.parametrize(("frames", "reasons"), [(1, ()), (2, ("face_multiple",))])
def test_a_bystander_for_a_third_of_a_second_is_told_from_a_mistake_by_the_frames_around(
    frames: int, reasons: tuple[str, ...]
) -> None:
    crowd = sight(detected(), detected(x=400, width=60, score=0.8))
    between = [(3.1 + 0.1 * number, crowd if number < frames else sight()) for number in range(4)]
    looks = [sight()] * 6 + [crowd] + [sight()] * 5
    finding = judge_presence(calm_track(), _TIMES_S, looks, between)
    assert finding.reasons == reasons
    assert [moment.start_s for moment in finding.moments] == ([2.75] if reasons else [])


def test_no_face_is_named() -> None:
    finding = judge_presence(calm_track(found=False), _TIMES_S, [Sight(())] * 12)
    assert finding.reasons == ("face_not_found",)


def test_size_and_place_are_judged() -> None:
    def reasons(middle: tuple[float, float] = (240, 290), width_px: float = 200) -> tuple[str, ...]:
        return judge_place(calm_track(points=still_points(72, middle, width_px))).reasons

    assert reasons() == ()
    assert reasons(width_px=80) == ("face_too_small",)
    assert reasons(width_px=390) == ("face_too_large",)
    assert reasons(middle=(90, 290)) == ("face_off_centre",)
    assert reasons(middle=(240, 560)) == ("face_off_centre",)


def test_a_face_too_high_for_a_phone_held_sideways_is_too_large() -> None:
    track = replace(calm_track(points=still_points(72, (320, 240), 310)), size_px=(640, 480))
    assert judge_place(track).reasons == ("face_too_large",)


def test_another_person_midway_is_named() -> None:
    finding = judge_same_face(_TIMES_S, [sight(person=1)] * 8 + [sight(person=2)] * 4)
    assert finding.reasons == ("face_changed",)
    assert finding.moments[0].start_s == 3.75


def test_another_face_held_aside_is_named_with_its_moments() -> None:
    turned = sight(detected(turn=0.5), person=2)
    finding = judge_same_face(_TIMES_S, [sight(person=1)] * 8 + [turned] * 4)
    assert finding.reasons == ("face_changed",)
    assert finding.moments[0].start_s == 3.75


@pytest.mark.parametrize(("likeness", "turn"), [(0.4, 0.5), (0.0, 1.2)], ids=["a little unlike", "too far aside"])
def test_what_a_turn_does_to_a_face_makes_it_no_other(likeness: float, turn: float) -> None:
    turned = sight(detected(turn=turn), person=2)
    assert turned.embedding is not None
    turned.embedding[1:3] = 12 * likeness, 12 * (1 - likeness**2) ** 0.5
    assert judge_same_face(_TIMES_S, [sight(person=1)] * 8 + [turned] * 4).outcome is Outcome.PASS


@pytest.mark.parametrize(("likeness", "reasons"), [(0.38, ()), (0.3, ("face_changed",))])
def test_a_further_look_between_the_close_ones_is_compared_as_leniently(
    likeness: float, reasons: tuple[str, ...]
) -> None:
    blurred = sight(person=2)
    assert blurred.embedding is not None
    blurred.embedding[1:3] = 12 * likeness, 12 * (1 - likeness**2) ** 0.5
    finding = judge_same_face(_TIMES_S, [sight(person=1)] * 12, [(2.3, blurred)])
    assert finding.reasons == reasons
    assert [moment.start_s for moment in finding.moments] == ([2.05] if reasons else [])


def test_a_head_held_aside_all_the_time_is_compared_with_itself() -> None:
    aside = sight(detected(turn=0.4), person=1)
    assert judge_same_face(_TIMES_S, [aside] * 12).outcome is Outcome.PASS
    assert judge_same_face(_TIMES_S, [aside] * 8 + [sight(detected(turn=0.4), person=2)] * 4).reasons


def test_a_shaken_heads_sides_are_not_compared() -> None:
    sides = [sight(detected(turn=turn), person=person) for person, turn in ((1, 0.5), (2, -0.5))]
    assert judge_same_face(_TIMES_S, sides * 6).outcome is Outcome.NOT_CHECKED


def test_one_comparable_frame_is_not_checked() -> None:
    assert judge_same_face([0.0], [sight()]).outcome is Outcome.NOT_CHECKED


def test_a_face_that_says_too_little_to_be_compared_is_told() -> None:
    seen = [sight(), sight(norm=8.0), Sight((detected(),))]
    assert not_comparable([0.5, 1.0, 1.5], seen) == {1.0}
