"""Listens to what a page complains about: errors on its console, exceptions, refused policies."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, WebError

_EXPECTED = re.compile(
    r"Failed to load resource: (the server responded with a status of (4\d\d|503)|net::ERR_INTERNET_DISCONNECTED)"
)
"""Chromium writes every answer that says no as an error, and every request while a test holds the line cut; which of
them are right is the tests' own matter."""


class Watch:
    """Everything that went wrong in a context's pages."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        context.on("console", self._console)
        context.on("weberror", self._error)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _EXPECTED.search(message.text):
            self.complaints.append(f"{_address(message.page)}: {message.text}")

    def _error(self, error: WebError) -> None:
        self.complaints.append(f"{_address(error.page)}: {error.error.message}")


def _address(page: Page | None) -> str:
    """Where it happened, without the fragment: it may hold a token."""
    return "" if page is None else page.url.partition("#")[0]
