"""Another face between the moments at which a clip used to be looked at closely, with real weights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from tests.specimens.clips import make_clip
from tests.specimens.portrait import Pixels
from tests.specimens.recording import Recording
from verify_svc.face.check import FaceWanted, check_face
from verify_svc.inference.engines import Engines

pytestmark = pytest.mark.weights

_FPS, _SECONDS = 20.0, 4.0


@pytest.fixture(scope="module")
def swapped(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """One face in every tenth frame, each half second, another in all between."""
    return _of_two(tmp_path_factory.mktemp("swap"), lambda number: number % 10 != 0)


@pytest.fixture(scope="module")
def flashed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Another face for a tenth of a second, a quarter of a second away from what is looked at closely."""
    return _of_two(tmp_path_factory.mktemp("flash"), lambda number: number in (44, 45))


def _of_two(folder: Path, shows_other: Callable[[int], bool]) -> bytes:
    one, other = (_frames(folder / person, person) for person in ("president", "vice_president"))
    recording = Recording(folder / "clip.mp4", _FPS, (480, 640))
    for number, pair in enumerate(zip(one, other, strict=True)):
        recording.add(pair[shows_other(number)])
    recording.close(None)
    return (folder / "clip.mp4").read_bytes()


def _frames(path: Path, person: str) -> list[Pixels]:
    made = make_clip(person, "", out=path, seconds=_SECONDS, fps=_FPS)
    with av.open(str(made.files["mp4"])) as container:
        return [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in container.decode(video=0)]


def test_moments_that_are_drawn_show_it(engines: Engines, swapped: bytes) -> None:
    drawn = FaceWanted(looks_later=(0.3, 0.7, 0.1, 0.5, 0.8, 0.4, 0.6, 0.2))
    assert "face_changed" in check_face(engines, swapped, drawn).report.reasons


def test_a_flash_of_another_face_between_two_close_looks_is_named(engines: Engines, flashed: bytes) -> None:
    report = check_face(engines, flashed, FaceWanted()).report
    assert "face_changed" in report.reasons
    same_face = next(finding for finding in report.findings if finding.check == "same_face")
    assert [(moment.start_s, moment.end_s) for moment in same_face.moments] == [(1.95, 2.45)]
