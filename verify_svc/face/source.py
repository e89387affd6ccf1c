"""What the page says of the camera behind a clip: does it name a program instead of a camera?

All of it is the client's claim. It can accuse and never acquits: whoever writes to the service without our page says
what they like, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from verify_svc.session.finding import Finding, Outcome

# Programs that show themselves as a camera and play what they are given, by what is in their name as browsers tell it.
# Left out: those that carry the picture of a phone's own lens to a PC (DroidCam, Iriun, Camo), and makers' own filters.
VIRTUAL_CAMERAS: Mapping[str, str] = MappingProxyType(
    {
        "OBS Studio": r"\bobs\b",
        "ManyCam": r"manycam",
        "XSplit": r"x-?split",
        "Snap Camera": r"snap camera",
        "SplitCam": r"split-?cam",
        "v4l2loopback": r"v4l2.?loopback|dummy video device",
        "Webcamoid": r"webcamoid|ak-?v(irtual)?-?cam",
        "CamTwist": r"camtwist",
        "YouCam": r"youcam",
        "e2eSoft VCam": r"e2esoft|\bvcam\b",
        "mmhmm": r"mmhmm",
        "Unity Capture": r"unity video capture",
        "FaceRig": r"facerig|animaze",
        "Avatarify": r"avatarify",
        "DeepFaceLive": r"deep-?face-?live",
        "VTube Studio": r"vtube",
        "ChromaCam": r"chroma-?cam",
        "AlterCam": r"alter-?cam",
        "WebcamMax": r"webcam-?max",
        "Magic Camera": r"magic-?camera",
        "virtual camera": r"virtual|fake (web)?cam|虚拟(摄像头|摄像机|相机|视频)|虛擬(攝影機|相機|鏡頭)|仮想カメラ",
    }
)

_SIMULATED = re.compile(r"^fake_device_\d+$|^/|^[a-z]:\\|\.(mjpeg|y4m)$", re.IGNORECASE)
"""Chromium's own camera for tests, which bears the path of the file that it plays. Test sessions are driven by it: it
accuses in live ones alone."""


@dataclass(frozen=True, slots=True)
class FrameTimes:
    """The times between the frames that the page was shown while it recorded, in milliseconds: `spread_ms` is the 95th
    less the 5th percentile, `repeated` how many came with the time of the one before."""

    count: int
    median_ms: float
    spread_ms: float
    repeated: int


@dataclass(frozen=True, slots=True)
class Motion:
    """How the phone moved meanwhile, where the browser tells without asking: root mean squares."""

    count: int
    acceleration_ms2: float
    turning_deg_s: float


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """The page's words about its camera and recorder. `label` may tell the device's model."""

    label: str = field(default="", repr=False)
    width_px: int | None = None
    height_px: int | None = None
    frame_rate_hz: float | None = None
    facing: str | None = None
    recorder: str | None = None
    frames: FrameTimes | None = None
    motion: Motion | None = None


def judge_source(facts: SourceFacts | None, clip_px: tuple[int, int] | None, livemode: bool) -> Finding:
    """Whether the page names a program that plays into a camera's place. `clip_px`: the clip's upright size.

    Sizes, frame times and motion are shown to operators and accuse nobody: how they look on phones was not measured.
    """
    if facts is None:
        return Finding("source", Outcome.NOT_CHECKED)
    named = named_program(facts.label)
    if named is None and livemode and _SIMULATED.match(facts.label):
        named = "a browser's simulated camera"
    return Finding(
        "source",
        Outcome.FAIL if named else Outcome.PASS,
        ("capture_source_suspect",) if named else (),
        measured=_measured(facts, named, clip_px),
    )


def named_program(label: str) -> str | None:
    """The program that a camera's label names.

    >>> named_program("OBS Virtual Camera")
    'OBS Studio'
    >>> named_program("camera2 1, facing front")
    """
    found = (name for name, pattern in VIRTUAL_CAMERAS.items() if re.search(pattern, label, re.IGNORECASE))
    return next(found, None)


def _measured(
    facts: SourceFacts, named: str | None, clip_px: tuple[int, int] | None
) -> dict[str, float | int | str | bool | None]:
    told: dict[str, float | int | str | bool | None] = {
        "program": named,
        "size_agrees": _same_size(facts, clip_px),
        "frame_rate_hz": facts.frame_rate_hz,
    }
    if facts.frames is not None:
        told |= {
            "frames": facts.frames.count,
            "frame_median_ms": facts.frames.median_ms,
            "frame_spread_ms": facts.frames.spread_ms,
            "frames_repeated": facts.frames.repeated,
        }
    if facts.motion is not None:
        told |= {"acceleration_ms2": facts.motion.acceleration_ms2, "turning_deg_s": facts.motion.turning_deg_s}
    return {name: value for name, value in told.items() if value is not None}


def _same_size(facts: SourceFacts, clip_px: tuple[int, int] | None) -> bool | None:
    """Whether the clip is as large as the track, upright or lying: phones tell either."""
    if clip_px is None or facts.width_px is None or facts.height_px is None:
        return None
    return sorted(clip_px) == sorted((facts.width_px, facts.height_px))
