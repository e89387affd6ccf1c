"""Live hints: who may ask, how often, and that nothing of a frame stays."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.flow.applicant import Applicant
from verify_svc.face.hints import CHECKS, Glance
from verify_svc.flow.hints import HintGiven, HintLimits, HintPace, give_hint
from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.flow.services import Services
from verify_svc.inference.engines import Engines
from verify_svc.inference.pool import ChildCrashed, ChildPool
from verify_svc.media.pictures import encode_jpeg
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.steps import StepName

WALL = encode_jpeg(np.full((480, 360, 3), 210, np.uint8), 480)
LIMITS = HintLimits(slow_s=60.0)  # a machine that is busy with other tests is no fault here


@dataclass
class Stopwatch:
    """A clock that a test moves."""

    at_s: float = 100.0

    def __call__(self) -> float:
        return self.at_s


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def pace(watch: Stopwatch) -> HintPace:
    return HintPace(watch, LIMITS)


@pytest.fixture(scope="module")
def looking() -> Iterator[ChildPool]:
    with closing(ChildPool(yielding=True)) as pool:
        yield pool


@pytest.fixture
def framing(services: Services, applicant: Applicant, looking: ChildPool) -> Applicant:
    """An applicant who may frame the face, at a service that gives hints."""
    applicant.to_papers()
    engines = Engines(services.engines.decoding, services.engines.inference, looking)
    return replace(applicant, services=replace(services, engines=engines))


def ask(applicant: Applicant, pace: HintPace, data: bytes = WALL) -> HintGiven:
    return give_hint(applicant.services, pace, applicant.phone, data, None)


@pytest.mark.weights
def test_a_frame_is_looked_at_and_nothing_of_it_stays(framing: Applicant, pace: HintPace, tmp_path: Path) -> None:
    def kept() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    before = kept()
    given = ask(framing, pace)
    assert given == HintGiven(Glance(("face_not_found",), CHECKS), LIMITS.every_s)
    assert kept() == before


def test_where_hints_are_switched_off_no_frame_is_looked_at(
    services: Services, applicant: Applicant, pace: HintPace
) -> None:
    applicant.to_papers()
    assert give_hint(services, pace, applicant.phone, b"", None) == HintGiven(None, None)


def test_nobody_asks_before_the_number_is_proved(services: Services, applicant: Applicant, looking: ChildPool) -> None:
    applicant.consents()
    engines = Engines(services.engines.decoding, services.engines.inference, looking)
    with pytest.raises(Refusal) as fault:
        ask(replace(applicant, services=replace(services, engines=engines)), HintPace(time.monotonic))
    assert fault.value.kind is Kind.CONFLICT


def test_nobody_asks_while_an_operator_has_the_clip(framing: Applicant, pace: HintPace) -> None:
    framing.judged(StepName.FACE, "clip", Finding("attack", Outcome.FAIL, ("presentation_attack_suspected",)))
    with pytest.raises(Refusal) as fault:
        ask(framing, pace)
    assert fault.value.kind is Kind.CONFLICT


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", Kind.INVALID),
        (b"GIF89a....", Kind.WRONG_TYPE),
        (bytes([0xFF, 0xD8, 0xFF]) + bytes(70_000), Kind.TOO_LARGE),
    ],
    ids=["empty", "no jpeg", "too large"],
)
def test_what_is_no_small_jpeg_is_refused(framing: Applicant, pace: HintPace, data: bytes, kind: Kind) -> None:
    with pytest.raises(Refusal) as fault:
        ask(framing, pace, data)
    assert fault.value.kind is kind


@pytest.mark.parametrize("held", ["decoding", "hints"])
def test_a_child_at_work_is_not_waited_for(framing: Applicant, pace: HintPace, held: str) -> None:
    with closing(ChildPool()) as busy, ThreadPoolExecutor(1) as thread:
        busy.call(60, int)
        thread.submit(busy.call, 60, time.sleep, 2.0)
        time.sleep(0.2)
        engines = framing.services.engines
        engines = replace(engines, **{held: busy})
        begun_s = time.monotonic()
        given = ask(replace(framing, services=replace(framing.services, engines=engines)), pace)
        assert given == HintGiven(None, LIMITS.busy_s)
        assert time.monotonic() - begun_s < 1.0


def test_two_frames_a_second_are_looked_at_and_no_more(watch: Stopwatch, pace: HintPace) -> None:
    assert pace.wait_s("vs_1") == 0
    watch.at_s += 0.2
    assert pace.wait_s("vs_1") == LIMITS.every_s
    assert pace.wait_s("vs_2") == 0
    watch.at_s += 0.3
    assert pace.wait_s("vs_1") == 0


def test_a_session_that_asks_for_ever_is_put_off(watch: Stopwatch) -> None:
    pace = HintPace(watch, HintLimits(in_a_while=3, while_s=60.0))
    for _ in range(3):
        assert pace.wait_s("vs_1") == 0
        watch.at_s += 1.0
    assert pace.wait_s("vs_1") == pytest.approx(57.0)
    watch.at_s += 58.0
    assert pace.wait_s("vs_1") == 0


def test_a_slow_glance_puts_all_off_for_a_while(watch: Stopwatch) -> None:
    pace = HintPace(watch, HintLimits())
    begun_s = pace.now()
    watch.at_s += 0.1
    pace.took(begun_s)
    assert pace.wait_s("vs_1") == 0
    watch.at_s += 1.0
    pace.took(begun_s)
    assert pace.wait_s("vs_2") == pytest.approx(HintLimits().rest_s)
    watch.at_s += HintLimits().rest_s
    assert pace.wait_s("vs_2") == 0


class DyingPool(ChildPool):
    """Whose child dies over each call."""

    def call_now(self, timeout_s: float, function: Any, *args: Any, **kwargs: Any) -> Any:
        raise ChildCrashed("the child ended")


def test_a_child_that_dies_is_left_alone_for_a_minute(framing: Applicant, pace: HintPace) -> None:
    engines = replace(framing.services.engines, hints=DyingPool())
    dying = replace(framing, services=replace(framing.services, engines=engines))
    assert ask(dying, pace) == HintGiven(None, LIMITS.broken_s)
    assert pace.wait_s("vs_2") == pytest.approx(LIMITS.broken_s)
