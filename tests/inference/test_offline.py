"""A package that runs weights brings a client of a model hub along: none may speak to anyone."""

from __future__ import annotations

import subprocess
import sys

import pytest

# Looking up a name and connecting raise audit events, whoever does it in Python.
_WATCH = """
import sys
seen = []
def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        seen.append((event, arguments[-1]))
sys.addaudithook(watch)
"""
_READ_A_LINE = """
import cv2, numpy as np
from verify_svc.inference.text import PaddleReader
picture = np.full((200, 640, 3), 255, np.uint8)
cv2.putText(picture, "91350100M000100Y43", (20, 110), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (0, 0, 0), 3)
reader = PaddleReader()
assert len(reader.find_lines(picture, 640)) == 1
print(reader.read_line(picture[60:140]).text)
"""
_SEE_A_FACE = """
import numpy as np
from verify_svc.inference.attack import live_score
from verify_svc.inference.detector import detect_faces
from verify_svc.inference.faces import embed_face, person_mask
from verify_svc.inference.mesh import mesh_faces
from verify_svc.inference.things import sunglasses_shares
grey = np.full((240, 240, 3), 128, np.uint8)
detect_faces(grey), live_score(grey, (80, 80, 80, 80))
mesh_faces([grey], [None]), person_mask(grey), embed_face(grey[:112, :112].copy())
sunglasses_shares([grey[:224, :224]])
print("seen")
"""
_HEAR_NOTHING = """
import numpy as np
from verify_svc.inference.speech import score_digits, voice_probabilities
silence = np.zeros(16000 * 2, np.float32)
voice_probabilities(silence)
score_digits(silence, "483026", "zh", 0.0)
print("heard")
"""


@pytest.mark.weights
@pytest.mark.parametrize("code", [_READ_A_LINE, _SEE_A_FACE, _HEAR_NOTHING], ids=["text", "faces", "speech"])
def test_weights_load_and_run_without_a_socket(code: str) -> None:
    program = f"{_WATCH}{code}\nassert not seen, seen"

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)

    assert ended.returncode == 0, ended.stderr[-2000:]
    assert ended.stdout.strip()
    assert "Exception ignored" not in ended.stderr
