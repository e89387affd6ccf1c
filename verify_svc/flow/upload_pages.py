"""An upload's files: one, or those of a form's pages in their order, each with the applicant's crop."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from verify_svc.flow.file_names import number_of, original
from verify_svc.flow.views import Corners, Page, UploadPage
from verify_svc.ports import UploadRow


@dataclass(frozen=True, slots=True)
class SentPage:
    """One file as it was sent; sizes of the upright picture. `number` names it among its upload's and stays its own.

    `found` is the page that we found in it, `corners` and `rotate_deg` the applicant's own crop and clockwise turn.
    """

    number: int
    media_type: str
    sha256: str
    size_bytes: int
    width_px: int
    height_px: int
    found: Corners | None = None
    corners: Corners | None = None
    rotate_deg: int = 0


def pages_of(row: UploadRow) -> tuple[SentPage, ...]:
    """All files of an upload."""
    sent: dict[str, Any] = json.loads(row.sent)
    first = SentPage(
        number_of(row.blob.rpartition("/")[2]) or 1,
        row.media_type,
        row.sha256,
        row.size_bytes,
        row.width_px,
        row.height_px,
        as_corners((sent.get("page") or {}).get("corners")),
        as_corners(sent.get("corners")),
        int(sent.get("rotate_deg") or 0),
    )
    return (first, *(_page(tree) for tree in json.loads(row.more_pages)))


def with_pages(row: UploadRow, pages: Sequence[SentPage]) -> UploadRow:
    """The upload with those files: the row itself tells of the first."""
    first = pages[0]
    folder = row.blob.rpartition("/")[0]
    found = {"corners": first.found, "rotate_deg": 0}
    framed = {"page": found, "corners": first.corners, "rotate_deg": first.rotate_deg}
    return replace(
        row,
        media_type=first.media_type,
        sha256=first.sha256,
        size_bytes=first.size_bytes,
        width_px=first.width_px,
        height_px=first.height_px,
        blob=f"{folder}/{original(first.number)}",
        sent=json.dumps({**json.loads(row.sent), **framed}),
        more_pages=json.dumps([asdict(page) for page in pages[1:]]),
    )


def numbered(row: UploadRow) -> tuple[UploadRow, int]:
    """A number for another file, and the upload that remembers it: none is given twice, so that whoever still means a
    file that was put away never hits the one that came after it.
    """
    sent: dict[str, Any] = json.loads(row.sent)
    number = max(int(sent.get("last_number") or 0), *(page.number for page in pages_of(row))) + 1
    return replace(row, sent=json.dumps({**sent, "last_number": number})), number


def numbers_put_away(row: UploadRow) -> tuple[int, ...]:
    """The numbers that were given to files which are not the upload's, or not any more."""
    last, kept = int(json.loads(row.sent).get("last_number") or 0), {page.number for page in pages_of(row)}
    return tuple(number for number in range(1, last + 1) if number not in kept)


def bytes_of(row: UploadRow) -> int:
    """How much all its files hold."""
    return sum(page.size_bytes for page in pages_of(row))


def properties_of(properties: Mapping[str, Any], at: int) -> Mapping[str, Any]:
    """What a report says of the page at that place (from 0) by itself."""
    pages = properties.get("pages")
    return {"kind": properties.get("kind"), **pages[at]} if pages else properties


def as_shown(row: UploadRow) -> tuple[UploadPage, ...]:
    """A picture's pages for people, each with what it says it is once it was read, unless two say the same. A clip has
    none.
    """
    properties = json.loads(row.report or "{}").get("properties") or {}
    pages = pages_of(row)
    told = [(properties_of(properties, at).get("number") or {}).get("page") for at in range(len(pages))]
    known = [number for number in told if number is not None]
    numbers = told if len(set(known)) == len(known) else [None] * len(pages)
    return tuple(
        UploadPage(
            page.number,
            number,
            page.width_px,
            page.height_px,
            Page(page.corners or page.found, page.rotate_deg),
        )
        for page, number in zip(pages, numbers, strict=True)
        if page.width_px
    )


def in_printed_order(row: UploadRow, tree: dict[str, Any]) -> tuple[UploadRow, dict[str, Any]]:
    """The upload and its report with the pages in the order of their numbers, where each page says another."""
    told = tree["properties"].get("pages") or []
    numbers = [page["number"]["page"] for page in told if page.get("number")]
    order = sorted(range(len(numbers)), key=lambda at: numbers[at])
    if len(set(numbers)) < len(told) or order == sorted(order):
        return row, tree
    pages, sorted_told = pages_of(row), [told[at] for at in order]
    place = {before + 1: now for now, before in enumerate(order, 1)}
    fields = {name: {**read, "page": place[read["page"]]} for name, read in tree["properties"]["fields"].items()}
    first = {name: value for name, value in sorted_told[0].items() if name != "fields"}
    properties = {**tree["properties"], **first, "fields": fields, "pages": sorted_told}
    return with_pages(row, [pages[at] for at in order]), {**tree, "properties": properties}


def _page(tree: Mapping[str, Any]) -> SentPage:
    return SentPage(**{**tree, "found": as_corners(tree["found"]), "corners": as_corners(tree["corners"])})


def as_corners(points: Any) -> Corners | None:
    """Four points as they come from JSON or from the finder."""
    return None if not points else tuple((float(x), float(y)) for x, y in points)  # type: ignore[return-value]  # four
