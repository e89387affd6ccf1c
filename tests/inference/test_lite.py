"""A network out of TFLite's format gives the numbers that LiteRT gives."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tests.specimens.carriers import picture_path
from verify_svc.inference.lite import in_task, onnx_of_lite
from verify_svc.inference.manifest import weight_path
from verify_svc.inference.runtime import LiteNetwork, onnx_session, planes

pytestmark = pytest.mark.weights


def _of_task(name: str) -> bytes:
    return in_task(weight_path("face_landmarker").read_bytes(), name)


@pytest.mark.parametrize("seed", range(3))
def test_the_points_of_a_face_are_those_of_lite_rt(seed: int) -> None:
    noise = np.random.default_rng(seed).random((1, 256, 256, 3), dtype=np.float32)
    with Image.open(picture_path("astronaut")) as picture:
        face = np.asarray(picture.convert("RGB").crop((150, 20, 300, 230)).resize((256, 256)), np.float32)[None]
    given = np.rint(face * 0.9 + noise * 25)
    network = onnx_session(weight_path("face_landmarks"))

    wanted = LiteNetwork(_of_task("face_landmarks_detector.tflite"))((given / 255).astype(np.float32))
    answers = network.run(None, {network.get_inputs()[0].name: planes(given[0].astype(np.uint8))})

    assert [answer.shape for answer in answers] == [answer.shape for answer in wanted]
    assert float(wanted[1].item()) > 2  # a face: else its points say nothing
    for answer, one in zip(answers, wanted, strict=True):
        np.testing.assert_allclose(answer, one, atol=0.005)  # of 256 px


def test_a_network_that_does_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="isn't known"):
        onnx_of_lite(_of_task("face_blendshapes.tflite"))
