"""Sealed files."""

from __future__ import annotations

from typing import Protocol


class Blobs(Protocol):
    """Sealed objects by key (`sessions/vs_…/up_…/original`): encrypted before they are written."""

    def put(self, key: str, data: bytes) -> None:
        """Write or replace."""
        ...

    def get(self, key: str) -> bytes:
        """Raises `KeyError` when there is none."""
        ...

    def delete(self, key: str) -> None:
        """Delete one object; none is fine."""
        ...

    def delete_under(self, prefix: str) -> int:
        """Delete every object whose key begins so; gives how many."""
        ...
