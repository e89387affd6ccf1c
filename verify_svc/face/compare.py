"""The stills of a clip against a card's portrait that came later."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from verify_svc.face.match import Reference, judge_match
from verify_svc.inference.engines import Engines
from verify_svc.inference.faces import see_portrait
from verify_svc.inference.pool import ChildCrashed, ChildTimeout
from verify_svc.media.pictures import PictureError, Pixels, decode
from verify_svc.session.finding import Finding

_DECODING_S = 20.0
_INFERENCE_S = 30.0


def compare_stills(engines: Engines, stills: Sequence[bytes], reference: bytes) -> Finding:
    """Compare the stills' faces (JPEG each) with the largest face of the reference picture.

    A reference that shows no face makes it inconclusive. Raises `ChildError` when the inference child can't answer.
    """
    sights = [engines.inference.call(_INFERENCE_S, see_portrait, _rgb(_decoded(engines, still))) for still in stills]
    try:
        pixels = _decoded(engines, reference)
    except (PictureError, ChildCrashed, ChildTimeout):
        return judge_match(sights, None, given=True)
    seen = engines.inference.call(_INFERENCE_S, see_portrait, _rgb(pixels))
    found = None
    if seen.embedding is not None and seen.aligned is not None:
        found = Reference(seen.embedding, seen.aligned, seen.faces[0].box[2])
    return judge_match(sights, found, given=True)


def _decoded(engines: Engines, picture: bytes) -> Pixels:
    return engines.decoding.call(_DECODING_S, decode, picture).pixels


def _rgb(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(pixels[:, :, ::-1])
