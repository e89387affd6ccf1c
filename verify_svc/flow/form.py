"""A photograph of a form is judged."""

from __future__ import annotations

from verify_svc.certificate.kinds import FormKind
from verify_svc.flow.analysis import Analysis, Progress, fields_of
from verify_svc.flow.document import framed, page_files
from verify_svc.flow.record import pack_of
from verify_svc.flow.services import Services
from verify_svc.form.check import FormWanted, check_form
from verify_svc.ports import UploadRow
from verify_svc.session.state import Session
from verify_svc.session.steps import StepName, kind_of_slot


def analyse_form(services: Services, session: Session, row: UploadRow, progress: Progress) -> Analysis:
    """Judge one form; what it says is compared with the entry by the session, anew whenever either changes."""
    corners, turn_deg = framed(row)
    kind = FormKind(kind_of_slot(StepName(row.step), row.slot, session.expected))
    wanted = FormWanted(
        kind,
        unit=session.expected.subject.kind == "unit",
        corners=corners,
        rotate_deg=turn_deg,
        effects=pack_of(services, session).effects_in(StepName.FORMS),
    )
    progress("measuring")
    data = services.blobs.get(row.blob)
    report = check_form(services.engines, data, wanted)
    progress("judging")
    return Analysis(report, fields_of(report), files=page_files(services, row, data, report))
