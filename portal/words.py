"""The portal's words in zh-CN and English, from `locales/`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import request, session

from portal.entry import CHINA

LOCALES = ("zh-CN", "en")


@cache
def words(locale: str) -> Mapping[str, Any]:
    """Every word of a language."""
    path = Path(__file__).parent / "locales" / f"{locale}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def chosen_locale() -> str:
    """The visitor's own choice, else what the browser prefers, else Chinese."""
    chosen = session.get("locale")
    return chosen if chosen in LOCALES else request.accept_languages.best_match(LOCALES, "zh-CN")


def say(key: str, **figures: object) -> str:
    """The words of a dotted key in the visitor's language, figures filled in; the last part itself if unknown."""
    found: Any = words(chosen_locale())
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found.format(**figures) if isinstance(found, str) else key.rsplit(".", 1)[-1]


def clock(time: datetime | str) -> str:
    """Date, hour and minute in China's time."""
    moment = datetime.fromisoformat(time) if isinstance(time, str) else time
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def hour(time: datetime | str) -> str:
    """Hour and minute in China's time."""
    return clock(time)[-5:]


def grouped(value: str, name: str) -> str:
    """A number in the groups that people read it in; the form takes the spaces out again."""
    if name == "mobile" and len(value) == 11:
        return f"{value[:3]} {value[3:7]} {value[7:]}"
    if name in ("subject_number", "person_number") and len(value) == 18:
        # A unit's code has its own parts: registry, kind, place, then the unit.
        cuts = (2, 8) if not value[:17].isdigit() or value[0] == "9" else (6, 14)
        return f"{value[: cuts[0]]} {value[cuts[0] : cuts[1]]} {value[cuts[1] :]}"
    return value
