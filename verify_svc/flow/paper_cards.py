"""The legal representative's certificate among a portal's papers: each side judged, and both together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from verify_svc.certificate.kinds import ID_CARD, PAGES, WITH_TERM, CertificateKind
from verify_svc.document.check import DocumentWanted, check_document
from verify_svc.flow.analysis import fields_in
from verify_svc.flow.paper_kinds import PAPERS, certificate_side
from verify_svc.flow.record import pack_of
from verify_svc.flow.services import Services
from verify_svc.ports import PaperRow
from verify_svc.session.comparing import day_in_shanghai
from verify_svc.session.events import FieldRead
from verify_svc.session.finding import Outcome
from verify_svc.session.pairs import judge_sides
from verify_svc.session.report import Report, judge_report, with_finding
from verify_svc.session.state import Session
from verify_svc.session.steps import StepName

_STEP = StepName.LEGAL_PERSON_DOCUMENT
_WITHOUT_HOLDER = frozenset(pages["emblem"] for pages in PAGES.values() if "emblem" in pages)


def judged_card(services: Services, session: Session, side: CertificateKind, data: bytes) -> Report:
    """One side against what was entered."""
    pack = pack_of(services, session)
    # The emblem side doesn't say whose certificate it is.
    person = None if side in _WITHOUT_HOLDER else session.expected.subject.legal_person
    entered = None if person is None or person.certificate is None else person.certificate
    effects = pack.effects_in(_STEP)
    wanted = DocumentWanted(
        kind=side,
        number=None if entered is None else entered.number,
        name=None if person is None else person.name,
        today=day_in_shanghai(services.clock.now()),
        valid_months=pack.card_valid_months,
        effects=effects,
    )
    report = check_document(services.engines, data, wanted)
    if not report.findings:
        return report
    # What isn't compared doesn't pass: without an entered name the card may be anybody's.
    required = [] if side in _WITHOUT_HOLDER else ["name_agrees"]
    required += ["validity"] if side in WITH_TERM else []
    required += [] if entered is None else ["number_agrees"]
    return judge_report(report.findings, report.properties, effects, required)


def told_with_other_side(
    services: Services, session: Session, row: PaperRow, kept: Sequence[PaperRow], tree: dict[str, Any]
) -> dict[str, Any]:
    """A paper's report, with what it and the other side say together where that was sent too.

    `kept` are the session's papers, newest first: the newest other side counts that was read. Worked out whenever it
    is told, so that both papers tell of it, whichever came first, and a side sent anew takes the older one's place.
    """
    side = certificate_side(row.kind, session.expected)
    if side not in PAGES[ID_CARD].values():
        return tree
    others = list(_other_sides(row, kept))
    if not others:
        return tree
    own = fields_in(tree["properties"])
    findings = [
        judge_sides(own, other) if side is CertificateKind.ID_CARD_PORTRAIT else judge_sides(other, own)
        for other in others
    ]
    told = next((one for one in findings if one.outcome is not Outcome.NOT_CHECKED), findings[0])
    return with_finding(tree, told, pack_of(services, session).effects_in(_STEP))


def _other_sides(row: PaperRow, kept: Sequence[PaperRow]) -> Iterator[Mapping[str, FieldRead]]:
    """What the other sides say, of those that were judged."""
    for other in kept:
        if PAPERS[other.kind].side not in (None, PAPERS[row.kind].side) and other.report is not None:
            yield fields_in(json.loads(other.report)["properties"])
