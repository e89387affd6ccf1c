"""What every test stands on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings

from verify_svc.inference.engines import Engines, make_engines
from verify_svc.inference.manifest import verify_weights
from verify_svc.media.warm import warm_decoders

_BROWSER_TESTS = Path(__file__).parent / "browser"

# The hub client that faster-whisper brings stays off line, in spawned children too.
os.environ["HF_HUB_OFFLINE"] = "1"

# Properties looked at longer than a change can wait for: `pytest --hypothesis-profile=thorough …`.
settings.register_profile("thorough", max_examples=3_000, deadline=None, print_blob=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything under tests/browser drives a browser."""
    for item in items:
        if item.path.is_relative_to(_BROWSER_TESTS):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    """Real children, for all tests of a file."""
    with closing(make_engines(prepare=warm_decoders)) as made:
        yield made


@pytest.fixture(scope="session")
def _right_weights() -> None:
    verify_weights()


@pytest.fixture(autouse=True)
def _weights_when_marked(request: pytest.FixtureRequest) -> None:
    """A test marked `weights` fails at once, saying how to mend it, where they are missing: it isn't skipped."""
    if request.node.get_closest_marker("weights"):
        request.getfixturevalue("_right_weights")
