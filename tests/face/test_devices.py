"""One take as phones, browsers and mishaps record it: the same is said of each, or what the mishap asks for.

Some of them in an ordinary run, all where pytest is asked for `--hypothesis-profile=thorough`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from tests.media.watched import THOROUGH
from tests.specimens.recordings import DIGITS, SORTS, good_take
from tests.specimens.takes import Take
from verify_svc.face.check import FaceWanted, check_face
from verify_svc.inference.engines import Engines, make_engines
from verify_svc.media.warm import warm_decoders
from verify_svc.session.report import Report, Result

pytestmark = pytest.mark.weights

_FIRST = "MP4, H.264, AAC"
_ALWAYS = (
    "MP4 in fragments, AV1, Opus",
    "WebM of no length, VP8, Opus",
    "MOV, HEVC of 10 bits in HLG, on its side",
    "3GP, H.264, AMR at 8 kHz",
    "MOV, mirrored and turned by its header",
    "MP4, mirrored by its header",
    "WebM, every third frame is lost",
    "WebM, its picture becomes smaller in the middle",
    "MP4, sound begins 0.6 s late",
    "MP4, 0.4 s left out by an edit list",
    "MP4 in fragments, cut in the middle",
    "MP4 of 0.1 s",
    "MP4 of 10 min",
    "MP4, black",
    "MP4, the picture stands",
)


@dataclass(frozen=True, slots=True)
class Studio:
    """A take, what judges its recordings, and what was said of the first."""

    engines: Engines
    take: Take
    first: Report

    def said_of(self, name: str) -> Report:
        return _said(self.engines, SORTS[name].made(self.take))


def _said(engines: Engines, data: bytes) -> Report:
    return check_face(engines, data, FaceWanted(DIGITS, language="en")).report


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    take = good_take()
    with closing(make_engines(prepare=warm_decoders)) as engines:
        yield Studio(engines, take, _said(engines, SORTS[_FIRST].made(take)))


def _outcomes(report: Report) -> dict[str, str]:
    return {finding.check: finding.outcome.value for finding in report.findings}


def test_the_take_itself_is_clear(studio: Studio) -> None:
    assert (studio.first.result, studio.first.reasons) == (Result.CLEAR, ())


@pytest.mark.parametrize("name", [name for name in SORTS if not SORTS[name].reason and (THOROUGH or name in _ALWAYS)])
def test_however_it_is_recorded_the_same_is_said(studio: Studio, name: str) -> None:
    report = studio.said_of(name)
    assert report.reasons == ()
    assert _outcomes(report) == _outcomes(studio.first)


@pytest.mark.parametrize("name", [name for name in SORTS if SORTS[name].reason and (THOROUGH or name in _ALWAYS)])
def test_a_mishap_is_named(studio: Studio, name: str) -> None:
    report = studio.said_of(name)
    assert SORTS[name].reason in report.reasons
    assert report.result is not Result.CLEAR
    assert "presentation_attack_evident" not in report.reasons
