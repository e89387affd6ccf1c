"""`check --batch`: one job a line, one answer a line, in order, the weights loaded once."""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from verify_svc.inference.engines import Engines, make_engines
from verify_svc.inference.pool import ChildError
from verify_svc.media.warm import warm_decoders
from verify_svc.session.report import Report, Result

JudgeFile = Callable[[Engines, str, str, Mapping[str, Any]], Report]

_AT_ONCE = 2
_AHEAD = 4
_MAX_LINE_CHARS = 1 << 20
EXIT_UNREADABLE = 2


def run_batch(path: str, judge_file: JudgeFile) -> int:
    """Answer every line of the file at `path` (`-`: standard input). 0 when all were answered."""
    with ExitStack() as held:
        try:
            lines: Iterable[str] = sys.stdin
            if path != "-":
                lines = held.enter_context(Path(path).open(encoding="utf-8", errors="replace"))
        except OSError as error:
            print(f"verify-svc check: {error}", file=sys.stderr)
            return EXIT_UNREADABLE
        engines = make_engines(_AT_ONCE, _AT_ONCE, prepare=warm_decoders)
        held.callback(engines.close)
        for given in answers(engines, lines, judge_file):
            print(json.dumps(given, ensure_ascii=False), flush=True)
    return 0


def answers(engines: Engines, lines: Iterable[str], judge_file: JudgeFile) -> Iterator[dict[str, Any]]:
    """One answer for each line that isn't blank, in order; a few lines are worked on at once."""
    waiting: deque[Future[dict[str, Any]]] = deque()
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for line in lines:
            if not line.strip():
                continue
            waiting.append(threads.submit(answer, engines, line, judge_file))
            if len(waiting) >= _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def answer(engines: Engines, line: str, judge_file: JudgeFile) -> dict[str, Any]:
    """The answer to one line; one that can't be worked on is answered with `error` and the same id, if it has one."""
    job_id: Any = None
    try:
        if len(line) > _MAX_LINE_CHARS:
            raise ValueError("the line is too long")
        job = json.loads(line)
        if not isinstance(job, dict):
            raise ValueError("a line is a JSON object")
        job_id = job.get("id")
        for name in ("what", "file"):
            if not isinstance(job.get(name), str):
                raise ValueError(f"{name}: text is needed")
        report = judge_file(engines, job["what"], job["file"], job)
    except json.JSONDecodeError as error:
        return _failed(job_id, f"not JSON: {error.msg}")
    except (ValueError, ChildError) as error:
        return _failed(job_id, str(error))
    except OSError as error:
        return _failed(job_id, f"file: {error.strerror or 'can not be read'}")
    return {"id": job_id, **report.as_tree()}


def _failed(job_id: Any, message: str) -> dict[str, Any]:
    tree = Report(Result.UNREADABLE, ("file_unreadable",)).as_tree()
    return {"id": job_id, **tree, "error": message}
