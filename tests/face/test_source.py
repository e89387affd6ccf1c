"""What a page says of its camera accuses where it names a program, and nothing it says acquits."""

from __future__ import annotations

import pytest

from verify_svc.face.source import FrameTimes, Motion, SourceFacts, judge_source
from verify_svc.session.finding import Outcome

_CLIP_PX = (720, 1280)


@pytest.mark.parametrize(
    "label",
    [
        "",
        "Front Camera",
        "Back Triple Camera",
        "camera2 1, facing front",
        "前置相机",
        "前置攝影機",
        "FaceTime HD Camera (Built-in) (05ac:8600)",
        "Integrated Camera (04f2:b6d9)",
        "HD Pro Webcam C920 (046d:082d)",
        "OBSBOT Tiny 2",
        "DroidCam Source 3",
    ],
)
def test_ordinary_cameras_pass(label: str) -> None:
    assert judge_source(SourceFacts(label), _CLIP_PX, livemode=True).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("label", "program"),
    [
        ("OBS Virtual Camera", "OBS Studio"),
        ("OBS-Camera", "OBS Studio"),
        ("ManyCam Virtual Webcam", "ManyCam"),
        ("Dummy video device (0x0000)", "v4l2loopback"),
        ("e2eSoft VCam", "e2eSoft VCam"),
        ("虚拟摄像头", "virtual camera"),
        ("Some Virtual Webcam", "virtual camera"),
    ],
)
def test_a_program_in_a_cameras_place_is_suspect(label: str, program: str) -> None:
    finding = judge_source(SourceFacts(label), _CLIP_PX, livemode=False)
    assert finding.reasons == ("capture_source_suspect",)
    assert finding.measured["program"] == program


@pytest.mark.parametrize("label", ["fake_device_0", "/home/a/camera.mjpeg", "C:\\films\\me.y4m", "/long/path/cut o"])
@pytest.mark.parametrize(("livemode", "outcome"), [(True, Outcome.FAIL), (False, Outcome.PASS)])
def test_a_browsers_simulated_camera_is_for_test_sessions_alone(label: str, livemode: bool, outcome: Outcome) -> None:
    finding = judge_source(SourceFacts(label), _CLIP_PX, livemode)
    assert finding.outcome is outcome
    assert label not in str(finding.measured)


def test_a_page_that_says_nothing_is_not_checked() -> None:
    assert judge_source(None, _CLIP_PX, livemode=True).outcome is Outcome.NOT_CHECKED


@pytest.mark.parametrize(
    ("told_px", "agrees"), [((1280, 720), True), ((720, 1280), True), ((640, 480), False), ((None, None), None)]
)
def test_the_tracks_size_is_shown_beside_the_clips(told_px: tuple[int | None, int | None], agrees: bool | None) -> None:
    finding = judge_source(SourceFacts("Front Camera", *told_px), _CLIP_PX, livemode=True)
    assert (finding.outcome, finding.measured.get("size_agrees")) == (Outcome.PASS, agrees)


def test_frame_times_and_motion_are_shown_and_accuse_nobody() -> None:
    facts = SourceFacts("Front Camera", frames=FrameTimes(240, 33.3, 0.0, 120), motion=Motion(400, 0.0, 0.0))
    finding = judge_source(facts, _CLIP_PX, livemode=True)
    assert finding.outcome is Outcome.PASS
    assert (finding.measured["frames_repeated"], finding.measured["acceleration_ms2"]) == (120, 0.0)


def test_the_cameras_name_is_not_in_the_report() -> None:
    facts = SourceFacts("Ms Zhang's Virtual Camera")
    assert "Zhang" not in repr(judge_source(facts, _CLIP_PX, livemode=True)) + repr(facts)
