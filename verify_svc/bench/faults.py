"""What a labelled clip can show: the faults, which check names each and by which reasons, and the words of the labels.

`FAULTS` are the words of the column `what`; `WORDS` those of the columns that describe one thing each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from verify_svc.session.reasons import REASONS

GOOD = "good"
ATTACK = "attack"


@dataclass(frozen=True, slots=True)
class Fault:
    """`check` is the branch of the report that judges it; it is named right when one of `named` is among the reasons.
    `may_be_clear`: it does no harm, so that nothing need be said."""

    check: str
    named: frozenset[str]
    may_be_clear: bool = False


def _fault(check: str, *named: str, may_be_clear: bool = False) -> Fault:
    return Fault(check, frozenset(named), may_be_clear)


_NOT_WHITE = _fault("background", "background_not_white")
_ATTACKED = _fault("attack", *(code for code in REASONS if code.startswith("presentation_attack_")))

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        "eyes_closed": _fault("eyes", "eyes_closed"),
        "many_blinks": _fault("eyes", "blinking"),
        "shake": _fault("head", "head_shaking"),
        "turned": _fault("head", "head_turned", "head_shaking"),
        "blur": _fault("sharpness", "video_blurry"),
        "motion_blur": _fault("sharpness", "video_blurry", "head_shaking"),
        "dark": _fault("light", "too_dark"),
        "overexposed": _fault("light", "too_bright"),
        "side_light": _fault("light", "uneven_light"),
        "second_face": _fault("face", "face_multiple"),
        "face_changed": _fault("same_face", "face_changed"),
        "mask": _fault("cover", "face_occluded"),
        "hand": _fault("cover", "face_occluded"),
        "sunglasses": _fault("worn", "sunglasses_worn"),
        "bare_shoulders": _fault("shoulders", "shoulders_bare"),
        "off_centre": _fault("place", "face_off_centre"),
        "too_small": _fault("place", "face_too_small"),
        "too_large": _fault("place", "face_too_large"),
        "background_blue": _NOT_WHITE,
        "background_beige": _NOT_WHITE,
        "background_coloured": _NOT_WHITE,
        "background_clutter": _NOT_WHITE,
        "background_dark": _NOT_WHITE,
        "low_fps": _fault("recording", "video_frame_rate_low"),
        "rotated": _fault("recording", may_be_clear=True),
        "wrong_digit": _fault("digits", "digits_mismatch"),
        "missing_digit": _fault("digits", "digits_incomplete", "digits_mismatch"),
        "extra_digit": _fault("digits", "digits_mismatch"),
        "silent": _fault("sound", "speech_not_found", "audio_too_quiet", "audio_missing"),
        "noise": _fault("sound", "audio_too_noisy", may_be_clear=True),
        "still_mouth": _fault("lips", "lips_do_not_follow_speech"),
        "dubbed": _fault("lips", "lips_do_not_follow_speech"),
        "other_person": _fault("match", "selfie_face_mismatch", "selfie_match_uncertain"),
        # A photograph with sound.
        "still": _fault("attack", "lips_do_not_follow_speech", *_ATTACKED.named),
        ATTACK: _ATTACKED,
    }
)
WRONG_DIGITS = frozenset({"wrong_digit", "missing_digit", "extra_digit"})


@dataclass(frozen=True, slots=True)
class Word:
    """What a word says: the faults that are there, and those that are not. Neither: it is between good and bad."""

    shows: frozenset[str] = field(default_factory=frozenset)
    free_of: frozenset[str] = field(default_factory=frozenset)


def _shows(*faults: str, free_of: tuple[str, ...] = ()) -> Word:
    return Word(frozenset(faults), frozenset(free_of))


_STEADY = _shows(free_of=("shake", "turned"))
_BARE = _shows(free_of=("mask", "hand"))
_WHITE = _shows(free_of=tuple(name for name, fault in FAULTS.items() if fault is _NOT_WHITE))
_UNCLEAR = Word()

WORDS: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "eyes": {
            "open": _shows(free_of=("eyes_closed",)),
            "blinks": _UNCLEAR,  # seen closed, nobody says for how long
            "half_closed": _UNCLEAR,
            "closed": _shows("eyes_closed"),
        },
        "head": {
            "still": _STEADY,
            "slight": _STEADY,
            "moves": _UNCLEAR,
            "nods": _UNCLEAR,
            "leaves": _UNCLEAR,
            "turns": _shows("turned"),
            "shakes": _shows("shake"),
        },
        "mouth": {
            "talking": Word(frozenset(), _BARE.free_of | {"still_mouth"}),
            "expressive": _BARE,
            "smiles": _BARE,
            "silent": Word(frozenset({"still_mouth"}), _BARE.free_of),
            "covered": _shows("mask"),
        },
        "background": {
            "white": _WHITE,
            "light": _UNCLEAR,
            "plain_colour": _shows("background_coloured"),
            "blue": _shows("background_blue"),
            "beige": _shows("background_beige"),
            "cluttered": _shows("background_clutter"),
            "clutter": _shows("background_clutter"),
            "dark": _shows("background_dark"),
        },
        "sharpness": {
            "sharp": _shows(free_of=("blur", "motion_blur")),
            "soft": _UNCLEAR,
            "low_res": _UNCLEAR,
            "blurred": _shows("blur"),
            "motion_blur": _shows("motion_blur"),
        },
        "light": {
            "normal": _shows(free_of=("dark", "overexposed")),
            "dark": _shows("dark", free_of=("overexposed",)),
            "bright": _shows("overexposed", free_of=("dark",)),
            "backlit": _UNCLEAR,
            "side": _UNCLEAR,
        },
    }
)
"""By column, then by word."""
