"""The pages of a form on the phone: another one comes, one is taken again, framed or put away.

A draft changes itself. A form that was judged stays as it is, with its report: a page that comes to it begins a draft
with the pages it had, so that nobody photographs them twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from verify_svc.flow import pictures, upload_view
from verify_svc.flow.allowance import check_room, one_at_a_time
from verify_svc.flow.file_names import original, shown
from verify_svc.flow.paper_pages import MOST_PAGES
from verify_svc.flow.record import APPLICANT, load, note, tell, transact
from verify_svc.flow.refusal import Refusal, conflict, not_found
from verify_svc.flow.services import Services
from verify_svc.flow.tokens import new_id
from verify_svc.flow.upload import check_sent, check_takes, look_at, own_upload
from verify_svc.flow.upload_pages import SentPage, numbered, pages_of, with_pages
from verify_svc.flow.views import Corners, UploadShown
from verify_svc.ports import PhoneRow, Transaction, UploadRow
from verify_svc.session.changes import Change
from verify_svc.session.state import Session
from verify_svc.session.steps import StepName

FORMS = StepName.FORMS


def put_page(
    services: Services,
    phone: PhoneRow,
    upload_id: str,
    *,
    data: bytes,
    sha256: str,
    capture: str,
    instead_of: int | None = None,
) -> UploadShown:
    """Keep another page of a form, or one in the place of the file of that number; gives the draft that it is in.

    The same bytes again give the same draft. Refusals: as `upload.put_file`; CONFLICT where it is no form, is being
    judged or has as many pages as one may have, NOT_FOUND.
    """
    digest = check_sent(services, FORMS, data, sha256, capture)
    with services.store.read() as tx:
        row, session = _own_form(services, tx, phone, upload_id)
        kept = tx.uploads.of_session(session.id)
        known = _known(kept, row, digest)
        if known is not None:
            return upload_view.upload(session, known)
        stay = [page for page in pages_of(row) if page.number != instead_of]
        if instead_of is not None and len(stay) == len(pages_of(row)):
            raise not_found("page")
        if len(stay) >= MOST_PAGES:
            raise conflict(f"A form has at most {MOST_PAGES} pages.")
        held_bytes = len(data) + (0 if row.state == "draft" else sum(page.size_bytes for page in stay))
        check_room(kept, held_bytes)
    with one_at_a_time(services, session.id):
        seen = look_at(services, session.id, FORMS, data)
        row, number = _numbered(services, phone, row)
        page = SentPage(number, seen.media_type, digest, len(data), seen.width_px, seen.height_px, seen.page)
        pages = [page if each.number == instead_of else each for each in pages_of(row)]
        pages += [page] if instead_of is None else []
        begun = row if row.state == "draft" else _continued(services, row)

        def story(tx: Transaction) -> UploadShown:
            now_row, session = _unchanged(services, tx, phone, row)
            # Again, in the transaction: files that came at once were all let in by the look before.
            check_room(tx.uploads.of_session(session.id), held_bytes)
            draft = with_pages(now_row if begun.id == row.id else begun, pages)
            if draft.id == row.id:
                tx.uploads.save(draft)
            else:
                tx.uploads.add(draft)
            _told(services, tx, draft, "page_kept", {"upload": draft.id, "page": number, "sha256": digest})
            return upload_view.upload(session, draft)

        try:
            if begun.id != row.id:
                _copy(services, row, begun, stay)
            for what, content in ((original(number), data), (shown(number), seen.preview or b"")):
                services.blobs.put(pictures.key_of(session.id, begun.id, what), content)
            answer = transact(services, story)
        except Refusal:
            # What was written belongs to nobody.
            for each in {number} if begun.id == row.id else {number, *(page.number for page in stay)}:
                pictures.forget(services, begun, each)
            raise
    if begun.id == row.id and instead_of is not None:
        pictures.forget(services, row, instead_of)
    return answer


def frame_page(
    services: Services, phone: PhoneRow, upload_id: str, number: int, *, corners: Corners | None, rotate_deg: int
) -> UploadShown:
    """Keep the applicant's own crop and turn of a draft's page. Refusals: NOT_FOUND, CONFLICT, LIMITED."""

    def framed(page: SentPage) -> list[SentPage]:
        return [replace(page, corners=corners, rotate_deg=rotate_deg)]

    return _changed(services, phone, upload_id, number, framed)


def remove_page(services: Services, phone: PhoneRow, upload_id: str, number: int) -> UploadShown:
    """Put a draft's page away, and its picture; the last one stays. Refusals: NOT_FOUND, CONFLICT, LIMITED."""
    left = _changed(services, phone, upload_id, number, lambda _page: [], what="page_removed")
    with services.store.read() as tx:
        row = own_upload(tx, phone, upload_id)
    pictures.forget(services, row, number)
    return left


def _changed(
    services: Services,
    phone: PhoneRow,
    upload_id: str,
    number: int,
    change: Callable[[SentPage], list[SentPage]],
    what: str = "",
) -> UploadShown:
    def story(tx: Transaction) -> UploadShown:
        row, session = _own_form(services, tx, phone, upload_id)
        if row.state != "draft":
            raise conflict("Only a draft's pages can be changed.")
        if all(page.number != number for page in pages_of(row)):
            raise not_found("page")
        pages = [kept for page in pages_of(row) for kept in (change(page) if page.number == number else [page])]
        if not pages:
            raise conflict("A form has at least one page.")
        draft = with_pages(row, pages)
        tx.uploads.save(draft)
        _told(services, tx, draft, what, {"upload": row.id, "page": number})
        return upload_view.upload(session, draft)

    return transact(services, story)


def _own_form(services: Services, tx: Transaction, phone: PhoneRow, upload_id: str) -> tuple[UploadRow, Session]:
    """The upload of the phone's session, if it is of a form whose pages may still change."""
    row = own_upload(tx, phone, upload_id)
    _, session = load(tx, phone.session_id)
    check_takes(services, session, StepName(row.step))
    if row.step != FORMS:
        raise conflict("Only a form has pages.")
    if row.state == "processing" or (row.state == "done" and session.slot_of_upload(row.id) is None):
        raise conflict("Its pages don't change any more.")
    return row, session


def _known(kept: Sequence[UploadRow], row: UploadRow, digest: str) -> UploadRow | None:
    """The upload that these bytes are a page of: this one, or the draft that goes on from it."""
    drafts = [each for each in kept if each.slot == row.slot and each.step == row.step and each.state == "draft"]
    for each in (row, *drafts[-1:]):
        if any(page.sha256 == digest for page in pages_of(each)):
            return each
    return None


def _numbered(services: Services, phone: PhoneRow, row: UploadRow) -> tuple[UploadRow, int]:
    """The number of another file, given away before its bytes are written: another page that comes at the same time
    can't be written over it.
    """

    def story(tx: Transaction) -> tuple[UploadRow, int]:
        now_row, number = numbered(_unchanged(services, tx, phone, row)[0])
        if row.state == "draft":
            tx.uploads.save(now_row)
        return now_row, number

    return transact(services, story)


def _unchanged(services: Services, tx: Transaction, phone: PhoneRow, row: UploadRow) -> tuple[UploadRow, Session]:
    """The upload as it is now, if its pages are still those. Refuses BUSY."""
    now_row, session = _own_form(services, tx, phone, row.id)
    if pages_of(now_row) != pages_of(row) or now_row.state != row.state:
        raise pictures.later(services)
    return now_row, session


def _copy(services: Services, row: UploadRow, draft: UploadRow, stay: Sequence[SentPage]) -> None:
    """The files of the pages that stay, for the draft that goes on from them."""
    for page in stay:
        for what in (original(page.number), shown(page.number)):
            data = pictures.get(services, row.session_id, row.id, what)
            if data is None:
                raise not_found("file")
            services.blobs.put(pictures.key_of(row.session_id, draft.id, what), data)


def _continued(services: Services, row: UploadRow) -> UploadRow:
    """A new draft that goes on from a judged form."""
    upload_id = new_id(services, "up_")
    return replace(
        row,
        id=upload_id,
        state="draft",
        blob=pictures.key_of(row.session_id, upload_id, original(1)),
        created_at=services.clock.now(),
        submitted_at=None,
        done_at=None,
        stage=None,
        fraction=0.0,
        report=None,
    )


def _told(services: Services, tx: Transaction, row: UploadRow, what: str, detail: dict[str, str | int]) -> None:
    session_row, session = load(tx, row.session_id)
    if what:
        note(tx, row.session_id, services.clock.now(), APPLICANT, what, detail)
    tell(services, tx, session_row, session, Change("upload_changed", FORMS))
