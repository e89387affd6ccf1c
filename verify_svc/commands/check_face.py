"""`verify-svc check face`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from verify_svc.commands.options import chosen, text_or_none
from verify_svc.face.check import FaceWanted, check_face
from verify_svc.inference.engines import Engines
from verify_svc.session.report import Report

LANGUAGES = ("zh", "en")
_MOST_DIGITS = 12  # in the longest clip


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--digits", help="the digits that were to be read aloud")
    parser.add_argument("--language", default="zh", choices=LANGUAGES)
    parser.add_argument("--reveals-s", help="when each digit was shown, seconds from the clip's start: 0.6,1.5,…")
    parser.add_argument("--reference", metavar="PICTURE", help="a photograph of the ID card, or a portrait")
    parser.add_argument("--stills", metavar="DIR", help="write the chosen still and its alternatives there")


def judge(engines: Engines, data: bytes, options: Mapping[str, Any]) -> Report:
    """Judge a clip. Raises ValueError for a wrong option, OSError for a reference that can't be read."""
    reference = text_or_none(options, "reference")
    wanted = FaceWanted(
        digits=_digits(options),
        language=chosen({"language": "zh", **_given(options)}, "language", LANGUAGES),
        reveals_s=_times(options.get("reveals_s")),
        reference=None if reference is None else Path(reference).read_bytes(),
    )
    checked = check_face(engines, data, wanted)
    stills = text_or_none(options, "stills")
    if stills is not None:
        folder = Path(stills)
        folder.mkdir(parents=True, exist_ok=True)
        for place, still in enumerate(checked.stills):
            (folder / f"still-{place}.jpg").write_bytes(still.jpeg)
    return checked.report


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _digits(options: Mapping[str, Any]) -> str | None:
    digits = text_or_none(options, "digits")
    if digits is not None and not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS):
        raise ValueError(f"digits: 1 to {_MOST_DIGITS} digits alone")
    return digits


def _times(value: Any) -> tuple[float, ...] | None:
    if value is None:
        return None
    parts = value.split(",") if isinstance(value, str) else value
    try:
        return tuple(float(part) for part in parts)
    except (TypeError, ValueError):
        raise ValueError("reveals_s: seconds, as numbers") from None
