"""What the analysis of one upload gives to be recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from verify_svc.session.events import FacesCompared, FieldRead
from verify_svc.session.report import Report

Progress = Callable[[str], None]
"""Hears `decoding`, `measuring`, `judging`."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """`files` are kept beside the original, by name; `compared` where the card's portrait was there already."""

    report: Report
    fields: Mapping[str, FieldRead] = field(default_factory=dict, repr=False)
    stills: int = 0
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    compared: FacesCompared | None = None


def fields_of(report: Report) -> Mapping[str, FieldRead]:
    """The fields that a report's properties hold."""
    return fields_in(report.properties)


def fields_in(properties: Mapping[str, Any]) -> Mapping[str, FieldRead]:
    """The same of the properties themselves."""
    read: Mapping[str, Any] = properties.get("fields") or {}
    return {
        name: FieldRead(entry.get("value"), entry.get("score"))
        for name, entry in read.items()
        if isinstance(entry, dict)
    }
