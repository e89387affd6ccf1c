"""One service and one browser for all browser tests; every page is watched for complaints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.browser.applicant import Applicant, Portal
from tests.browser.camera import FakeCamera
from tests.browser.inspector import Inspector
from tests.browser.phone import Phone
from tests.browser.service import Service, running
from tests.browser.watch import Watch

CHROMIUM = "/usr/bin/chromium"
_PHONE: Mapping[str, Any] = {
    "viewport": {"width": 375, "height": 724},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "permissions": ["camera", "microphone"],
}
_DESK: Mapping[str, Any] = {"viewport": {"width": 1440, "height": 900}}

OpenContext = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The running service."""
    with running(tmp_path_factory.mktemp("service")) as started:
        yield started


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> FakeCamera:
    """What Chromium's camera shows."""
    return FakeCamera(tmp_path_factory.mktemp("camera"))


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(_playwright: Playwright, camera: FakeCamera) -> Iterator[Browser]:
    """The browser."""
    browser = _playwright.chromium.launch(
        executable_path=CHROMIUM,
        chromium_sandbox=False,
        args=[
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={camera.video}",
            f"--use-file-for-fake-audio-capture={camera.sound}",
            "--autoplay-policy=no-user-gesture-required",
        ],
    )
    yield browser
    browser.close()


@pytest.fixture
def open_context(chromium: Browser) -> Iterator[OpenContext]:
    """Opens contexts of their own; no page in any of them may have complained at the test's end."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_one(**options: Any) -> BrowserContext:
        context = chromium.new_context(**{"locale": "zh-CN", **options})
        context.set_default_timeout(20_000)
        opened.append((context, Watch(context)))
        return context

    yield open_one
    complaints = [complaint for _, watch in opened for complaint in watch.complaints]
    for context, _ in opened:
        context.close()
    assert not complaints


@pytest.fixture
def inspector() -> Iterator[Inspector]:
    """Looks at pages; nothing serious may have been found at the test's end."""
    looking = Inspector()
    yield looking
    assert not looking.found


@pytest.fixture
def take_phone(service: Service, open_context: OpenContext) -> Callable[..., Phone]:
    """Takes up a phone: a new one, or that `of` an applicant who is on the way. Options are the context's."""

    def take_up(of: Applicant | None = None, **options: Any) -> Phone:
        context = open_context(**_PHONE, **options)
        if of is not None:
            for cookie in of.client.cookies.jar:
                name, value, path = cookie.name, str(cookie.value), cookie.path
                context.add_cookies([{"name": name, "value": value, "path": path, "domain": "127.0.0.1"}])
        return Phone.taken_up(service, context)

    return take_up


@pytest.fixture
def sit_down(open_context: OpenContext) -> Callable[..., BrowserContext]:
    """A PC's browser."""
    return lambda **options: open_context(**_DESK, **options)


@pytest.fixture(scope="session")
def portal(service: Service) -> Iterator[Portal]:
    """A portal that uses the API directly."""
    opened = Portal(service)
    yield opened
    opened.client.close()


@pytest.fixture
def redeem(service: Service) -> Iterator[Callable[[str], Applicant]]:
    """Opens a session's link on a phone that is driven by the API."""
    opened: list[Applicant] = []

    def open_link(url: str) -> Applicant:
        opened.append(Applicant.opening(service, url))
        return opened[-1]

    yield open_link
    for applicant in opened:
        applicant.client.close()


@pytest.fixture
def at_home(portal: Portal, redeem: Callable[[str], Applicant]) -> Callable[[Mapping[str, Any]], Applicant]:
    """Opens a session for the filing and takes it past consent and mobile number."""

    def prepare(filing: Mapping[str, Any]) -> Applicant:
        applicant = redeem(portal.open(filing)["url"])
        applicant.agree()
        applicant.prove_phone(filing["responsible_person"]["mobile"])
        return applicant

    return prepare
