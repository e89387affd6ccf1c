"""What a session does not allow."""

from __future__ import annotations

from datetime import datetime


class NotAllowed(Exception):
    """The event can't happen now. `code` is a reason code, `conflict` or `session_closed`."""

    def __init__(self, code: str, retry_at: datetime | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_at = retry_at
