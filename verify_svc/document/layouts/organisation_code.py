"""组织机构代码证: of filings before 2015; a code of nine characters (GB 11714)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from verify_svc.certificate.kinds import CertificateKind
from verify_svc.certificate.numbers import is_organisation_code
from verify_svc.document.layouts.layout import Layout, Telling
from verify_svc.document.layouts.numbers import NumberShape, find_number
from verify_svc.document.layouts.rows import Row, in_register, rows_of
from verify_svc.document.layouts.unit_fields import labels_of, unit_fields
from verify_svc.document.reader import FieldRead, Line

# The 登记号 (组代管110108-123456-1) and the code within a credit code are no codes of this shape by themselves.
NUMBER = NumberShape(
    re.compile(r"(?<![0-9A-Z管\-])[0-9A-Z]{8}[-—–－一]?[0-9X×](?![0-9A-Z\-])"),
    is_organisation_code,
    digits=0,
    letters_too=True,
    least_shape=3.0,
    spaced=True,  # over its bar code
)

_LABELS = labels_of(
    {
        "机构名称": "name",
        "名称": "name",
        "机构类型": "type",
        "法定代表人": "legal_person",
        "负责人": "legal_person",
        "地址": "address",
        "有效期": "term",
        "有效期限": "term",
        "颁发单位": "authority",
    },
    ("代码", "登记号", "说明", "年检记录", "经济行业", "职工人数"),
    {"name": 1, "address": 2, "term": 1},
    {"址": "address", "期": "term"},
)
_LED = re.compile(r"([\u3400-\u9fff]{2,4}法人)((?!.*(?:机构|企业|单位))[\u3400-\u9fff·]{2,})")
_CODE_LABEL = re.compile(r"代\s*码\s*[:：]?|代\s*码\s*$")


def fields_of(lines: Sequence[Line]) -> Mapping[str, FieldRead]:
    """What the lines say; a field that wasn't found is left out."""
    found = unit_fields(lines, _LABELS)
    for field, bracket in (("type", "(（"), ("legal_person", ")）")):  # 企业法人（法定代表人：…）
        if field in found:
            found[field] = _without(found[field], bracket)
    if "legal_person" not in found and "type" in found:
        found |= _led(found["type"])
    rows = rows_of(in_register(lines, _LABELS.words))
    number = find_number(_beside_label(rows), NUMBER) or find_number(lines, NUMBER)
    if number is not None:
        found["number"] = number
    return found


def _without(read: FieldRead, bracket: str) -> FieldRead:
    """The field without the bracket that ends it."""
    kept = len(read.value.rstrip(bracket))
    return FieldRead(read.value[:kept], read.char_scores[:kept], read.quad, read.pieces)


def _led(kind: FieldRead) -> dict[str, FieldRead]:
    """A type that the name of who leads the unit follows without a label, as both."""
    match = _LED.fullmatch(kind.value)
    if match is None:
        return {}
    return {
        field: FieldRead(match[part], kind.char_scores[match.start(part) : match.end(part)], kind.quad)
        for field, part in (("type", 1), ("legal_person", 2))
    }


def _beside_label(rows: Sequence[Row]) -> list[Line]:
    """What follows the label 代码 in its row."""
    beside: list[Line] = []
    for row in rows:
        match = _CODE_LABEL.search(row.text)
        if match is not None:
            beside += row.between(match.end(), len(row.text))
    return beside


LAYOUT = Layout(
    kind=CertificateKind.ORGANISATION_CODE,
    tells=Telling(
        title=re.compile(r"组织机构代码证"),
        cues=(r"机构名称", r"机构类型", r"颁发单位", r"组代管", r"登记号", r"^代\s*码"),
        least=3,  # guessed
    ),
    fields=("number", "name", "type", "legal_person", "address", "valid_from", "valid_until", "authority"),
    required=("number",),
    fields_of=fields_of,
    numbers=(NUMBER,),
    number_reason="organization_code_check_digit_invalid",
)
