"""The figures that the checks judge by, each with today's limit and the faults that it is to show."""

from __future__ import annotations

from dataclasses import dataclass

from verify_svc.bench.agreement import Judged
from verify_svc.bench.faults import ATTACK, WRONG_DIGITS
from verify_svc.face.attack import AttackLimits
from verify_svc.face.background import BackgroundLimits
from verify_svc.face.border import BorderLimits
from verify_svc.face.cover import CoverLimits
from verify_svc.face.device import DeviceLimits
from verify_svc.face.eyes import EyeLimits
from verify_svc.face.hand import HandLimits
from verify_svc.face.match import MatchLimits
from verify_svc.face.pose import PoseLimits
from verify_svc.face.presence import PresenceLimits
from verify_svc.face.quality import QualityLimits
from verify_svc.face.recording import RecordingLimits
from verify_svc.face.shoulders import ShoulderLimits
from verify_svc.face.worn import WornLimits
from verify_svc.speech.digits import DigitLimits
from verify_svc.speech.lips import LipLimits
from verify_svc.speech.voice import VoiceLimits


@dataclass(frozen=True, slots=True)
class Measure:
    """`name` is a figure in the branch `check` of a report, `words` says what it is and its unit. Past `limit` it shows
    one of `faults`: above it, or below where `below` is set. Of the good at most the share `most_wrong` may be refused.
    `signed`: only its size counts. `score_like`: what is between good and bad matters, and a DET curve is drawn."""

    check: str
    name: str
    words: str
    faults: frozenset[str]
    limit: float
    below: bool = False
    signed: bool = False
    score_like: bool = False
    most_wrong: float = 0.02

    @property
    def key(self) -> str:
        """Names its files and rows: two limits may stand on one figure."""
        return f"{self.check}-{self.name}-{'low' if self.below else 'high'}"

    def of(self, one: Judged) -> float | None:
        """The figure of a clip; None where the check came to no judgement."""
        value = one.value(self.check, self.name)
        return abs(value) if value is not None and self.signed else value

    def named(self, value: float, limit: float) -> bool:
        """Whether the fault is named under a limit."""
        return value < limit if self.below else value > limit

    def is_good(self, one: Judged) -> bool:
        """Whether the clip is known to show none of the faults."""
        return self.faults <= one.clip.free_of

    def is_bad(self, one: Judged) -> bool:
        """Whether it shows one."""
        return bool(self.faults & one.clip.shows)


def _high(check: str, name: str, words: str, limit: float, *faults: str, signed: bool = False) -> Measure:
    return Measure(check, name, words, frozenset(faults), float(limit), signed=signed)


def _low(check: str, name: str, words: str, limit: float, *faults: str) -> Measure:
    return Measure(check, name, words, frozenset(faults), float(limit), below=True)


def _score(check: str, words: str, limit: float, most_wrong: float, *faults: str) -> Measure:
    return Measure(check, "score", words, frozenset(faults), limit, below=True, score_like=True, most_wrong=most_wrong)


_COLOURED = ("background_blue", "background_beige", "background_coloured")
_QUALITY, _WALL, _VOICE, _PLACE = QualityLimits(), BackgroundLimits(), VoiceLimits(), PresenceLimits()

MEASURES: tuple[Measure, ...] = (
    _high("eyes", "score", "longest closure, s", EyeLimits().longest_closure_s, "eyes_closed"),
    _high("eyes", "blinks", "blinks in the clip", EyeLimits().max_blinks, "many_blinks"),
    _high("head", "score", "fast swings of the head", PoseLimits().max_swings, "shake"),
    _high("head", "jitter", "jumps of the face over its width", PoseLimits().max_jitter, "shake"),
    _high("head", "turned_share", "share of frames turned away", PoseLimits().turned_share, "turned"),
    _low("sharpness", "score", "sharpness", _QUALITY.min_sharpness, "blur", "motion_blur"),
    _low("light", "score", "grey level of the face, 0–255", _QUALITY.min_level, "dark"),
    _high("light", "score", "grey level of the face, 0–255", _QUALITY.max_level, "overexposed"),
    _high("light", "burnt_share", "share of the face with a full colour", _QUALITY.max_burnt_share, "overexposed"),
    _high("light", "side_light", "difference of the face's halves", _QUALITY.side_light, "side_light"),
    _high("cover", "score", "share of frames that look covered", CoverLimits().covered_share, "mask", "hand"),
    _high("hand", "score", "share of the face under a hand", HandLimits().max_over, "hand"),
    _high("worn", "score", "share of sunglasses in looks at head and eyes", WornLimits().sunglasses, "sunglasses"),
    _high("shoulders", "score", "share of skin on the shoulder", ShoulderLimits().bare, "bare_shoulders"),
    _low("background", "score", "lightness L of the wall", _WALL.min_lightness, "background_dark"),
    _high("background", "chroma", "chroma of the wall", _WALL.max_chroma, *_COLOURED),
    _high("background", "unevenness", "unevenness of the wall", _WALL.max_unevenness, "background_clutter"),
    _high("background", "texture", "texture of the wall", _WALL.max_texture, "background_clutter"),
    _high("background", "spread", "spread of the wall's colour", _WALL.max_spread, "background_clutter"),
    _low("place", "score", "face's width over the shorter side", _PLACE.min_width, "too_small"),
    _high("place", "across", "place aside of the middle", _PLACE.max_aside, "off_centre", signed=True),
    _low("recording", "score", "frames a second", RecordingLimits().min_fps, "low_fps"),
    _low("sound", "score", "level of the speech, dBFS", _VOICE.min_level_dbfs, "silent"),
    _low("sound", "voice_share", "share of the time that is speech", _VOICE.min_voice_share, "silent"),
    _low("sound", "noise_ratio_db", "speech over noise, dB", _VOICE.min_noise_ratio_db, "noise"),
    _score("same_face", "lowest cosine within the clip", _PLACE.same_cosine, 0.02, "face_changed"),
    _score("lips", "range of the lips' opening", LipLimits().min_range, 0.02, "still_mouth"),
    _low("lips", "agreement", "agreement of the lips' speed with the sound", LipLimits().min_agreement, "dubbed"),
    # What is unsure is read again, so that this limit decides.
    _score("digits", "lowest log-probability", DigitLimits().apart[-1], 0.02, *sorted(WRONG_DIGITS)),
    _score("match", "cosine to the reference", MatchLimits().accept, 0.03, "other_person"),
    _high("border", "score", "share of rows with a border beside the face", BorderLimits().max_share, ATTACK),
    _high("device", "score", "how surely a phone or monitor holds the face", DeviceLimits().max_sum, ATTACK),
    _score("attack", "detector's score of a living face", AttackLimits().min_live, 0.05, ATTACK),
)
