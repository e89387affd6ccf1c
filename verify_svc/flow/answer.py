"""What the page says of its recording, held against what it was told: when each digit and the arrow were shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from verify_svc.face.turn import AskedTurn
from verify_svc.face.typed import TypedKey, delays_of
from verify_svc.ports import UploadRow
from verify_svc.session.challenge import TYPED

_LATEST_S = 0.5
"""A page that says it showed a digit further from the time it was told is not believed."""


def reveals(row: UploadRow, challenge: Mapping[str, Any]) -> tuple[float, ...] | None:
    """When the digits were shown: as the page says where that fits what it was told, else as it was told.

    None for a clip made with the phone's own camera, where all digits were shown beforehand.
    """
    told = tuple(float(time_s) for time_s in challenge.get("reveals_s") or ())
    if not told or challenge.get("mode") == "file":
        return None
    shown = tuple(float(time_s) for time_s in json.loads(row.sent).get("shown_at_s") or ())
    fits = len(shown) == len(told) and all(
        abs(one - other) <= _LATEST_S for one, other in zip(shown, told, strict=True)
    )
    return shown if fits else told


def turn(row: UploadRow, challenge: Mapping[str, Any]) -> AskedTurn | None:
    """The turn of the head that was asked for, at the time that the page says in the same way."""
    told = challenge.get("turn")
    if told is None:
        return None
    said_s = json.loads(row.sent).get("turn_shown_at_s")
    off_s = 0.0 if said_s is None else float(said_s) - told["at_s"]
    off_s = off_s if abs(off_s) <= _LATEST_S else 0.0
    return AskedTurn(told["direction"], round(told["at_s"] + off_s, 3), round(told["until_s"] + off_s, 3))


def looks_later(row: UploadRow) -> tuple[float, ...]:
    """By how much each close look comes later than it is due, 0–1: drawn when the clip was handed in."""
    return tuple(byte / 256 for byte in bytes.fromhex(json.loads(row.sent).get("looks_later", "")))


def keys(row: UploadRow) -> tuple[TypedKey, ...]:
    """The keys that were pressed on the page, where the digits were to be typed. Of who was to speak none is believed:
    a head is not held to be still while keys are pressed."""
    sent = json.loads(row.sent)
    if (sent.get("challenge") or {}).get("way") != TYPED:
        return ()
    return tuple(TypedKey(str(key["key"]), float(key["at_s"])) for key in sent.get("keys") or ())


def as_digits(digits: str, reveals_s: tuple[float, ...], typed: tuple[TypedKey, ...]) -> dict[str, Any]:
    """The report's `digits` of a clip whose digits were typed, as of one in which they were read aloud."""
    delays, _ = delays_of(digits, reveals_s, typed)
    heard = "".join(key.key for key in sorted(typed, key=lambda each: each.at_s))
    return {"asked": digits, "heard": heard, "scores": [], "spans_s": [], "delays_s": list(delays)}
