"""Where a session's pictures lie, and how they are shown. Decoded in children alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from verify_svc.document import preview
from verify_svc.flow.file_names import laid_flat, original, shown
from verify_svc.flow.refusal import Refusal, busy
from verify_svc.flow.services import Services
from verify_svc.flow.upload_pages import pages_of
from verify_svc.inference.pool import ChildError, PoolBusy
from verify_svc.media.pictures import PictureError
from verify_svc.ports import Transaction, UploadRow
from verify_svc.session.state import Session, Slot
from verify_svc.session.steps import StepName

P = ParamSpec("P")
T = TypeVar("T")

DECODING_S = 20.0
FRAME = "frame-"
"""How the names of frames begin that show a reason; its code follows."""
_LATER = timedelta(seconds=2)
"""A picture takes 0.3 to 2 s: by then a child is free, or the page waits longer by itself."""


def folder_of(session_id: str) -> str:
    """Under which all of a session's files lie."""
    return f"sessions/{session_id}/"


def key_of(session_id: str, upload_id: str, what: str) -> str:
    """The key of one file: `original`, `preview`, `page`, `still-0`, `frame-<reason>`, `traces`."""
    return f"{folder_of(session_id)}{upload_id}/{what}"


def get(services: Services, session_id: str, upload_id: str, what: str) -> bytes | None:
    """A file, or None when there is none."""
    try:
        return services.blobs.get(key_of(session_id, upload_id, what))
    except KeyError:
        return None


@contextmanager
def gone_if_refused(services: Services, session_id: str, owner_id: str) -> Iterator[None]:
    """What was written for a new upload or paper that is refused then belongs to nobody: it goes at once."""
    try:
        yield
    except Refusal:
        services.blobs.delete_under(key_of(session_id, owner_id, ""))
        raise


def forget(services: Services, row: UploadRow, number: int) -> None:
    """Put away the file of that number and its preview."""
    for what in (original(number), shown(number)):
        services.blobs.delete(key_of(row.session_id, row.id, what))


def page_or_preview(services: Services, row: UploadRow, number: int | None = None) -> bytes | None:
    """Once judged the page alone, else the whole picture: of the file of that number, else of the first."""
    number = number or pages_of(row)[0].number
    page = get(services, row.session_id, row.id, laid_flat(number)) if row.state == "done" else None
    return page or get(services, row.session_id, row.id, shown(number))


def strip(services: Services, row: UploadRow, field: str) -> bytes | None:
    """The strip of the judged picture with that field."""
    tree: dict[str, Any] = json.loads(row.report or "{}")
    read = (tree.get("properties", {}).get("fields") or {}).get(field) or {}
    box = read.get("box")
    if not box:
        return None
    points = tuple((float(x), float(y)) for x, y in box)
    page = pages_of(row)[(read.get("page") or 1) - 1]
    data = services.blobs.get(key_of(row.session_id, row.id, original(page.number)))
    try:
        return decoded(services, row.session_id, preview.strip, data, points)
    except (ChildError, PictureError):
        return None


def decoded(services: Services, session_id: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run it in a decoding child while somebody waits for the answer; sessions take turns. Refuses BUSY.

    Raises `ChildError`, and what the function raises.
    """
    try:
        return services.engines.decoding.call_for(session_id, DECODING_S, function, *args, **kwargs)
    except PoolBusy:
        raise later(services) from None


def later(services: Services) -> Refusal:
    """The refusal while nothing can be decoded: the same again in a moment."""
    return busy("Many pictures are being looked at. Send it again in a moment.", services.clock.now() + _LATER)


def still(services: Services, session: Session, place: int | None = None) -> bytes | None:
    """The still at `place`; without it the confirmed one, else the one that was chosen."""
    face = session.steps.get(StepName.FACE)
    clip = None if face is None else face.slots.get("clip", Slot()).judged
    if face is None or clip is None:
        return None
    wanted = place if place is not None else face.confirmed_still or 0
    if not 0 <= wanted < clip.stills:
        return None
    return get(services, session.id, clip.upload_id, f"still-{wanted}")


def of_kind(services: Services, tx: Transaction, session: Session, kind: str) -> bytes | None:
    """`portrait`, or `<step>.<slot>` for the picture that counts there."""
    if kind == "portrait":
        return still(services, session)
    row = upload_of_kind(tx, session, kind)
    return None if row is None else page_or_preview(services, row)


def upload_of_kind(tx: Transaction, session: Session, kind: str) -> UploadRow | None:
    """The upload that counts for `<step>.<slot>`; for `portrait` the clip, once there is a still of it."""
    step_name, _, slot_name = ("face", "", "clip") if kind == "portrait" else kind.partition(".")
    if step_name not in list(StepName):
        return None
    step = session.steps.get(StepName(step_name))
    slot = None if step is None else step.slots.get(slot_name)
    if slot is None or slot.upload_id is None:
        return None
    if slot_name == "clip" and (kind != "portrait" or slot.judged is None or not slot.judged.stills):
        return None
    return tx.uploads.get(slot.upload_id)


def chosen_still(session: Session) -> str:
    """The name of the confirmed still, else of the one that was chosen."""
    return f"still-{session.steps[StepName.FACE].confirmed_still or 0}"
