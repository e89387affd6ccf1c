"""Rule packs: what provinces settle differently, as data. Read from parsed TOML; a report names the pack it used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from verify_svc.certificate.kinds import PAGES
from verify_svc.session.reasons import REASONS, Effect
from verify_svc.session.steps import StepName


class PackFault(Exception):
    """A rule pack that can't be used; the message names the entry."""


@dataclass(frozen=True, slots=True)
class AttemptLimits:
    """Failures that lock a step, for how long, and how many more put it in review."""

    failures_until_lock: int
    lock: timedelta
    failures_after_lock: int


@dataclass(frozen=True, slots=True)
class PhoneLimits:
    """Limits of the phone step. `number_tries` wrong numbers lock it for `number_lock`."""

    number_tries: int
    number_lock: timedelta
    code_lives: timedelta
    code_tries: int
    codes_an_hour: int
    codes_an_hour_to_number: int
    resend_after: timedelta


@dataclass(frozen=True, slots=True)
class StillFormat:
    """The portrait that is cut from a clip: width to height, the face's width as a share of the portrait's, and where
    the eyes are as a share of its height from the top."""

    aspect: tuple[int, int] = (3, 4)
    face_width: float = 0.46  # ISO/IEC 19794-5 asks for 0.5–0.75 of a passport photograph; shoulders want more room
    eyes_height: float = 0.42


@dataclass(frozen=True, slots=True)
class FaceRules:
    """What a clip may hold. `challenge_lives` is how long digits are good for."""

    challenge_lives: timedelta
    max_blinks: int
    longest_closure_s: float
    still: StillFormat


@dataclass(frozen=True, slots=True)
class RulePack:
    """One version of one province's rules (`base`: those that hold everywhere).

    A form may be dated so many days (`form_days_off_face`) before or after the face was taken.
    """

    id: str
    version: int
    steps: Mapping[str, tuple[StepName, ...]]
    subject_kinds: Mapping[str, tuple[str, ...]]
    person_kinds: tuple[str, ...]
    attempts: AttemptLimits
    phone: PhoneLimits
    face: FaceRules
    card_valid_months: int
    form_days_off_face: int
    required: Mapping[StepName, tuple[str, ...]]
    effects: Mapping[str, Effect]
    effects_of_step: Mapping[StepName, Mapping[str, Effect]]

    def effects_in(self, step: StepName) -> Mapping[str, Effect]:
        """What reasons do in that step, where it isn't what the registry says."""
        return {**self.effects, **self.effects_of_step.get(step, {})}


def parse_pack(data: Mapping[str, Any]) -> RulePack:
    """A pack from parsed TOML; raises `PackFault` naming what is wrong."""
    try:
        return _pack(data)
    except (KeyError, TypeError, ValueError) as error:
        raise PackFault(f"rule pack {data.get('id', '?')}: {type(error).__name__}: {error}") from error


def _pack(data: Mapping[str, Any]) -> RulePack:
    attempts, phone, face = data["attempts"], data["phone"], data["face"]
    return RulePack(
        id=str(data["id"]),
        version=int(data["version"]),
        steps={kind: tuple(StepName(step) for step in steps) for kind, steps in data["steps"].items()},
        subject_kinds={kind: _kinds(kinds) for kind, kinds in data["certificates"]["subject"].items()},
        person_kinds=_kinds(data["certificates"]["person"]),
        attempts=AttemptLimits(
            failures_until_lock=int(attempts["failures_until_lock"]),
            lock=timedelta(minutes=attempts["lock_min"]),
            failures_after_lock=int(attempts["failures_after_lock"]),
        ),
        phone=PhoneLimits(
            number_tries=int(phone["number_tries"]),
            number_lock=timedelta(minutes=phone["number_lock_min"]),
            code_lives=timedelta(minutes=phone["code_lives_min"]),
            code_tries=int(phone["code_tries"]),
            codes_an_hour=int(phone["codes_an_hour"]),
            codes_an_hour_to_number=int(phone["codes_an_hour_to_number"]),
            resend_after=timedelta(seconds=phone["resend_after_s"]),
        ),
        face=FaceRules(
            challenge_lives=timedelta(seconds=face["challenge_lives_s"]),
            max_blinks=int(face["max_blinks"]),
            longest_closure_s=float(face["longest_closure_s"]),
            still=_still(face["still"]),
        ),
        card_valid_months=int(data["dates"]["card_valid_months"]),
        form_days_off_face=int(data["dates"]["form_days_off_face"]),
        required={StepName(step): tuple(checks) for step, checks in data["required"].items()},
        effects=_effects(data["effects"]),
        effects_of_step={StepName(step): _effects(effects) for step, effects in data["effects_of_step"].items()},
    )


def _still(data: Mapping[str, Any]) -> StillFormat:
    width, height = data["aspect"]
    wanted = StillFormat((int(width), int(height)), float(data["face_width"]), float(data["eyes_height"]))
    if min(wanted.aspect) < 1 or not 0 < wanted.face_width <= 1 or not 0 < wanted.eyes_height < 1:
        raise ValueError("face.still: aspect wants two whole numbers, the others shares")
    return wanted


def _kinds(listed: Sequence[str]) -> tuple[str, ...]:
    unknown = set(listed) - set(PAGES)
    if unknown:
        raise ValueError(f"certificates: no such kind: {', '.join(sorted(unknown))}")
    return tuple(listed)


def _effects(listed: Mapping[str, Any]) -> Mapping[str, Effect]:
    unknown = set(listed) - set(REASONS)
    if unknown:
        raise ValueError(f"effects: no such reason: {', '.join(sorted(unknown))}")
    return {code: Effect(effect) for code, effect in listed.items()}
