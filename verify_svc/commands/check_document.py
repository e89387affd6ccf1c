"""`verify-svc check document`."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from verify_svc.certificate.kinds import CertificateKind
from verify_svc.commands.options import chosen, text_or_none
from verify_svc.document.check import DocumentWanted, check_document
from verify_svc.inference.engines import Engines
from verify_svc.session.report import Report


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--kind", required=True, choices=[kind.value for kind in CertificateKind])
    parser.add_argument("--number", help="the certificate number as entered, to be compared")
    parser.add_argument("--name", help="the name as entered, to be compared")


def judge(engines: Engines, data: bytes, options: Mapping[str, Any]) -> Report:
    """Judge a photograph; validity by today's date in Shanghai. Raises ValueError for a wrong option."""
    wanted = DocumentWanted(
        kind=CertificateKind(chosen(options, "kind", tuple(CertificateKind))),
        number=text_or_none(options, "number"),
        name=text_or_none(options, "name"),
        today=dt.datetime.now(ZoneInfo("Asia/Shanghai")).date(),
    )
    return check_document(engines, data, wanted)
