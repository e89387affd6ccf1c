"""A batch answers every line, in order, whatever is wrong with one."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from verify_svc.commands.batch import answers
from verify_svc.inference.engines import Engines, make_engines
from verify_svc.inference.pool import ChildCrashed
from verify_svc.media.warm import warm_decoders
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.report import Report, judge_report


@pytest.fixture
def engines() -> Engines:
    """Engines whose children never start: nothing here calls them."""
    return make_engines(prepare=warm_decoders)


def judge(engines: Engines, what: str, file: str, options: Mapping[str, Any]) -> Report:
    """Clear, after as long as the line says; faults as the file's name says."""
    if what != "document":
        raise ValueError("what: one of document")
    if file == "missing.jpg":
        raise FileNotFoundError(2, "No such file or directory")
    if file == "crash.jpg":
        raise ChildCrashed("child ended")
    time.sleep(options.get("pause_s", 0))
    return judge_report([Finding("kind", Outcome.PASS)], {"kind": "id_card_portrait"})


def lines_of(*jobs: object) -> list[str]:
    return [job if isinstance(job, str) else json.dumps(job) for job in jobs]


def test_answers_come_in_the_order_of_the_lines(engines: Engines) -> None:
    jobs = [
        {"id": place, "what": "document", "file": "a.jpg", "pause_s": 0.2 if place == 0 else 0.0} for place in range(7)
    ]
    assert [answer["id"] for answer in answers(engines, lines_of(*jobs), judge)] == list(range(7))


def test_an_answer_has_the_id_and_the_report(engines: Engines) -> None:
    (answer,) = answers(engines, lines_of({"id": "one", "what": "document", "file": "a.jpg"}), judge)
    assert set(answer) == {"id", "result", "reasons", "breakdown", "properties"}
    assert (answer["id"], answer["result"]) == ("one", "clear")


@pytest.mark.parametrize(
    ("line", "job_id", "said"),
    [
        ("{not json", None, "not JSON"),
        ("[1, 2]", None, "JSON object"),
        ({"id": "a", "file": "a.jpg"}, "a", "what"),
        ({"id": "b", "what": "document"}, "b", "file"),
        ({"id": "c", "what": "dance", "file": "a.jpg"}, "c", "what"),
        ({"id": "d", "what": "document", "file": "missing.jpg"}, "d", "No such file"),
        ({"id": "e", "what": "document", "file": "crash.jpg"}, "e", "child ended"),
        ({"id": 7, "what": "document", "file": 5}, 7, "file"),
    ],
)
def test_a_bad_line_is_answered_in_its_place(engines: Engines, line: object, job_id: object, said: str) -> None:
    good = {"id": "good", "what": "document", "file": "a.jpg"}
    first, bad, last = answers(engines, lines_of(good, line, good), judge)
    assert first["id"] == last["id"] == "good"
    assert (bad["id"], bad["result"]) == (job_id, "unreadable")
    assert said in bad["error"]


def test_blank_lines_are_no_jobs(engines: Engines) -> None:
    job = {"id": 1, "what": "document", "file": "a.jpg"}
    assert len(list(answers(engines, ["\n", json.dumps(job), "  \n"], judge))) == 1


def test_an_answer_leaves_before_the_last_line_is_read(engines: Engines) -> None:
    first_answered = threading.Event()

    def lines() -> Any:
        for place in range(6):
            yield json.dumps({"id": place, "what": "document", "file": "a.jpg"})
        assert first_answered.wait(5)

    for answer in answers(engines, lines(), judge):
        if answer["id"] == 0:
            first_answered.set()


def test_the_batch_of_a_missing_file_is_wrong_usage(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from verify_svc.commands.batch import run_batch

    assert run_batch(str(tmp_path / "none.jsonl"), judge) == 2
    assert capsys.readouterr().out == ""
