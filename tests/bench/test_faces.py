"""Tables of found clips and stills: what is counted of the detector, of pairs and of frames."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.bench.labelled import answer, answers_of, folder_of
from tests.specimens.carriers import picture_path
from verify_svc.bench.agreement import judge
from verify_svc.bench.clip_labels import read_clips
from verify_svc.bench.faces import Frames, Still, see_stills, table
from verify_svc.face.device import DeviceLook
from verify_svc.inference.attack import LiveScore
from verify_svc.inference.detector import DetectedFace
from verify_svc.inference.engines import Engines, make_engines
from verify_svc.inference.faces import Sight
from verify_svc.media.warm import warm_decoders


def _embedding(person: int, turn: float = 0.0) -> NDArray[np.float32]:
    embedding = np.zeros(128, np.float32)
    embedding[person], embedding[100] = 10, turn
    return embedding


def _still(
    person: int, live: float, truth: str = "bonafide", margin: float = 2.0, device: float | None = None
) -> Still:
    face = DetectedFace((0, 0, 100, 100), np.zeros((5, 2), np.float32), 0.9)
    sight = Sight((face,), live=LiveScore(live, margin))
    held = None if device is None else DeviceLook(0.0, 0.0, device)
    return Still(f"p{person}", "here", truth, True, sight, _embedding(person), _embedding(person, 1), device=held)


@pytest.fixture
def text(tmp_path: Path) -> str:
    rows = [
        {"file": "a.mp4", "person": "p0", "truth": "bonafide"},
        {"file": "b.mp4", "person": "p1", "truth": "attack_screen"},
    ]
    known = {"a.mp4": answer("digits_mismatch"), "b.mp4": answer()}
    stills = [
        *(_still(person, live) for person, live in ((0, 0.9), (0, 0.2), (1, 0.8), (1, 0.9))),
        _still(2, 0.1, margin=1.0, device=0.1),
        _still(3, 0.7, "attack_print", device=0.0),
        _still(4, 0.1, "attack_screen", device=0.6),
        _still(5, 0.1, "attack_screen", margin=1.0, device=0.0),
        Still("p5", "here", "attack_print", True),
    ]
    frames = [
        Frames("p0", (_embedding(0), _embedding(0, 1), _embedding(0, 2))),
        Frames("p1", (_embedding(1), _embedding(1), _embedding(0))),
        Frames("p2", (_embedding(2),)),
    ]
    return table(judge(read_clips(folder_of(tmp_path, rows)), answers_of(known)), stills, frames)


def test_an_attack_that_is_clear_is_counted(text: str) -> None:
    assert "| attacks and generated faces clear | 1 of 1 |" in text


def test_the_detector_is_counted_by_kind_where_it_has_room(text: str) -> None:
    assert "BPCER: bona fide suspected | 1 of 4 |" in text
    assert "APCER: all attacks not suspected | 1 of 2 |" in text
    assert "APCER: print not suspected | 1 of 1 |" in text
    assert "APCER: screen not suspected | 0 of 1 |" in text


def test_a_device_is_counted_of_every_living_person_and_of_attacks_that_leave_it_room(text: str) -> None:
    assert "| device alone, stills, BPCER: bona fide suspected | 0 of 1 |" in text
    assert "| device alone, stills with room, APCER: all attacks not suspected | 1 of 2 |" in text
    assert "| device alone, stills with room, APCER: screen not suspected | 0 of 1 |" in text


def test_pairs_are_of_living_people_alone(text: str) -> None:
    still, card = text.split("### Still against still")[1].split("### Still against a portrait")
    assert "| 0.40 | 0 of 2: " in still
    assert "| 0.40 | 0 of 4: " in card


def test_a_swap_within_a_clip_shows_in_its_lowest_frame(text: str) -> None:
    (row,) = [row for row in text.split("### Frames of a clip")[1].splitlines() if row.startswith("| 0.42 ")]
    assert "| 1 of 2: " in row


@pytest.fixture
def engines() -> Iterator[Engines]:
    made = make_engines(prepare=warm_decoders)
    yield made
    made.close()


@pytest.mark.weights
def test_a_still_is_seen_as_it_is_and_as_a_card_shows_it(engines: Engines, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(picture_path("president").read_bytes())
    (tmp_path / "no.jpg").write_bytes(b"no picture")
    rows = (
        "file,person,kind,truth,framing,repo",
        "a.jpg,p,still,bonafide,full,here",
        "no.jpg,q,still,bonafide,full,here",
    )
    (tmp_path / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    face, nothing = see_stills(tmp_path, engines)
    assert face.sight is not None
    assert face.sight.live is not None
    assert face.probe is not None
    assert face.reference is not None
    assert 0.8 < np.corrcoef(face.probe, face.reference)[0, 1] < 1
    assert nothing.sight is None
