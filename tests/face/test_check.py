"""A clip from end to end, with real weights: the good one passes, each fault is named and shown.

The clips are one animated photograph with an English voice: fit to drive the product, not to choose thresholds. As an
animated photograph each is itself an attack; here it is declared bona fide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.media.made_clips import frames_at, moving_bar
from tests.specimens.carriers import picture_path
from tests.specimens.clips import Clip, make_clip
from verify_svc.face.check import FaceCheck, FaceWanted, check_face
from verify_svc.face.compare import compare_stills
from verify_svc.inference.engines import Engines, make_engines
from verify_svc.media.warm import warm_decoders
from verify_svc.session.finding import Outcome
from verify_svc.session.report import Result

pytestmark = pytest.mark.weights

_DIGITS = "4830"
_ONSETS_S = (0.8, 1.7, 2.6, 3.5)


@dataclass(frozen=True, slots=True)
class Studio:
    """Makes clips and judges them."""

    engines: Engines
    folder: Path

    def clip(self, fault: str | None = None, person: str = "president") -> Clip:
        out = self.folder / f"{person}-{fault or 'good'}"
        return make_clip(person, _DIGITS, _ONSETS_S, fault, out, ("mp4",), size_px=(360, 480), fps=20)

    def check(self, data: bytes, reference: str | None = None) -> FaceCheck:
        picture = None if reference is None else picture_path(reference).read_bytes()
        wanted = FaceWanted(_DIGITS, language="en", reveals_s=(0.5, 1.4, 2.3, 3.2), reference=picture)
        return check_face(self.engines, data, wanted)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    engines = make_engines(prepare=warm_decoders)
    yield Studio(engines, tmp_path_factory.mktemp("clips"))
    engines.close()


@pytest.fixture(scope="module")
def good(studio: Studio) -> FaceCheck:
    return studio.check(studio.clip().files["mp4"].read_bytes(), "president_earlier")


def _finding(check: FaceCheck, name: str) -> Outcome:
    return next(finding.outcome for finding in check.report.findings if finding.check == name)


def test_a_good_clip_of_the_cards_person_is_clear(good: FaceCheck) -> None:
    assert good.report.reasons == ()
    assert good.report.result is Result.CLEAR
    assert _finding(good, "match") is Outcome.PASS
    assert good.frames == ()


def test_the_report_is_plain_json_with_what_was_asked_and_heard(good: FaceCheck) -> None:
    import json

    tree = json.loads(json.dumps(good.report.as_tree()))
    assert tree["properties"]["digits"]["heard"] == _DIGITS
    assert tree["properties"]["digits"]["delays_s"] == pytest.approx([0.3] * 4, abs=0.15)
    assert len(tree["properties"]["digits"]["spans_s"]) == len(_DIGITS)
    assert tree["breakdown"]["timing"]["result"] == "clear"


def test_three_stills_are_offered_in_portrait_format_with_open_eyes(good: FaceCheck) -> None:
    assert len(good.stills) == 3
    for still in good.stills:
        picture = cv2.imdecode(np.frombuffer(still.jpeg, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        assert picture.shape[:2] == (still.height_px, still.width_px)
        assert still.width_px / still.height_px == pytest.approx(0.75, abs=0.01)


def test_the_course_over_time_is_kept(good: FaceCheck) -> None:
    assert good.traces is not None
    assert len(good.traces.time_s) == len(good.traces.eyes) == len(good.traces.sound_level)
    assert max(level for level in good.traces.sound_level if level is not None) > 0.5


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("eyes_closed", "eyes_closed"),
        ("shake", "head_shaking"),
        ("blur", "video_blurry"),
        ("dark", "too_dark"),
        ("second_face", "face_multiple"),
        ("other_midway", "face_changed"),
        ("mask", "face_occluded"),
        ("hand", "face_occluded"),
        ("hand_for_a_moment", "face_occluded"),
        ("sunglasses", "sunglasses_worn"),
        ("bare_shoulders", "shoulders_bare"),
        ("off_centre", "face_off_centre"),
        ("too_small", "face_too_small"),
        ("background_blue", "background_not_white"),
        ("still", "lips_do_not_follow_speech"),
        ("low_fps", "video_frame_rate_low"),
    ],
)
def test_a_fault_of_the_picture_is_named_and_shown(studio: Studio, fault: str, reason: str) -> None:
    check = studio.check(studio.clip(fault).files["mp4"].read_bytes())
    assert reason in check.report.reasons
    assert check.report.result is Result.REJECTED
    if reason != "video_frame_rate_low":
        shown = next(frame for frame in check.frames if frame.reason == reason)
        assert shown.jpeg.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("fault", "reasons"),
    [
        ("wrong_digit", {"digits_mismatch"}),
        ("missing_digit", {"digits_incomplete", "digits_mismatch"}),
        ("extra_digit", {"digits_mismatch"}),
        ("silent", {"speech_not_found"}),
        ("no_sound", {"audio_missing"}),
    ],
)
def test_a_fault_of_the_sound_is_named(studio: Studio, fault: str, reasons: set[str]) -> None:
    check = studio.check(studio.clip(fault).files["mp4"].read_bytes())
    assert reasons & set(check.report.reasons)
    assert check.report.result is Result.REJECTED
    assert _finding(check, "eyes") is Outcome.PASS


def test_another_persons_card_is_a_mismatch(studio: Studio) -> None:
    check = studio.check(studio.clip(person="astronaut").files["mp4"].read_bytes(), "president_earlier")
    assert "selfie_face_mismatch" in check.report.reasons


def test_the_cards_own_portrait_goes_to_an_operator(studio: Studio) -> None:
    check = studio.check(studio.clip().files["mp4"].read_bytes(), "president")
    assert check.report.reasons == ("still_same_as_document_portrait",)
    assert check.report.result is Result.CONSIDER


def test_kept_stills_are_compared_with_a_card_that_comes_later(studio: Studio, good: FaceCheck) -> None:
    stills = [still.jpeg for still in good.stills]
    same = compare_stills(studio.engines, stills, picture_path("president_earlier").read_bytes())
    other = compare_stills(studio.engines, stills, picture_path("astronaut").read_bytes())
    assert same.outcome is Outcome.PASS
    assert other.reasons == ("selfie_face_mismatch",)
    assert compare_stills(studio.engines, stills, b"no picture").reasons == ("selfie_match_uncertain",)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "video_unreadable"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "file_type_not_allowed"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(5000), "video_unreadable"),
    ],
)
def test_bytes_that_are_no_clip_are_unreadable(studio: Studio, data: bytes, reason: str) -> None:
    report = studio.check(data).report
    assert (report.result, report.reasons) == (Result.UNREADABLE, (reason,))


def test_an_hour_is_refused_for_its_length(studio: Studio, tmp_path: Path) -> None:
    report = studio.check(frames_at(tmp_path / "hour.mp4", [30.0 * n for n in range(121)])).report
    assert (report.result, report.reasons) == (Result.REJECTED, ("video_too_long",))


def test_a_clip_without_a_face_says_so_and_nothing_breaks(studio: Studio, tmp_path: Path) -> None:
    check = studio.check(moving_bar(tmp_path / "bar.mp4", seconds=5, size_px=(480, 640)))
    assert "face_not_found" in check.report.reasons
    assert check.stills == ()
