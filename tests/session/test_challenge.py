"""The digits of a challenge and their times."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_svc.session.challenge import (
    BYTES_NEEDED,
    PACES,
    SLOW,
    TURN_BYTES_NEEDED,
    Challenge,
    draw,
    with_turn,
)


@given(st.binary(min_size=BYTES_NEEDED, max_size=BYTES_NEEDED))
def test_six_digits_none_twice_in_a_row_within_eight_to_nine_seconds(random: bytes) -> None:
    digits, reveals_s, duration_s = draw(random)
    assert len(digits) == len(reveals_s) == 6
    assert all(one != other for one, other in itertools.pairwise(digits))
    assert all(1.0 <= later - earlier <= 1.4 for earlier, later in itertools.pairwise(reveals_s))
    assert 8.0 <= duration_s <= 9.0
    assert duration_s - reveals_s[-1] >= 1.0


def test_every_digit_that_is_heard_well_comes_up_about_as_often_in_every_place_and_no_other() -> None:
    counts = [dict.fromkeys("13456789", 0) for _ in range(6)]
    for number in range(4000):
        seed = b"".join((number * 7919 * (place + 1) * 104729 % 2**32).to_bytes(4, "big") for place in range(12))
        for place, digit in enumerate(draw(seed)[0]):
            counts[place][digit] += 1
    assert all(400 < count < 600 for place in counts for count in place.values())


def test_each_challenge_is_drawn_as_often_as_any_other() -> None:
    numbers = itertools.product(range(8), range(7), range(7))
    rest = bytes(BYTES_NEEDED - 12)
    drawn = [draw(b"".join(each.to_bytes(4, "big") for each in three) + rest, PACES[SLOW])[0] for three in numbers]
    assert len(set(drawn)) == len(drawn) == 8 * 7 * 7


def test_too_few_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="random bytes"):
        draw(b"short")


@given(
    st.binary(min_size=BYTES_NEEDED, max_size=BYTES_NEEDED),
    st.binary(min_size=TURN_BYTES_NEEDED, max_size=TURN_BYTES_NEEDED),
)
def test_a_turn_has_its_time_between_two_digits_and_the_clip_stays_within_twelve_seconds(
    random: bytes, more: bytes
) -> None:
    _, reveals_s, duration_s = draw(random)
    later_s, longer_s, turn = with_turn(reveals_s, duration_s, more)
    assert len(later_s) == 6
    assert turn.after in (2, 3, 4)
    assert turn.direction in ("left", "right")
    before, after = later_s[turn.after - 1], later_s[turn.after]
    assert turn.at_s - before >= 1.0
    assert turn.until_s == pytest.approx(after)
    assert after - turn.at_s == pytest.approx(2.5)
    assert longer_s <= 11.5
    assert longer_s - later_s[-1] >= 1.0


@given(
    st.binary(min_size=BYTES_NEEDED, max_size=BYTES_NEEDED),
    st.binary(min_size=TURN_BYTES_NEEDED, max_size=TURN_BYTES_NEEDED),
)
def test_more_time_is_three_digits_with_more_than_two_seconds_each_in_a_clip_no_longer(
    random: bytes, more: bytes
) -> None:
    digits, reveals_s, duration_s = draw(random, PACES[SLOW])
    later_s, longer_s, turn = with_turn(reveals_s, duration_s, more, PACES[SLOW])
    assert len(digits) == len(later_s) == 3
    assert all(one != other for one, other in itertools.pairwise(digits))
    ends_s = (*later_s[1 : turn.after], turn.at_s, *later_s[turn.after + 1 :], longer_s)
    assert all(end_s - start_s >= 2.29 for start_s, end_s in zip(later_s, ends_s, strict=True))
    assert turn.after in (1, 2)
    assert longer_s <= 11.5


def test_both_directions_and_every_place_come_up() -> None:
    reveals_s = (0.7, 1.9, 3.1, 4.3, 5.5, 6.7)
    turns = [with_turn(reveals_s, 8.0, bytes([place, way]))[2] for place in range(6) for way in range(2)]
    assert {(turn.after, turn.direction) for turn in turns} == set(itertools.product((2, 3, 4), ("left", "right")))


def test_neither_the_turn_nor_the_digit_after_it_is_known_before_its_time() -> None:
    begun_at = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    reveals_s, duration_s, turn = with_turn((0.7, 1.9, 3.1, 4.3, 5.5, 6.7), 8.0, bytes([0, 1]))
    asked = Challenge("ch_1", "483026", reveals_s, duration_s, "zh", "live", begun_at, begun_at, way="typed", turn=turn)

    def known(seconds: float) -> tuple[int, bool]:
        at = begun_at + timedelta(seconds=seconds)
        return asked.due(at), asked.turn_due(at)

    assert known(0.8) == (2, False)
    assert known(1.85) == (2, False)
    assert known(1.95) == (2, True)
    assert known(3.05) == (2, True)
    assert known(3.15) == (3, True)
    assert known(5.65) == (4, True)
    assert not replace(asked, begun_at=None).turn_due(begun_at)


def test_too_few_bytes_for_a_turn_are_refused() -> None:
    with pytest.raises(ValueError, match="random bytes"):
        with_turn((0.7, 1.9, 3.1, 4.3, 5.5, 6.7), 8.0, b"1")
