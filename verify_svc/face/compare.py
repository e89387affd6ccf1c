"""Stills kept of an earlier clip against a reference that came later."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from verify_svc.face.match import Reference, judge_match
from verify_svc.inference.engines import INFERENCE_S, Engines
from verify_svc.inference.faces import Sight, see_portrait
from verify_svc.media.pictures import PictureError, decode
from verify_svc.session.finding import Finding

# By the clock, so that a hang ends; a machine ten times overloaded stays far below.
_DECODING_S = 60.0


def compare_stills(engines: Engines, stills: Sequence[bytes], reference: bytes) -> Finding:
    """The finding `match` of these stills (JPEG) against a photograph of the ID card or a portrait.

    A picture that can't be decoded or shows no face leaves it inconclusive. Raises `ChildError` when a child can't
    answer: to be tried again.
    """
    sights = [sight for sight in (see_picture(engines, still) for still in stills) if sight is not None]
    return judge_match(sights, find_reference(engines, reference), given=True)


def find_reference(engines: Engines, picture: bytes) -> Reference | None:
    """The largest face of a picture; None where it can't be decoded or shows none."""
    sight = see_picture(engines, picture)
    if sight is None or sight.embedding is None or sight.aligned is None:
        return None
    return Reference(sight.embedding, sight.aligned, sight.faces[0].box[2])


def see_picture(engines: Engines, picture: bytes) -> Sight | None:
    """Decode in one child, look in another; None where the bytes can't be decoded. Raises `ChildError`."""
    try:
        decoded = engines.decoding.call(_DECODING_S, decode, picture)
    except PictureError:
        return None
    return engines.inference.call(INFERENCE_S, see_portrait, np.ascontiguousarray(decoded.pixels[:, :, ::-1]))
