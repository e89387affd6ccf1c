"""`verify-svc check form`."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Mapping
from typing import Any

from verify_svc.certificate.kinds import CHECKED_FORMS, FormKind
from verify_svc.commands.options import chosen, text_or_none
from verify_svc.form.check import FormPicture, FormWanted, check_form
from verify_svc.inference.engines import Engines
from verify_svc.session.forms import FormEntry
from verify_svc.session.report import Report

_SUBJECTS = ("unit", "individual")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--kind", required=True, choices=[kind.value for kind in CHECKED_FORMS])
    parser.add_argument("--subject", choices=_SUBJECTS, default="unit", help="whose form it is (default unit)")
    parser.add_argument("--name", help="the subject's name as entered, to be compared")
    parser.add_argument("--number", help="the subject's certificate number as entered")
    parser.add_argument("--person", help="the responsible person's name as entered")
    parser.add_argument("--person-number", help="the responsible person's certificate number as entered")
    parser.add_argument("--domain", help="the site's domains as entered, separated by spaces")
    parser.add_argument("--dated-from", metavar="DAY", help="the first day that the form may be dated (YYYY-MM-DD)")
    parser.add_argument("--dated-until", metavar="DAY", help="the last such day")


def judge(engines: Engines, data: bytes, options: Mapping[str, Any]) -> Report:
    """Judge a photograph of a form. Raises ValueError for a wrong option."""
    unit = chosen({"subject": "unit", **options}, "subject", _SUBJECTS) == "unit"
    entry = FormEntry(
        unit=unit,
        name=text_or_none(options, "name"),
        number=text_or_none(options, "number"),
        person=text_or_none(options, "person"),
        person_number=text_or_none(options, "person_number"),
        domains=tuple((text_or_none(options, "domain") or "").split()),
        first_day=_day(options, "dated_from"),
        last_day=_day(options, "dated_until"),
    )
    kind = FormKind(chosen(options, "kind", CHECKED_FORMS))
    return check_form(engines, [FormPicture(data)], FormWanted(kind=kind, unit=unit, entry=entry))


def _day(options: Mapping[str, Any], name: str) -> dt.date | None:
    given = text_or_none(options, name)
    try:
        return None if given is None else dt.date.fromisoformat(given)
    except ValueError:
        raise ValueError(f"{name}: a day as YYYY-MM-DD") from None
