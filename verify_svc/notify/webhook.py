"""Webhooks, signed as Standard Webhooks says (id, timestamp and body under HMAC-SHA256)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import httpx
from standardwebhooks import Webhook

from verify_svc.ports import Passing, Permanent

WEBHOOK_TIMEOUT_S = 5.0
"""For the whole exchange, from the name's look-up to the answer's status line."""


class SignedWebhooks:
    """See `ports.WebhookSender`. Follows no redirect and heeds no proxy of the environment."""

    def __init__(self, timeout_s: float = WEBHOOK_TIMEOUT_S) -> None:
        self._timeout_s = timeout_s

    def send(self, url: str, message_id: str, at: datetime, body: str, secrets: Sequence[str]) -> int:
        """POST; gives the HTTP status, whatever it is. `at` is the time of this try, aware.

        Raises `Passing` when there is no answer in time, `Permanent` when the address can't be one.
        """
        content = body.encode("utf-8")
        headers = {"Content-Type": "application/json", "User-Agent": "verify-svc"}
        headers |= signature_headers(message_id, at, body, secrets)
        try:
            return asyncio.run(self._post(url, headers, content))
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Permanent(type(error).__name__) from None
        except (httpx.HTTPError, TimeoutError, OSError) as error:
            raise Passing(type(error).__name__) from None

    async def _post(self, url: str, headers: dict[str, str], content: bytes) -> int:
        async with (
            asyncio.timeout(self._timeout_s),
            httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=self._timeout_s) as client,
            # Streamed: the answer's body is never read, however long it is.
            client.stream("POST", url, headers=headers, content=content) as answer,
        ):
            return answer.status_code


def signature_headers(message_id: str, at: datetime, body: str, secrets: Sequence[str]) -> dict[str, str]:
    """The three headers; one signature per secret (`whsec_…`), since two are good during a rotation."""
    signatures = [Webhook(secret).sign(message_id, at, body) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
