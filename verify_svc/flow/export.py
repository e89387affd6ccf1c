"""A picture leaves for a filing: laid flat, upright, within the portal's limits, and read again to be sure.

What has to be read again is made by a worker, which alone holds the weights; the rest by the web process's decoding
child. A file that was made is kept, sealed, beside its original, and goes with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from verify_svc.certificate.kinds import CertificateKind, FormKind
from verify_svc.document.check import DocumentWanted, check_document
from verify_svc.document.export import export_page
from verify_svc.document.layouts.every import LAYOUTS
from verify_svc.document.preview import Points
from verify_svc.flow import paper_pages, pictures, upload_pages
from verify_svc.flow.document import framed, laid
from verify_svc.flow.file_names import number_of, original
from verify_svc.flow.limits import FILES, spend
from verify_svc.flow.paper_kinds import PAPERS
from verify_svc.flow.record import load, note, transact
from verify_svc.flow.refusal import FieldFault, Kind, Refusal, not_found
from verify_svc.flow.services import Services
from verify_svc.flow.upload_pages import properties_of
from verify_svc.form.check import FormPicture, FormWanted, check_form
from verify_svc.inference.pool import ChildError
from verify_svc.media.export import Exported, FileFormat, FileWanted
from verify_svc.media.pictures import PictureError
from verify_svc.ports import ApiKeyRow, JobKind, PaperRow, Transaction, UploadRow
from verify_svc.session.forms import LIMITS
from verify_svc.session.state import Session
from verify_svc.session.steps import StepName, kind_of_slot

LEAST_QUALITIES = (70, 45, 85)
"""Where the number isn't read in the first file, a larger coarser and a smaller finer one are tried. measured:
docs/decisions/0014"""
_MADE_WITHIN = timedelta(minutes=2)
"""A worker's tries; a file that isn't there by then is asked for anew."""
_AGAIN_AFTER = timedelta(seconds=1)
_NONCE_BYTES = 6
_MADE, _UNREAD, _UNFIT = "made", "unread", "unfit"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the portal's target system takes; None: as it is. `date_mark`: the day it was taken is written in."""

    max_bytes: int | None = None
    max_side_px: int | None = None
    format: FileFormat = FileFormat.JPG
    date_mark: bool = False

    @property
    def name(self) -> str:
        """As a part of keys and job ids."""
        marked = "-dated" if self.date_mark else ""
        return f"{self.max_bytes or 0}-{self.max_side_px or 0}-{self.format}{marked}"

    def take_as_it_is(self, jpeg: bytes) -> bool:
        """Whether a JPEG of our own making needs no second compression."""
        fits = self.max_bytes is None or len(jpeg) <= self.max_bytes
        return fits and self.max_side_px is None and self.format is FileFormat.JPG and not self.date_mark

    @classmethod
    def named(cls, name: str) -> Limits:
        """The limits of that name."""
        max_bytes, max_side_px, file_format, *marked = name.split("-")
        return cls(int(max_bytes) or None, int(max_side_px) or None, FileFormat(file_format), bool(marked))


@dataclass(frozen=True, slots=True)
class FileMade:
    """A file to give. `reading` is `same` (its number, an emblem side's validity, or a form's names and numbers were
    read again exactly as before) or `not_checked`.
    """

    data: bytes = field(repr=False)
    format: FileFormat
    reading: str


@dataclass(frozen=True, slots=True)
class FileBeingMade:
    """Not there yet: ask again then."""

    again_at: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """A stored picture (file `what` of an upload or a paper) and how it is laid flat. `must_stay` is what was surely
    read of it, by field, and has to be read again. `taken_on` is the day of a portrait, which may be written into it.
    """

    session_id: str
    owner_id: str
    what: str
    kind: str
    corners: Points | None = None
    rotate_deg: int = 0
    a4_sheet: bool = False
    must_stay: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    taken_on: str = ""

    def key(self, *parts: str) -> str:
        """The key of the picture, or of what was made of it."""
        return pictures.key_of(self.session_id, self.owner_id, "-".join((self.what, *parts)))


def source_of_upload(session: Session, row: UploadRow, page: int = 1) -> Source:
    """The picture that was judged, or a page of it."""
    tree: dict[str, Any] = json.loads(row.report or "{}")
    properties, sent = properties_of(tree.get("properties") or {}, page - 1), upload_pages.pages_of(row)[page - 1]
    corners, turned_deg = laid(properties, sent.width_px, sent.height_px, *framed(sent))
    kind = kind_of_slot(StepName(row.step), row.slot, session.expected)
    is_form, stays = kind in list(FormKind), must_stay(kind, properties)
    return Source(row.session_id, row.id, original(sent.number), kind, corners, turned_deg, is_form, stays)


def source_of_paper(row: PaperRow, page: int = 1) -> Source:
    """A page of the paper that a portal sent."""
    tree: dict[str, Any] = json.loads(row.report or "{}")
    # Each page has to show what was read on it, not what others hold.
    properties = properties_of(tree.get("properties") or {}, page - 1)
    paper, file = PAPERS[row.kind], paper_pages.pages_of(row)[page - 1]
    kind = row.kind if paper.side is None else str(properties.get("kind"))
    corners, turned_deg = laid(properties, file.width_px, file.height_px)
    stays = must_stay(kind, properties)
    return Source(row.session_id, row.id, original(page), kind, corners, turned_deg, paper.a4_sheet, stays)


def must_stay(kind: str, properties: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What a report's properties hold that a smaller file has to show as well: the number, else what the kind can't
    do without; of a form the names and numbers that were read surely.
    """
    fields = properties.get("fields") or {}
    layout = LAYOUTS.get(kind)
    names: tuple[str, ...] = ()
    if layout is not None:
        names = ("number",) if "number" in layout.fields else layout.required
    elif properties.get("kind") == kind:
        names = tuple(name for name in _OF_FORMS if ((fields.get(name) or {}).get("score") or 0.0) >= LIMITS.accuses)
    read = [(name, (fields.get(name) or {}).get("value")) for name in names]
    return tuple((name, value) for name, value in read if value)


_OF_FORMS = ("name", "person", "numbers", "person_numbers")


def give_file(services: Services, api_key: ApiKeyRow, source: Source, limits: Limits) -> FileMade | FileBeingMade:
    """The file as it was made before, or made now, or asked for.

    Refusals: NOT_FOUND, INVALID (`file_does_not_fit`, `reading_lost`, `date_mark_not_for_papers`), LIMITED, BUSY.
    """
    if limits.date_mark and not source.taken_on:
        raise Refusal(Kind.INVALID, "date_mark_not_for_papers")
    made = _made(services, source, limits)
    if made is not None:
        return made
    picture = _picture(services, source)
    if picture is None:
        raise not_found("file")
    if number_of(source.what) is None and limits.take_as_it_is(picture):
        return FileMade(picture, limits.format, "not_checked")

    def ask(tx: Transaction) -> bool:
        """Whether it is to be made here and now."""
        now = services.clock.now()
        if source.must_stay and tx.counters.count(_claim(source.owner_id, source.what, limits), now - _MADE_WITHIN):
            return False
        spend(tx, FILES, source.session_id, now)
        detail = {"of": source.owner_id, "file": source.what, "limits": limits.name}
        note(tx, source.session_id, now, f"portal:{api_key.id}", "file_asked", detail)
        if not source.must_stay:
            return True
        tx.counters.hit(_claim(source.owner_id, source.what, limits), now)
        nonce = services.randomness.bytes(_NONCE_BYTES).hex()
        services.jobs.enqueue(tx, JobKind.EXPORT, ".".join((source.owner_id, source.what, limits.name, nonce)))
        return False

    if not transact(services, ask):
        return being_made(services)
    try:
        file = pictures.decoded(services, source.session_id, export_page, *_asked(source, picture, limits))
    except (ChildError, PictureError):
        raise Refusal(Kind.INVALID, "file_unreadable") from None
    _keep(services, source, limits, _UNFIT if file is None else _MADE, file)
    return _made(services, source, limits) or being_made(services)


def being_made(services: Services) -> FileBeingMade:
    """The answer until a worker has made it."""
    return FileBeingMade(services.clock.now() + _AGAIN_AFTER)


def make_file(services: Services, job_id: str) -> None:
    """The worker's job: make the file and read it again; again changes nothing."""
    owner_id, what, name, _ = job_id.split(".")
    limits = Limits.named(name)
    with services.store.read() as tx:
        source = _source(tx, owner_id, what)
    picture = None if source is None else _picture(services, source)
    if source is None or picture is None or _told(services, source, limits) is not None:
        return
    tried: set[tuple[int, int | None]] = set()
    for least_quality in LEAST_QUALITIES:
        asked = _asked(source, picture, limits, least_quality)
        file = services.engines.decoding.call(pictures.DECODING_S, export_page, *asked)
        if file is None or (file.width_px, file.quality) in tried:
            continue
        tried.add((file.width_px, file.quality))
        if _reads_the_same(services, source, file):
            _keep(services, source, limits, _MADE, file)
            return
    _keep(services, source, limits, _UNREAD if tried else _UNFIT, None)


def gave_up(services: Services, job_id: str) -> None:
    """The job failed for good: whoever asks again has it tried again."""
    owner_id, what, name, _ = job_id.split(".")
    transact(services, lambda tx: tx.counters.clear(_claim(owner_id, what, Limits.named(name))))


def _source(tx: Transaction, owner_id: str, what: str) -> Source | None:
    """Only originals hold something to read again."""
    paper, row, number = tx.papers.get(owner_id), tx.uploads.get(owner_id), number_of(what)
    if number is None:
        return None
    if paper is not None:
        return source_of_paper(paper, number)
    if row is None:
        return None
    numbers = [page.number for page in upload_pages.pages_of(row)]
    return source_of_upload(load(tx, row.session_id)[1], row, numbers.index(number) + 1)


def _picture(services: Services, source: Source) -> bytes | None:
    return pictures.get(services, source.session_id, source.owner_id, source.what)


def _asked(
    source: Source, picture: bytes, limits: Limits, least_quality: int = LEAST_QUALITIES[0]
) -> tuple[bytes, Points | None, int, FileWanted, int]:
    """What `export_page` is told."""
    a4_share = 1.0 if source.a4_sheet else None
    mark = source.taken_on if limits.date_mark else ""
    wanted = FileWanted(limits.max_bytes, limits.max_side_px, limits.format, a4_share, mark)
    return picture, source.corners, source.rotate_deg, wanted, least_quality


def _reads_the_same(services: Services, source: Source, file: Exported) -> bool:
    if source.kind in list(FormKind):
        report = check_form(services.engines, [FormPicture(file.data)], FormWanted(FormKind(source.kind)))
    else:
        report = check_document(services.engines, file.data, DocumentWanted(CertificateKind(source.kind)))
    fields = report.properties.get("fields") or {}
    return all((fields.get(name) or {}).get("value") == value for name, value in source.must_stay)


def _keep(services: Services, source: Source, limits: Limits, outcome: str, file: Exported | None) -> None:
    if file is not None:
        services.blobs.put(source.key("file", limits.name), file.data)
    services.blobs.put(source.key("told", limits.name), outcome.encode())


def _told(services: Services, source: Source, limits: Limits) -> str | None:
    try:
        return services.blobs.get(source.key("told", limits.name)).decode()
    except KeyError:
        return None


def _made(services: Services, source: Source, limits: Limits) -> FileMade | None:
    outcome = _told(services, source, limits)
    if outcome is None:
        return None
    if outcome != _MADE:
        code = "reading_lost" if outcome == _UNREAD else "file_does_not_fit"
        message = "Allow more bytes or pixels, or ask for another photograph."
        faults = tuple(
            FieldFault(name, code, message)
            for name, given in (("max_bytes", limits.max_bytes), ("max_side", limits.max_side_px))
            if given is not None
        )
        raise Refusal(Kind.INVALID, code, _WHY[outcome], faults=faults)
    data = services.blobs.get(source.key("file", limits.name))
    return FileMade(data, limits.format, "same" if source.must_stay else "not_checked")


_WHY = {
    _UNREAD: "Within these limits the picture can't be read any more as it was.",
    _UNFIT: "The picture can't be made so small without getting useless.",
}


def _claim(owner_id: str, what: str, limits: Limits) -> str:
    return f"file:{owner_id}.{what}.{limits.name}"
