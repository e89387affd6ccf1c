"""Short messages. The console implementation sends none: it puts them in the development inbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from verify_svc.ports import Clock, SentMessage

log = structlog.get_logger(__name__)


class ConsoleSms:
    """See `ports.Sms` and `ports.Inbox`. Each message is given to `keep` (the sealed development inbox) and shown again
    by `kept`; nothing leaves the machine.
    """

    def __init__(
        self, keep: Callable[[SentMessage], None], kept: Callable[[], Sequence[SentMessage]], clock: Clock
    ) -> None:
        self._keep = keep
        self._kept = kept
        self._clock = clock

    def send(self, mobile: str, text: str) -> None:
        """Put the message in the inbox; the log says only that there is one."""
        self._keep(SentMessage(self._clock.now(), mobile, text))
        log.info("sms_in_development_inbox")

    def messages(self) -> Sequence[SentMessage]:
        """Newest first."""
        return self._kept()
