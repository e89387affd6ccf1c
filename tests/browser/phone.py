"""An applicant's phone: what a person taps, screen by screen."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from tests.browser.applicant import latest_code
from tests.browser.camera import LEAD_S, FakeCamera, Take
from tests.browser.service import Service

JUDGED_WITHIN_MS = 90_000
COUNT_DOWN_S = 2.5
"""From the tap that starts the recording to its first frame: three counts of 0.8 s, and the first digit is asked."""

_STARTS = 3
"""How often a start is tried: on a machine under load the page may need longer than the lead-in to agree."""

# Notes when a stream was opened, and whether with sound: the fake camera's files begin then. They are read anew only
# once all earlier streams have ended.
_NOTE_OPENING = """
const open = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
if (open) navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await open(wanted);
  window.streamOpenedAt = performance.now();
  (window.soundAsked ??= []).push(Boolean(wanted.audio));
  return stream;
};
"""
# Tapped by the page itself at that time of the camera's files, since the test's own clock is another process'; a button
# that is put off at that very moment is tapped as soon as it is back.
_TAP_AT = """
([selector, at_s]) => new Promise((resolve) => {
  const left = at_s * 1000 - (performance.now() - window.streamOpenedAt);
  if (left < 0) return resolve(false);
  const tap = () => {
    const button = document.querySelector(selector);
    if (!button) return setTimeout(tap, 20);
    button.click();
    resolve(true);
  };
  setTimeout(tap, left);
})
"""

# Types what appears, as a person does: by the keys on the page.
_TYPE = """
([after_ms, shift]) => {
  const digit = document.querySelector(".digit");
  const look = () => {
    const shown = digit.dataset.digit;
    if (!/^[0-9]$/.test(shown)) return;
    const key = document.querySelector(`[data-key="${(Number(shown) + shift) % 10}"]`);
    setTimeout(() => digit.dataset.digit === shown && key.click(), after_ms);
  };
  new MutationObserver(look).observe(digit, { attributes: true, attributeFilter: ["data-digit"] });
}
"""


@dataclass
class Phone:
    """One phone with one page."""

    service: Service
    context: BrowserContext = field(repr=False)
    page: Page = field(repr=False)

    @classmethod
    def taken_up(cls, service: Service, context: BrowserContext) -> Phone:
        """A phone whose browser shows nothing yet."""
        context.add_init_script(_NOTE_OPENING)
        return cls(service, context, context.new_page())

    def on(self, screen: str) -> Locator:
        """The stage while it shows that screen."""
        return self.page.locator(f'#screen[data-screen="{screen}"]')

    def see(self, screen: str, timeout_ms: float = JUDGED_WITHIN_MS) -> None:
        """Wait for a screen."""
        expect(self.page.locator("#screen")).to_have_attribute("data-screen", screen, timeout=timeout_ms)

    def tap(self, action: str) -> None:
        """Tap a button by what it does."""
        self.page.locator(f'[data-action="{action}"]').click()

    def go(self, route: str) -> None:
        """Open one of the page's own addresses."""
        self.page.goto(f"{self.service.url}/m/#/{route}")
        self.page.reload()

    def open_link(self, url: str) -> None:
        """Scan the code and tap."""
        self.page.goto(url)
        self.see("open")
        self.tap("redeem")

    def agree(self) -> None:
        """Tick both boxes."""
        self.see("consent")
        for name in ("processing", "face"):
            self.page.locator("label", has=self.page.locator(f'[data-consent="{name}"]')).click()
        self.tap("agree")

    def check_devices(self) -> None:
        """Let the page try camera and microphone."""
        self.see("preflight")
        self.tap("check")

    def prove_number(self, mobile: str) -> None:
        """Type the number and the code that the development inbox shows."""
        self.see("phone-number")
        self.page.locator('input[name="mobile"]').fill(mobile)
        self.tap("send-code")
        self.see("phone-code")
        self.page.locator('input[name="code"]').fill(latest_code(self.service, mobile))
        self.see("home")

    def open_step(self, step: str) -> None:
        """From the home page to a step."""
        self.see("home")
        self.page.locator(f'[data-step="{step}"] a.line').click()

    def choose_from_album(self, picture: bytes) -> None:
        """Choose a picture instead of taking one."""
        self.see("capture")
        file = FilePayload(name="IMG_0001.jpg", mimeType="image/jpeg", buffer=picture)
        self.page.locator('input[data-input="album"]').set_input_files(file)

    def photograph_from_album(self, picture: bytes) -> None:
        """Choose a picture and use its page as it was found."""
        self.choose_from_album(picture)
        self.see("crop")
        self.tap("use")

    def photograph_by_shutter(self) -> None:
        """Take what the camera shows."""
        self.see("capture")
        shutter = self.page.locator('[data-action="shutter"]:not([aria-disabled])')
        shutter.click(timeout=30_000)
        self.see("crop")
        self.tap("use")

    def read_fields(self) -> Locator:
        """The fields that were read, once they are."""
        self.see("fields")
        return self.page.locator("[data-field]")

    def record_face(self, take: Take) -> None:
        """From the instructions on: frame the face and let the camera's person read the digits, in English."""
        for _ in range(_STARTS):
            self.see("instructions")
            self.page.locator("label.choice", has=self.page.locator('input[value="en"]')).click()
            self.tap("go")
            if self._start_recording(take):
                self.see("recording", 10_000)
                return
            self.go("face/before")
        raise AssertionError("the page never liked what it saw in time")

    def choose_typing(self) -> None:
        """From the instructions on: the way of who can't speak or hear."""
        self.see("instructions")
        self.tap("other-way")
        self.see("other-way")
        self.page.locator("label", has=self.page.locator('input[value="typed"]')).click()
        self.tap("other-way")

    def record_typing(self, take: Take, after_ms: int = 500, shift: int = 0) -> None:
        """From the instructions of who types on: each digit so long after it appeared, or one that many higher."""
        for _ in range(_STARTS):
            self.see("instructions-typed")
            self.tap("go")
            if self._start_recording(take):
                self.see("typing", 10_000)
                self.page.evaluate(_TYPE, [after_ms, shift])
                return
            self.go("face/before")
        raise AssertionError("the page never liked what it saw in time")

    def _start_recording(self, take: Take) -> bool:
        """Tap when the clip is about to begin; False when the page let nobody tap before."""
        self.see("framing")
        button = '[data-action="start-recording"]:not([aria-disabled])'
        if take.lead_s > LEAD_S:
            button = '[data-action="record-anyway"]:not([hidden])'
        self.page.locator(button).wait_for(timeout=30_000)
        return bool(self.page.evaluate(_TAP_AT, [button, take.lead_s - COUNT_DOWN_S]))

    def pass_face(self, camera: FakeCamera) -> None:
        """The face step from its instructions to the confirmed still, which is the last that was open."""
        take = Take()
        camera.show(take)
        self.go("face/before")
        self.record_face(take)
        self.confirm_still()
        self.see("done")

    def confirm_still(self) -> None:
        """Use the still that was chosen."""
        self.see("still")
        self.tap("confirm-still")

    def reasons(self) -> set[str]:
        """The reasons that the screen tells."""
        found = self.page.locator("#screen [data-reason]").all()
        return {reason for each in found if (reason := each.get_attribute("data-reason"))}
