"""What Chromium's fake camera and microphone show: files at a fixed place, read anew each time that a page opens them.

The clips are portraits animated by the project's own code. To a detector of presentation attacks such a clip is an
attack; these tests declare it bona fide, since no free recording of a person reading digits can be had.
"""

from __future__ import annotations

import hashlib
import json
import wave
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from tests.browser.entry import DIGITS, DURATION_S, REVEALS_S, TYPED_DURATION_S
from tests.specimens import clips
from tests.specimens.clips import HeadTurn, make_clip

FILE_FPS = 30
"""What Chromium takes every MJPEG file to have."""
LEAD_S = 5.5
"""Stillness before the first frame of the clip itself: the page frames the face and counts down meanwhile."""
GATED_LEAD_S = 25.0
"""The same where the page doesn't like what it sees and offers a way past after 20 s."""
REACTION_S = 0.35
"""How long after a digit's appearance it is read aloud."""

_RENDERED_FPS = 15
_TAIL_S = 0.9
_SOURCES = ("carriers.py", "clips.py", "faults.py", "portrait.py", "recording.py", "voice.py")
_KEPT = Path(clips.__file__).resolve().parents[2] / ".setup" / "specimens" / "camera"


@dataclass(frozen=True, slots=True)
class Take:
    """One recording to be shown: who, with which fault, after how long a lead-in."""

    person: str = "president"
    fault: str | None = None
    lead_fault: str | None = None
    """What is wrong already while the page frames the face."""
    lead_s: float = LEAD_S
    turn: HeadTurn | None = None
    """Of who types the digits: the head turns, and nothing is read aloud."""


class FakeCamera:
    """The files that Chromium was started with."""

    def __init__(self, folder: Path) -> None:
        self.video, self.sound = folder / "camera.mjpeg", folder / "microphone.wav"
        self.show_picture(np.full((480, 640, 3), 128, np.uint8))

    def show_picture(self, picture: np.ndarray) -> None:
        """Hold one picture (BGR) in front of the camera, in silence."""
        jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
        self._put(jpeg * FILE_FPS, np.zeros(48_000, np.int16), 48_000)

    def show_paper(self, photograph: bytes) -> None:
        """Hold a paper in front of the camera: the photograph's bytes, as JPEG or PNG."""
        picture = cv2.imdecode(np.frombuffer(photograph, np.uint8), cv2.IMREAD_COLOR)
        if picture is None:
            raise ValueError("no picture")
        self.show_picture(np.asarray(picture, np.uint8))

    def show(self, take: Take) -> None:
        """Let a person stand still for the take's lead-in, then read the known digits."""
        clip = _rendered(take.person, take.fault, take.turn)
        frames = _jpegs(clip.with_suffix(".mjpeg"))
        lead = _jpegs(_rendered(take.person, None).with_suffix(".mjpeg")) if take.lead_fault is None else frames
        still = lead[0]
        repeat = FILE_FPS // _RENDERED_FPS
        with wave.open(str(clip.with_suffix(".wav"))) as sound:
            rate = sound.getframerate()
            said = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
        rng = np.random.default_rng(3)
        quiet = np.round(rng.standard_normal(round(take.lead_s * rate)) * 12).astype(np.int16)
        pictures = still * round(take.lead_s * FILE_FPS) + b"".join(frame * repeat for frame in frames)
        self._put(pictures, np.concatenate([quiet, said]), rate)

    def _put(self, pictures: bytes, samples: np.ndarray, rate_hz: int) -> None:
        fresh = self.video.with_suffix(".fresh")
        fresh.write_bytes(pictures)
        fresh.replace(self.video)
        fresh = self.sound.with_suffix(".fresh")
        with wave.open(str(fresh), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate_hz)
            file.writeframes(samples.astype("<i2").tobytes())
        fresh.replace(self.sound)


def recorded(person: str, fault: str | None = None) -> bytes:
    """The same recording as a phone's file, for sessions that are taken on their way without a browser."""
    return _rendered(person, fault).with_suffix(".mp4").read_bytes()


def _rendered(person: str, fault: str | None, turn: HeadTurn | None = None) -> Path:
    """The path, less its ending, of a clip that reads the known digits, or turns its head in silence; drawn once and
    kept."""
    digits = DIGITS if turn is None else ""
    onsets_s = [round(at + REACTION_S, 3) for at in REVEALS_S[: len(digits)]]
    seconds = (DURATION_S if turn is None else TYPED_DURATION_S) + _TAIL_S
    wanted = {
        "person": person,
        "fault": fault,
        "digits": digits,
        "onsets_s": onsets_s,
        "seconds": seconds,
        "fps": _RENDERED_FPS,
        "turn": None if turn is None else asdict(turn),
    }
    sources = Path(clips.__file__).parent
    seed = hashlib.sha256(json.dumps(wanted).encode())
    for name in _SOURCES:
        seed.update((sources / name).read_bytes())
    place = _KEPT / f"{person}-{fault or ('turn' if turn else 'good')}-{seed.hexdigest()[:12]}"
    endings = ("mjpeg", "wav", "mp4")
    if all(place.with_suffix(f".{ending}").is_file() for ending in endings):
        return place
    _KEPT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=_KEPT) as scratch:  # another run may render at the same time
        made = make_clip(
            person,
            digits,
            onsets_s,
            fault,
            Path(scratch) / "clip",
            endings,
            seconds=seconds,
            turn=turn,
            fps=_RENDERED_FPS,
        )
        for ending, file in made.files.items():
            file.replace(place.with_suffix(f".{ending}"))
    return place


def _jpegs(path: Path) -> list[bytes]:
    """The pictures of an MJPEG file. JPEGs as OpenCV writes them hold no thumbnail: the first end is theirs."""
    pictures, data = [], path.read_bytes()
    begin = data.find(b"\xff\xd8")
    while begin >= 0:
        end = data.find(b"\xff\xd9", begin) + 2
        pictures.append(data[begin:end])
        begin = data.find(b"\xff\xd8", end)
    return pictures
