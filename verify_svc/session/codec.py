"""Frozen dataclasses to JSON text and back: how a session's state is kept."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_json(value: object) -> str:
    """The value as compact JSON: dataclasses by their fields, times and days in ISO 8601, enums by their value."""
    return json.dumps(to_plain(value), ensure_ascii=False, separators=(",", ":"))


def from_json(kind: type[T], text: str) -> T:
    """The value of that type again; raises `ValueError` or `TypeError` when the text doesn't fit it."""
    result: T = _build(kind, json.loads(text))
    return result


def to_plain(value: object) -> Any:
    """The value as plain JSON values."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: to_plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(to_plain(key)): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    return value


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _build(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _build_union(kind, value)
    if origin is tuple:
        inner = get_args(kind)
        parts = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_build(part, item) for part, item in zip(parts, value, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        key_kind, item_kind = get_args(kind)
        return {_build(key_kind, key): _build(item_kind, item) for key, item in value.items()}
    if isinstance(kind, type):
        if is_dataclass(kind):
            hints = _hints(kind)
            return kind(**{name: _build(hints[name], item) for name, item in value.items()})
        if issubclass(kind, Enum):
            return kind(value)
        if issubclass(kind, datetime | date):
            return kind.fromisoformat(value)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
    return value


def _build_union(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    inner = [part for part in get_args(kind) if part is not type(None)]
    return _build(inner[0], value) if len(inner) == 1 else value
