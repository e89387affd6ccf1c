"""Loading every weight before the first answer is asked for."""

from __future__ import annotations

import ctypes

import numpy as np

from verify_svc.inference.attack import live_score
from verify_svc.inference.detector import DetectedFace
from verify_svc.inference.devices import SIDE_PX as DEVICES_SIDE_PX
from verify_svc.inference.devices import device_scores
from verify_svc.inference.faces import align_face, embed_face, person_mask
from verify_svc.inference.hands import hands_near
from verify_svc.inference.mesh import mesh_faces
from verify_svc.inference.speech import RATE_HZ, score_digits, voice_probabilities
from verify_svc.inference.text import paddle_reader
from verify_svc.inference.things import SIDE_PX, sunglasses_shares

WARMING_LIMIT_S = 120.0
"""For a cold disk and a busy machine; measured 4.9 s on a quiet one."""


def warm_inference() -> None:
    """Load what this child will need and run each network once, on nothing. Runs in an inference child."""
    reader = paddle_reader()
    picture = np.full((480, 640, 3), 255, dtype=np.uint8)
    reader.turn_of(picture)
    reader.find_lines(picture, 640)
    reader.read_line(picture[:48, :320])
    reader.skim_line(picture[:48, :320])
    points = np.asarray([(250, 200), (390, 200), (320, 280), (260, 350), (380, 350)], dtype=np.float32)
    embed_face(align_face(picture, points))
    mesh_faces([picture], [DetectedFace((220.0, 140.0, 200.0, 240.0), points, 1.0)])
    person_mask(picture)
    live_score(picture, (220.0, 140.0, 200.0, 240.0))
    sunglasses_shares([picture[:SIDE_PX, :SIDE_PX]])
    device_scores([(picture[:DEVICES_SIDE_PX, :DEVICES_SIDE_PX], (100.0, 100.0, 100.0, 120.0))])
    hands_near([picture], [(220.0, 140.0, 200.0, 240.0)])
    silence = np.zeros(RATE_HZ, dtype=np.float32)
    voice_probabilities(silence)
    score_digits(silence, "0", "zh", 0.0)
    _give_back()


def _give_back() -> None:
    """Let the kernel have what loading took and needs no more: most of it the speech model's 16-bit weights."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's alone
    if trim is not None:
        trim(0)
