"""Options of a check, from the command line or from a line of a batch. ValueErrors name the option."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def chosen(options: Mapping[str, Any], name: str, allowed: Iterable[str]) -> str:
    """An option that must be one of `allowed`."""
    value = options.get(name)
    if value not in (choices := list(allowed)):
        raise ValueError(f"{name}: one of {', '.join(choices)}")
    return str(value)


def text_or_none(options: Mapping[str, Any], name: str) -> str | None:
    """An option that is text or left out."""
    value = options.get(name)
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"{name}: text")
