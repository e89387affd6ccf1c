"""Right digits, in order, and no others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from verify_svc.inference.speech import NOT_HEARD, DigitScores
from verify_svc.session.finding import Moment, Outcome
from verify_svc.speech.digits import judge_digits
from verify_svc.speech.voice import Voice

_FLOOR_DB = 10.0


def _scores(*places: float, heard: str = "483026.") -> DigitScores:
    return DigitScores(
        np.array(places), heard, (float(np.nanmin(places)) if np.isfinite(places[:-1]).all() else NOT_HEARD,)
    )


def _voice(
    count: int = 6,
    length_s: float = 0.4,
    noise_ratio_db: float | None = 40.0,
    treble_db: float = -20.0,
    fall_db: float | None = None,
) -> Voice:
    stretches = tuple(Moment(0.9 * place, 0.9 * place + length_s) for place in range(count))
    return Voice(stretches, -20.0, noise_ratio_db, 0.4, 0.0, 7.0, treble_db, np.zeros(700, np.float32), fall_db)


_SURE = _scores(-0.1, -0.1, -0.2, -0.1, -0.3, -0.1, -0.5)


def test_the_right_digits_pass() -> None:
    finding = judge_digits("483026", _SURE, _voice(), _FLOOR_DB)
    assert finding.outcome is Outcome.PASS
    assert finding.score == -0.5


def test_a_wrong_digit_fails() -> None:
    scores = _scores(-0.1, -0.1, -9.4, -0.1, -0.3, -0.1, -0.5, heard="487026.")
    finding = judge_digits("483026", scores, _voice(), _FLOOR_DB)
    assert (finding.outcome, finding.reasons) == (Outcome.FAIL, ("digits_mismatch",))


def test_an_unsure_digit_is_to_be_said_again_and_never_passes() -> None:
    scores = _scores(-0.1, -0.1, -3.2, -0.1, -0.3, -0.1, -0.5)
    finding = judge_digits("483026", scores, _voice(), _FLOOR_DB)
    assert (finding.outcome, finding.reasons) == (Outcome.INCONCLUSIVE, ("digits_mismatch",))


@pytest.mark.parametrize(("readings", "outcome"), [(1, Outcome.INCONCLUSIVE), (2, Outcome.PASS), (4, Outcome.PASS)])
def test_more_readings_are_believed_sooner(readings: int, outcome: Outcome) -> None:
    scores = replace(_scores(-0.1, -0.1, -1.2, -0.1, -0.3, -0.1, -0.5), worst=(-1.4,) * readings)
    assert judge_digits("483026", scores, _voice(), _FLOOR_DB).outcome is outcome


@pytest.mark.parametrize(("readings", "outcome"), [(4, Outcome.INCONCLUSIVE), (6, Outcome.PASS)])
def test_all_readings_are_believed_soonest(readings: int, outcome: Outcome) -> None:
    scores = replace(_scores(-0.1, -0.1, -1.2, -0.1, -0.3, -0.1, -0.5), worst=(-2.8,) * readings)
    assert judge_digits("483026", scores, _voice(), _FLOOR_DB).outcome is outcome


@pytest.mark.parametrize(
    ("voice", "outcome"),
    [
        pytest.param(_voice(), Outcome.PASS, id="clear"),
        pytest.param(_voice(noise_ratio_db=15.0), Outcome.INCONCLUSIVE, id="noise"),
        pytest.param(_voice(treble_db=-45.0), Outcome.INCONCLUSIVE, id="telephone"),
        pytest.param(_voice(treble_db=-34.0), Outcome.INCONCLUSIVE, id="telephone in a room"),
        pytest.param(_voice(fall_db=25.0), Outcome.INCONCLUSIVE, id="a room that rings"),
        pytest.param(_voice(2, 0.8, fall_db=25.0), Outcome.INCONCLUSIVE, id="connected in a room that rings"),
        pytest.param(_voice(fall_db=34.0), Outcome.PASS, id="a room that hardly rings"),
        pytest.param(_voice(noise_ratio_db=25.0, fall_db=25.0), Outcome.PASS, id="a little noise"),
        pytest.param(_voice(2, 0.8, treble_db=-45.0), Outcome.PASS, id="connected by telephone"),
    ],
)
def test_it_takes_more_to_be_sure_of_weak_sound(voice: Voice, outcome: Outcome) -> None:
    scores = _scores(-0.1, -0.1, -0.9, -0.1, -0.3, -0.1, -0.5)
    assert judge_digits("483026", scores, voice, _FLOOR_DB).outcome is outcome


@pytest.mark.parametrize(("stretches", "outcome"), [(6, Outcome.INCONCLUSIVE), (2, Outcome.PASS)])
def test_one_reading_of_digits_that_stand_apart_is_doubted_sooner(stretches: int, outcome: Outcome) -> None:
    scores = _scores(-0.1, -0.1, -1.2, -0.1, -0.3, -0.1, -0.5)
    assert judge_digits("483026", scores, _voice(stretches), _FLOOR_DB).outcome is outcome


def test_digits_that_end_early_are_incomplete() -> None:
    scores = _scores(-0.1, -0.1, -0.1, -0.1, -0.3, -10.7, -1.7, heard="48302.3")
    assert judge_digits("483026", scores, _voice(5), _FLOOR_DB).reasons == ("digits_incomplete",)


def test_digits_that_the_model_gives_no_row_for_were_not_heard() -> None:
    scores = _scores(-0.1, -0.1, -0.1, -0.1, np.nan, np.nan, np.nan, heard="4830")
    assert judge_digits("483026", scores, _voice(4), _FLOOR_DB).outcome is Outcome.FAIL


def test_a_missing_row_for_the_end_alone_is_forgiven() -> None:
    scores = _scores(-0.1, -0.1, -0.1, -0.1, -0.1, -0.1, np.nan, heard="483026")
    assert judge_digits("483026", scores, _voice(), _FLOOR_DB).outcome is Outcome.PASS


def test_a_digit_too_many_is_counted() -> None:
    assert judge_digits("483026", _SURE, _voice(7), _FLOOR_DB).reasons == ("digits_mismatch",)


def test_a_short_digit_too_many_is_counted() -> None:
    voice = _voice()
    short = replace(voice, stretches=(*voice.stretches, Moment(6.0, 6.16)))
    assert judge_digits("483026", _SURE, short, _FLOOR_DB).reasons == ("digits_mismatch",)


def test_digits_run_together_still_pass() -> None:
    assert judge_digits("483026", _SURE, _voice(2, length_s=0.8), _FLOOR_DB).outcome is Outcome.PASS


def test_more_speech_than_the_digits_take_is_asked_for_again() -> None:
    finding = judge_digits("483026", _SURE, _voice(length_s=0.85), _FLOOR_DB)
    assert (finding.outcome, finding.reasons) == (Outcome.INCONCLUSIVE, ("speech_besides_digits",))


def test_another_voice_does_not_excuse_wrong_digits() -> None:
    scores = _scores(-0.1, -0.1, -9.4, -0.1, -0.3, -0.1, -0.5, heard="487026.")
    finding = judge_digits("483026", scores, _voice(length_s=0.85), _FLOOR_DB)
    assert (finding.outcome, finding.reasons) == (Outcome.FAIL, ("digits_mismatch", "speech_besides_digits"))


def test_too_little_speech_for_so_many_digits_is_incomplete() -> None:
    assert judge_digits("483026", _SURE, _voice(1, length_s=0.4), _FLOOR_DB).reasons == ("digits_incomplete",)


def test_a_failure_in_noise_is_blamed_on_noise_too() -> None:
    scores = _scores(-0.1, -5.0, -0.1, -0.1, -0.3, -0.1, -0.5)
    reasons = judge_digits("483026", scores, _voice(noise_ratio_db=4.0), _FLOOR_DB).reasons
    assert reasons == ("digits_mismatch", "audio_too_noisy")


@pytest.mark.parametrize("missing", ["scores", "voice"])
def test_nothing_heard_is_not_checked(missing: str) -> None:
    scores, voice = (None, _voice()) if missing == "scores" else (_SURE, None)
    assert judge_digits("483026", scores, voice, _FLOOR_DB).outcome is Outcome.NOT_CHECKED
