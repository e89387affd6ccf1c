"""What the first decoding of a process costs, paid once: done in the template that decoding children are forked of."""

from __future__ import annotations

from importlib import import_module

import cv2
import numpy as np

from verify_svc.media.pictures import decode


def warm_decoders() -> None:
    """Import the decoders and have each lay out its tables, on a picture of our own.

    It is large enough for OpenCV to think of several threads: it looks for plug-ins then, once, and for 1 ms.
    """
    for module in ("av", "av.subtitles.stream", "numpy.fft", "pillow_heif"):
        import_module(module)
    picture = np.full((480, 640, 3), 200, np.uint8)
    for kind in (".jpg", ".png"):
        decode(cv2.imencode(kind, picture)[1].tobytes())
    cv2.cvtColor(picture, cv2.COLOR_BGR2LAB)
