"""`verify-svc purge`: delete what its retention time has passed."""

from __future__ import annotations

import argparse
import json

from verify_svc.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Delete media and records past their time; say how many records ended."""
    from verify_svc.bootstrap import delete_orphans, install
    from verify_svc.flow.retain import purge

    installation = install(Settings())
    try:
        ended = purge(installation.services)
        orphans = delete_orphans(installation)
    finally:
        installation.close()
    told = f"{ended} sessions purged, {orphans} files without a key removed"
    print(json.dumps({"purged": ended, "orphans": orphans}) if arguments.json else told)
    return 0
