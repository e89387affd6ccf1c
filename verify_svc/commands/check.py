"""`verify-svc check document|face|form FILE` and `verify-svc check --batch FILE.jsonl`.

Each thing that can be checked has a module `check_<what>` beside this one: `configure(parser)` adds its options,
`judge(engines, data, options)` gives the report; `options` are the command line's or a batch line's, by name.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, cast

from verify_svc.commands.batch import run_batch
from verify_svc.inference.engines import Engines, make_engines
from verify_svc.inference.pool import ChildError
from verify_svc.media.container import ClipLimits
from verify_svc.media.pictures import PictureLimits
from verify_svc.media.warm import warm_decoders
from verify_svc.session.finding import Outcome
from verify_svc.session.report import Report, Result

KINDS_OF_CHECK = ("document", "face", "form")
_MOST_BYTES = max(PictureLimits().max_bytes, ClipLimits().max_bytes)
EXIT_UNREADABLE = 2
_MAX_READ_BYTES = 256 << 20  # more than any check takes: such a file is refused for its size
_BATCH = """\
a line of a batch is a JSON object: "what" (document, face or form), "file" (relative to this folder), "id" (yours,
given back), and the options of that check as keys, for example
  {"id": 1, "what": "document", "file": "card.jpg", "kind": "id_card_portrait", "number": "110101199003070011"}
  {"id": 2, "what": "face", "file": "clip.mp4", "digits": "483026", "reveals_s": [0.6, 1.5], "reference": "card.jpg"}
  {"id": 3, "what": "form", "file": "form.jpg", "kind": "verification_form"}
its answer, on one line in the same order, has "id", "result", "reasons", "breakdown" and "properties"; a line that
can't be worked on has "id" and "error"

exit status: 0 clear, 1 rejected, 2 unreadable or wrong usage, 3 for an operator; of a batch 0 when every line was
answered, broken lines too
"""
EXITS = {
    Result.CLEAR: 0,
    Result.NOT_CHECKED: 0,
    Result.REJECTED: 1,
    Result.UNREADABLE: EXIT_UNREADABLE,
    Result.CONSIDER: 3,
}


class CheckModule(Protocol):
    """What each `check_<what>` module offers."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""

    def judge(self, engines: Engines, data: bytes, options: Mapping[str, Any]) -> Report:
        """Judge a file's bytes. Raises ValueError for options that make no sense, naming the option."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the three checks and the batch."""
    parser.add_argument("--batch", metavar="FILE.jsonl", help="one job a line (see below); `-`: standard input")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _BATCH
    checks = parser.add_subparsers(dest="what", metavar="WHAT")
    summaries = {
        "document": "a photograph of a certificate",
        "face": "a selfie video reading digits",
        "form": "a photograph of a form",
    }
    for what in KINDS_OF_CHECK:
        one = checks.add_parser(what, help=summaries[what], description=f"Judge {summaries[what]}.")
        one.add_argument("file", metavar="FILE")
        one.add_argument("--json", action="store_true", help="print the report tree as JSON")
        module_of(what).configure(one)


def run(arguments: argparse.Namespace) -> int:
    """0 clear, 1 rejected, 2 unreadable or wrong usage, 3 consider; a batch: 0 when every line was answered."""
    if arguments.batch is not None:
        if arguments.what is not None:
            print("verify-svc check: --batch goes without a check of its own", file=sys.stderr)
            return EXIT_UNREADABLE
        return run_batch(arguments.batch, judge_file)
    if arguments.what is None:
        print("verify-svc check: document, face, form or --batch is needed", file=sys.stderr)
        return EXIT_UNREADABLE
    engines = make_engines(prepare=warm_decoders)
    try:
        report = judge_file(engines, arguments.what, arguments.file, vars(arguments))
    except (OSError, ValueError, ChildError) as error:
        print(f"verify-svc check: {error}", file=sys.stderr)
        return EXIT_UNREADABLE
    finally:
        engines.close()
    _print(report, arguments.json)
    return EXITS[report.result]


def judge_file(engines: Engines, what: str, file: str, options: Mapping[str, Any]) -> Report:
    """Judge one file. Raises ValueError for a wrong option, OSError for a file that can't be read, ChildError."""
    if what not in KINDS_OF_CHECK:
        raise ValueError(f"what: one of {', '.join(KINDS_OF_CHECK)}")
    with Path(file).open("rb") as opened:
        # One byte past the largest limit: what is longer is refused for its size, and is never held whole.
        data = opened.read(_MOST_BYTES + 1)
    return module_of(what).judge(engines, data, options)


def module_of(what: str) -> CheckModule:
    """The module of a check; imported when it is asked for."""
    return cast(CheckModule, importlib.import_module(f"verify_svc.commands.check_{what}"))


def _print(report: Report, as_json: bool) -> None:
    if as_json:
        print(json.dumps(report.as_tree(), ensure_ascii=False, indent=2))
        return
    print(report.result.value)
    for code in report.reasons:
        print(f"  {code}")
    unchecked = [finding.check for finding in report.findings if finding.outcome is Outcome.NOT_CHECKED]
    if unchecked:
        print(f"  not checked: {', '.join(unchecked)}")
    for name, entry in report.properties.get("fields", {}).items():
        if entry.get("value") is not None:
            print(f"  {name}: {entry['value']} ({entry['score']:.2f})")
