"""A paper's files: one picture, or the pages of a form, in the order in which they were sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from verify_svc.document.preview import preview
from verify_svc.flow import pictures
from verify_svc.flow.file_names import original, shown
from verify_svc.flow.paper_kinds import form_of
from verify_svc.flow.refusal import FieldFault, Kind, Refusal
from verify_svc.flow.services import Services
from verify_svc.flow.views import PaperPage
from verify_svc.inference.pool import ChildError
from verify_svc.media.pictures import PictureError, check_bytes
from verify_svc.ports import PaperRow

MOST_PAGES = 8
"""Guessed: an agreement printed small on every page has five."""
_KIND_OF_REASON = {"file_too_large": Kind.TOO_LARGE, "file_type_not_allowed": Kind.WRONG_TYPE}
_WORDS = {
    "file_type_not_allowed": "A photograph or scan as JPG, PNG or HEIC, and nothing else in the file.",
    "file_unreadable": "The file is hurt: it can't be opened as a picture.",
}


@dataclass(frozen=True, slots=True)
class PageSeen:
    """A file that was looked at, with its preview."""

    page: PaperPage
    jpeg: bytes = field(repr=False)


def most_files(kind: str) -> int:
    """How many files a paper of that kind takes: a form has pages."""
    return 1 if form_of(kind) is None else MOST_PAGES


def check_count(kind: str, count: int) -> None:
    """Refuses INVALID where there are more files than such a paper takes."""
    if count > most_files(kind):
        fault = FieldFault("file", "validation_failed", f"At most {most_files(kind)} of this kind.")
        raise Refusal(Kind.INVALID, "validation_failed", faults=(fault,))


def look_at(services: Services, session_id: str, files: Sequence[bytes]) -> list[PageSeen]:
    """Each file decoded once. Refuses INVALID, WRONG_TYPE, BUSY; of several files the words say which."""
    seen = []
    for number, data in enumerate(files, 1):
        try:
            media_type = check_bytes(data).value
            picture = pictures.decoded(services, session_id, preview, data)
        except (PictureError, ChildError) as fault:
            reason = fault.reason if isinstance(fault, PictureError) else "file_unreadable"
            which = f"Page {number}: " if len(files) > 1 else ""
            raise Refusal(_KIND_OF_REASON.get(reason, Kind.INVALID), reason, which + _WORDS.get(reason, "")) from None
        digest = hashlib.sha256(data).hexdigest()
        page = PaperPage(media_type, digest, len(data), picture.width_px, picture.height_px)
        seen.append(PageSeen(page, picture.jpeg))
    return seen


def keep(services: Services, session_id: str, paper_id: str, files: Sequence[bytes], seen: Sequence[PageSeen]) -> None:
    """Seal the files and their previews."""
    for number, (data, one) in enumerate(zip(files, seen, strict=True), 1):
        services.blobs.put(pictures.key_of(session_id, paper_id, original(number)), data)
        services.blobs.put(pictures.key_of(session_id, paper_id, shown(number)), one.jpeg)


def originals(services: Services, row: PaperRow) -> list[bytes]:
    """The files as they were sent; none where one is gone."""
    numbers = range(1, len(pages_of(row)) + 1)
    found = [pictures.get(services, row.session_id, row.id, original(number)) for number in numbers]
    there = [data for data in found if data is not None]
    return there if len(there) == len(found) else []


def pages_of(row: PaperRow) -> tuple[PaperPage, ...]:
    """All files of a paper."""
    first = PaperPage(row.media_type, row.sha256, row.size_bytes, row.width_px, row.height_px)
    return (first, *(PaperPage(**page) for page in json.loads(row.more_pages)))


def as_more_pages(seen: Sequence[PageSeen]) -> str:
    """The files after the first as they are kept in the row."""
    return json.dumps([asdict(one.page) for one in seen[1:]])
