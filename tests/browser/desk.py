"""A PC: the portal's form with the hand-off page in its frame, and the operators' console."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np
import zxingcpp
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.service import OPERATOR, PASSWORD, Service

WEBHOOK_WITHIN_MS = 30_000


@dataclass
class PortalDesk:
    """The applicant before the portal's pages."""

    service: Service
    page: Page = field(repr=False)

    def see_page(self, name: str) -> None:
        """Wait for one of the portal's pages, all of it."""
        expect(self.page.locator("main")).to_have_attribute("data-page", name)
        self.page.wait_for_load_state()

    def begin(self, kind: str, typed: Mapping[str, str], chosen: Mapping[str, str]) -> None:
        """Start a filing for a `unit` or an `individual`, fill in the form, and go on to the hand-off page."""
        self.page.goto(self.service.portal_url)
        self.page.locator(f'button[name="kind"][value="{kind}"]').click()
        self.see_page("entry")
        self.fill_in(typed, chosen)
        self.page.locator('[data-action="open"]').click()
        self.see_page("verify")

    def fill_in(self, typed: Mapping[str, str], chosen: Mapping[str, str]) -> None:
        """Type and choose, and send the form."""
        for name, text in typed.items():
            self.page.locator(f"#{name}").fill(text)
        for name, value in chosen.items():
            self.page.locator(f"#{name}").select_option(value)
        self.page.locator('.foot button[name="action"][value="next"]').click()

    @property
    def handoff(self) -> FrameLocator:
        """The service's page within the portal's."""
        return self.page.frame_locator("#handoff")

    def link(self) -> str:
        """The address that the code holds, scanned off the screen; the same is offered to be copied."""
        expect(self.handoff.locator("#page")).to_have_attribute("data-scene", "waiting")
        code = self.handoff.locator('.qr svg[role="img"]')
        address = scanned(code)
        assert address == self.handoff.locator("input.address").input_value()
        return address

    def session_id(self) -> str:
        """The session's id, as the frame's token begins."""
        address = str(self.page.locator("#handoff").get_attribute("src"))
        return address.partition("#")[2].partition(".")[0]

    def see_status(self, status: str) -> None:
        """Wait until the hand-off page and the portal round it say that status."""
        expect(self.handoff.locator("#page")).to_have_attribute("data-status", status, timeout=WEBHOOK_WITHIN_MS)
        expect(self.page.locator("main")).to_have_attribute("data-status", status, timeout=WEBHOOK_WITHIN_MS)

    def step(self, name: str) -> Locator:
        """A step's line on the hand-off page."""
        return self.handoff.locator(f'[data-step="{name}"]')

    def told_by_webhook(self, event: str) -> None:
        """Wait until the portal has received that event."""
        self.page.goto(self.page.url.replace("/verify", "/progress"))
        self.see_page("progress")
        for _ in range(10):
            if self.page.locator(f'[data-event="{event}"]').count():
                return
            self.page.wait_for_timeout(1000)
            self.page.reload()
        raise AssertionError(f"the portal was not told {event}")


@dataclass
class Console:
    """An operator before the console."""

    service: Service
    page: Page = field(repr=False)

    def log_in(self) -> None:
        """With the name and password of the installation's operator."""
        self.page.goto(f"{self.service.url}/console/")
        self.page.locator("#name").fill(OPERATOR)
        self.page.locator("#password").fill(PASSWORD)
        self.page.locator('button[type="submit"]').click()
        expect(self.page.locator('[data-page="queue"]')).to_be_visible()

    def claim(self, session_id: str) -> None:
        """Take a case from the queue."""
        self.page.locator(f'tr[data-case="{session_id}"] [data-action="claim"]').click()
        expect(self.page.locator('[data-page="case"]')).to_have_attribute("data-case", session_id)

    def decide(self, decision: str) -> None:
        """Decide as proposed, and come back to the queue."""
        self.page.locator(f'[data-decision="{decision}"]').click()
        self.page.locator('[data-action="decide"]').click()
        expect(self.page.locator('[data-page="queue"]')).to_be_visible()


def scanned(code: Locator) -> str:
    """What a camera reads off the code on the screen."""
    picture = cv2.imdecode(np.frombuffer(code.screenshot(scale="css"), np.uint8), cv2.IMREAD_COLOR)
    # OpenCV's own detector misses 3 of 100 perfect codes.
    [code_read] = zxingcpp.read_barcodes(picture)
    return str(code_read.text)
