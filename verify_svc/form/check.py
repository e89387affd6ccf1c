"""One photograph of a form, top to bottom: decode, lay flat, read, judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from verify_svc.certificate.kinds import FormKind
from verify_svc.document.check import properties_of, read_page, seen_of
from verify_svc.document.judge import Seen, judge_edges, judge_photo
from verify_svc.document.photo import RelativeCorners
from verify_svc.form.judge import judge_legible, judge_template
from verify_svc.inference.engines import Engines
from verify_svc.media.pictures import PictureError
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.reasons import Effect
from verify_svc.session.report import Report, judge_report, unreadable

NOT_CHECKED_YET = ("signature", "seal", "date")


@dataclass(frozen=True, slots=True)
class FormWanted:
    """What the picture is to show. `corners` and `rotate_deg` are the applicant's own crop (fractions of the upright
    picture) and clockwise turn, `effects` the rule pack's.
    """

    kind: FormKind
    corners: RelativeCorners | None = None
    rotate_deg: int = 0
    effects: Mapping[str, Effect] | None = None


def check_form(engines: Engines, data: bytes, wanted: FormWanted) -> Report:
    """Judge one photograph of a form: all reasons at once.

    Bytes that can't be decoded give an `unreadable` report; an inference child that can't answer raises
    `ChildError`, to be tried again.
    """
    try:
        page = read_page(engines, data, wanted.kind, wanted.corners, wanted.rotate_deg)
    except PictureError as error:
        return unreadable(error.reason)
    seen = seen_of(page, wanted.kind)
    return judge_report(judge(seen), properties_of(page, seen, ()), wanted.effects)


def judge(seen: Seen) -> list[Finding]:
    """Every finding on one form."""
    found = [judge_template(seen), judge_legible(seen), *judge_photo(seen), judge_edges(seen)]
    return [*found, *(Finding(check, Outcome.NOT_CHECKED) for check in NOT_CHECKED_YET)]
