"""What leaves for people and portals: short messages and webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable


class Sms(Protocol):
    """Short messages."""

    def send(self, mobile: str, text: str) -> None:
        """`mobile` is 11 digits. Raises `Passing` or `Permanent`."""
        ...


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message in the development inbox."""

    at: datetime
    mobile: str = field(repr=False)
    text: str = field(repr=False)


@runtime_checkable
class Inbox(Protocol):
    """An implementation of `Sms` that sends nothing and shows what it was given: for development alone."""

    def messages(self) -> Sequence[SentMessage]:
        """Newest first."""
        ...


class WebhookSender(Protocol):
    """Sends one signed webhook (Standard Webhooks)."""

    def send(self, url: str, message_id: str, at: datetime, body: str, secrets: Sequence[str]) -> int:
        """POST with a limit of 5 s; gives the HTTP status. Raises `Passing` when there is no answer."""
        ...
