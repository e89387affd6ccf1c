"""The console implementation of short messages."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog

from verify_svc.notify.sms import ConsoleSms
from verify_svc.ports import SentMessage

_NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class _Noon:
    def now(self) -> datetime:
        return _NOON


def test_a_message_goes_to_the_inbox_and_not_to_the_log() -> None:
    kept: list[SentMessage] = []
    with structlog.testing.capture_logs() as logs:
        sms = ConsoleSms(kept.append, lambda: kept, _Noon())
        sms.send("13800138000", "验证码 123456")
    assert sms.messages() == [SentMessage(_NOON, "13800138000", "验证码 123456")]
    assert "13800138000" not in str(logs)
    assert "123456" not in str(logs)
