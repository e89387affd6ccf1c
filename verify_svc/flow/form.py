"""A form is printed with what was entered; a photograph of it, signed, is judged."""

from __future__ import annotations

from collections.abc import Callable

from verify_svc.certificate.kinds import FormKind
from verify_svc.flow.analysis import Analysis, Progress, fields_of
from verify_svc.flow.document import framed, page_files
from verify_svc.flow.file_names import original
from verify_svc.flow.limits import FILES, spend
from verify_svc.flow.pictures import forget, key_of
from verify_svc.flow.record import load, of_key, pack_of, transact
from verify_svc.flow.refusal import not_found
from verify_svc.flow.services import Services
from verify_svc.flow.upload_pages import numbers_put_away, pages_of, properties_of
from verify_svc.form.check import FormPicture, FormWanted, check_form
from verify_svc.form.printing import print_form, printable
from verify_svc.ports import ApiKeyRow, PhoneRow, Transaction, UploadRow
from verify_svc.session.state import Session
from verify_svc.session.steps import StepName, kind_of_slot


def analyse_form(services: Services, session: Session, row: UploadRow, progress: Progress) -> Analysis:
    """Judge a form's pages; what it says is compared with the entry by the session, anew whenever either changes."""
    pages = pages_of(row)
    kind = FormKind(kind_of_slot(StepName(row.step), row.slot, session.expected))
    wanted = FormWanted(
        kind,
        unit=session.expected.subject.kind == "unit",
        effects=pack_of(services, session).effects_in(StepName.FORMS),
    )
    progress("measuring")
    # A process that died over a page that went may have left its file; from now on none can come.
    for number in numbers_put_away(row):
        forget(services, row, number)
    files = [services.blobs.get(key_of(session.id, row.id, original(page.number))) for page in pages]
    pictures = [FormPicture(data, *framed(page)) for page, data in zip(pages, files, strict=True)]
    report = check_form(services.engines, pictures, wanted)
    progress("judging")
    flat = [
        page_files(services, page, data, properties_of(report.properties, at))
        for at, (page, data) in enumerate(zip(pages, files, strict=True))
    ]
    return Analysis(report, fields_of(report), files=tuple(file for each in flat for file in each))


def printed_for_phone(services: Services, phone: PhoneRow, kind: str) -> bytes:
    """The form as PDF, filled in, for the applicant. Refusals: LIMITED, NOT_FOUND."""
    return _printed(services, kind, lambda tx: load(tx, phone.session_id)[1])


def printed_for_portal(services: Services, api_key: ApiKeyRow, session_id: str, kind: str) -> bytes:
    """The same for the portal. Refusals: LIMITED, NOT_FOUND."""
    return _printed(services, kind, lambda tx: of_key(tx, api_key, session_id)[1])


def _printed(services: Services, kind: str, session_in: Callable[[Transaction], Session]) -> bytes:
    def story(tx: Transaction) -> Session:
        session = session_in(tx)
        if kind not in printable(session.expected.subject.kind == "unit"):
            raise not_found("form")
        spend(tx, FILES, session.id, services.clock.now())
        return session

    # Printing takes a tenth of a second: nobody else's writing waits for it.
    session = transact(services, story)
    return print_form(FormKind(kind), session.id, session.expected)
