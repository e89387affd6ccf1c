"""Asks axe-core what is wrong with a page for people who can't see it well or use no pointer."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_SERIOUS = ("serious", "critical")


class Inspector:
    """Gathers what is serious on one page after another; frames within a page are looked at too."""

    def __init__(self) -> None:
        self._axe = Axe()
        self.found: list[str] = []

    def look(self, page: Page, screen: str) -> None:
        """Run axe-core on the page as it is now."""
        for violation in self._axe.run(page).response["violations"]:
            if violation["impact"] in _SERIOUS:
                places = [node["target"] for node in violation["nodes"]]
                self.found.append(f"{screen}: {violation['id']} {places}")
