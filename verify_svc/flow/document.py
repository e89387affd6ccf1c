"""A photograph of a certificate is read, judged and recorded; the applicant may correct what was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verify_svc.certificate.kinds import CertificateKind
from verify_svc.document.check import DocumentWanted, check_document
from verify_svc.document.preview import Points, is_page_like, lay_flat
from verify_svc.flow.analysis import Analysis, Progress, fields_of
from verify_svc.flow.file_names import laid_flat
from verify_svc.flow.handoff import phone_state
from verify_svc.flow.limits import WORDS, spend
from verify_svc.flow.pictures import DECODING_S
from verify_svc.flow.record import APPLICANT, load, move_loaded, pack_of, transact
from verify_svc.flow.refusal import FieldFault, Kind, Refusal, not_found
from verify_svc.flow.services import Services
from verify_svc.flow.upload_pages import SentPage, pages_of
from verify_svc.flow.views import PhoneState
from verify_svc.inference.pool import ChildError
from verify_svc.media.pictures import PictureError
from verify_svc.ports import PhoneRow, Transaction, UploadRow
from verify_svc.session.comparing import day_in_shanghai
from verify_svc.session.events import FieldsEdited
from verify_svc.session.papers import editable_in
from verify_svc.session.state import Session
from verify_svc.session.steps import StepName, kind_of_slot, slots_of


def analyse_document(services: Services, session: Session, row: UploadRow, progress: Progress) -> Analysis:
    """Read and judge one picture; what was entered is compared by the session, never told to the reader."""
    pack = pack_of(services, session)
    page = pages_of(row)[0]
    corners, turn_deg = framed(page)
    wanted = DocumentWanted(
        kind=CertificateKind(kind_of_slot(StepName(row.step), row.slot, session.expected)),
        today=day_in_shanghai(services.clock.now()),
        corners=corners,
        rotate_deg=turn_deg,
        valid_months=pack.card_valid_months,
        effects=pack.effects_in(StepName(row.step)),
    )
    progress("measuring")
    data = services.blobs.get(row.blob)
    report = check_document(services.engines, data, wanted)
    progress("judging")
    return Analysis(report, fields_of(report), files=page_files(services, page, data, report.properties))


def framed(page: SentPage) -> tuple[Points | None, int]:
    """The applicant's own crop and turn; None for the crop that was found, which the reader finds as well, and for
    one that no page can lie in.
    """
    chosen: Points | None = page.corners
    if chosen is not None and (_same_place(chosen, page.found) or not is_page_like(chosen)):
        chosen = None
    return chosen, page.rotate_deg


def laid(
    properties: Mapping[str, Any], width_px: int, height_px: int, chosen: Points | None = None, turned_deg: int = 0
) -> tuple[Points | None, int]:
    """How a picture that was judged is laid flat and upright: the page's corners and a clockwise turn.

    `properties` are its report's; `chosen` and `turned_deg` the applicant's own crop and turn.
    """
    quad = properties.get("page")
    if chosen is None and quad and width_px and height_px:
        chosen = tuple((x / width_px, y / height_px) for x, y in quad)
    return chosen, (turned_deg + int(properties.get("rotation_deg") or 0)) % 360


def page_files(
    services: Services, page: SentPage, data: bytes, properties: Mapping[str, Any]
) -> tuple[tuple[str, bytes], ...]:
    """The page laid flat and upright, for people. `properties` are what its report says of it."""
    corners, turn_deg = laid(properties, page.width_px, page.height_px, *framed(page))
    try:
        flat = services.engines.decoding.call(DECODING_S, lay_flat, data, corners, turn_deg)
    except (ChildError, PictureError):
        return ()
    return ((laid_flat(page.number), flat),)


def edit_fields(services: Services, phone: PhoneRow, *, step: str, slot: str, fields: Mapping[str, str]) -> PhoneState:
    """修改: recorded beside the reading. Refusals: CONFLICT, INVALID, LIMITED, NOT_FOUND."""
    if step not in list(StepName):
        raise not_found("slot")
    editable = editable_in(StepName(step))
    faults = tuple(
        FieldFault(f"fields.{name}", "validation_failed", f"One of {', '.join(sorted(editable))}, and not empty.")
        for name, value in fields.items()
        if name not in editable or not value.strip()
    )
    if faults or not fields:
        raise Refusal(Kind.INVALID, "validation_failed", faults=faults)
    edits = {name: value.strip() for name, value in fields.items()}
    event = FieldsEdited(services.clock.now(), StepName(step), slot, edits)
    detail = {"step": step, "slot": slot, "fields": edits}

    def story(tx: Transaction) -> None:
        row, session = load(tx, phone.session_id)
        if slot not in slots_of(event.step, session.expected):
            raise not_found("slot")
        spend(tx, WORDS, phone.session_id, event.at)
        move_loaded(services, tx, row, session, event, who=APPLICANT, what="fields_edited", detail=detail)

    transact(services, story)
    return phone_state(services, phone)


_MOVED = 0.02
"""A corner moved by less than this share of the picture is where we found it."""


def _same_place(one: Points, other: Points | None) -> bool:
    return other is not None and all(
        abs(x - u) <= _MOVED and abs(y - v) <= _MOVED for (x, y), (u, v) in zip(one, other, strict=True)
    )
