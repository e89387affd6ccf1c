"""`verify-svc check form`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from verify_svc.certificate.kinds import CHECKED_FORMS, FormKind
from verify_svc.commands.options import chosen
from verify_svc.form.check import FormWanted, check_form
from verify_svc.inference.engines import Engines
from verify_svc.session.report import Report


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--kind", required=True, choices=[kind.value for kind in CHECKED_FORMS])


def judge(engines: Engines, data: bytes, options: Mapping[str, Any]) -> Report:
    """Judge a photograph of a form. Raises ValueError for a wrong option."""
    return check_form(engines, data, FormWanted(kind=FormKind(chosen(options, "kind", CHECKED_FORMS))))
