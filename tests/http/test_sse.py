"""Streams are short, few, resumable, and turn into polling when there are too many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from flask import Flask, Response
from structlog.testing import capture_logs

from verify_svc.http.errors import Problem
from verify_svc.http.sse import StreamLimits, Streams


class Time:
    """A clock that only sleep moves."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def clock(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


class Feed:
    """Events that appear at given times."""

    def __init__(self, time: Time, at_s: Sequence[float]) -> None:
        self.time = time
        self.at_s = at_s

    def read(self, after: int) -> list[dict[str, Any]]:
        return [
            {"id": number, "type": "step_changed", "step": None}
            for number, at_s in enumerate(self.at_s, start=1)
            if number > after and at_s <= self.time.now_s
        ]


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def app() -> Flask:
    return Flask("streams")


def ask(app: Flask, streams: Streams, feed: Feed, query: str = "", **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with app.test_request_context(f"/events{query}", headers=named):
        return streams.respond(feed.read)


def text(response: Response) -> str:
    return "".join(str(piece) for piece in response.response)


def test_a_stream_tells_events_as_they_come_and_ends_after_its_time(app: Flask, time: Time) -> None:
    streams = Streams(StreamLimits(), time.clock, time.sleep)
    told = text(ask(app, streams, Feed(time, [0, 3, 24, 40])))
    assert [line for line in told.splitlines() if line.startswith("id:")] == ["id: 1", "id: 2", "id: 3"]
    assert time.now_s == StreamLimits().duration_s


def test_a_stream_goes_on_after_the_last_event_id(app: Flask, time: Time) -> None:
    streams = Streams(StreamLimits(), time.clock, time.sleep)
    told = text(ask(app, streams, Feed(time, [0, 0, 0]), "?after=0", Last_Event_ID="2"))
    assert [line for line in told.splitlines() if line.startswith("id:")] == ["id: 3"]


def test_json_is_answered_at_once(app: Flask, time: Time) -> None:
    streams = Streams(StreamLimits(), time.clock, time.sleep)
    answer = ask(app, streams, Feed(time, [0, 0]), "?after=1", Accept="application/json")
    assert answer.get_json() == {"events": [{"id": 2, "type": "step_changed", "step": None}]}


def test_a_stream_too_many_says_what_is_new_and_ends(app: Flask, time: Time) -> None:
    streams = Streams(StreamLimits(max_streams=1), time.clock, time.sleep)
    feed = Feed(time, [0])
    holding: Iterator[Any] = iter(ask(app, streams, feed).response)
    next(holding)
    told = text(ask(app, streams, feed))
    assert told.startswith("retry: 3000\n")
    assert "id: 1" in told
    assert time.now_s == 0


def test_a_stream_that_the_client_left_gives_its_place_back(app: Flask, time: Time) -> None:
    streams = Streams(StreamLimits(max_streams=1), time.clock, time.sleep)
    feed = Feed(time, [])
    left = ask(app, streams, feed)
    next(iter(left.response))
    left.close()
    assert text(ask(app, streams, feed)).startswith("retry: 500\n")


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "9" * 19, "١"])
def test_an_id_that_is_none_is_refused(app: Flask, time: Time, after: str) -> None:
    streams = Streams(StreamLimits(), time.clock, time.sleep)
    with pytest.raises(Problem) as caught:
        ask(app, streams, Feed(time, []), f"?after={after}")
    assert caught.value.errors[0].field == "after"


def test_a_reader_that_breaks_ends_the_stream_and_is_logged_by_its_type_alone(app: Flask, time: Time) -> None:
    class Broken(Feed):
        def read(self, after: int) -> list[dict[str, Any]]:
            raise ValueError("金丝雀")

    streams = Streams(StreamLimits(max_streams=1), time.clock, time.sleep)
    with capture_logs() as lines:
        assert text(ask(app, streams, Broken(time, []))) == "retry: 500\n\n"
    assert lines == [{"event": "stream_broke", "log_level": "error", "error": "ValueError"}]
    assert "retry: 500" in text(ask(app, streams, Feed(time, [])))
