"""营业执照: since 2014 with a unified social credit code, landscape and portrait; older ones with a 15-digit 注册号."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from verify_svc.certificate.dates import LONG_TERM, parse_dates, says_long_term
from verify_svc.certificate.kinds import CertificateKind
from verify_svc.certificate.numbers import is_credit_code, is_registration_number
from verify_svc.document.layouts.layout import Layout
from verify_svc.document.layouts.numbers import NumberShape, find_number
from verify_svc.document.layouts.rows import (
    Labelled,
    Row,
    continued,
    labelled,
    labelled_by_beginning,
    labelled_by_end,
    rows_of,
)
from verify_svc.document.reader import FieldRead, Line, field_of, height_of

CUES = (
    r"营业执照",
    r"统一社会信用|社会信用代码",
    r"法定代表人|经营者|负责人|投资人",
    r"经营范围",
    r"注册资[本金]",
    r"成立日期|注册日期",
    r"登记机关",
    r"类\s*型|组成形式",
    r"名\s*称",
    r"营业期限|经营期限",
    r"住\s*所|经营场所|营业场所",
    r"市场监督管理|工商行政管理",
)
CREDIT_CODE = NumberShape(
    re.compile(r"(?<![0-9A-Z])[0-9OIl]{2}[0-9OIl]{6}[0-9A-HJ-NP-RT-UW-YOI]{10}(?![0-9A-Z])"),
    is_credit_code,
    digits=8,
    letters_too=True,
)
REGISTRATION_NUMBER = NumberShape(
    re.compile(r"(?<![0-9A-Z])[0-9OIl]{15}(?![0-9A-Z])"), is_registration_number, digits=15
)

_LABELS = re.compile(
    r"名\s*称|类\s*型|组\s*成\s*形\s*式|企业类型|法\s*定\s*代\s*表\s*人|经\s*营\s*者(?:姓名)?|负\s*责\s*人|投\s*资\s*人"
    r"|执行事务合伙人|经\s*营\s*范\s*围|注\s*册\s*资\s*[本金]|出资额|资金数额|成\s*立\s*日\s*期|注\s*册\s*日\s*期"
    r"|住\s*所|(?:主\s*要\s*)?经\s*营\s*场\s*所|营\s*业\s*场\s*所|营\s*业\s*期\s*限|经\s*营\s*期\s*限|合\s*伙\s*期\s*限"
    r"|登\s*记\s*机\s*关|统一社会信用代码|注\s*册\s*号|核准日期|实收资本"
)
_FIELD_OF_LABEL = {
    "名称": "name",
    "类型": "type",
    "企业类型": "type",
    "组成形式": "type",
    "法定代表人": "legal_person",
    "经营者": "legal_person",
    "经营者姓名": "legal_person",
    "负责人": "legal_person",
    "投资人": "legal_person",
    "执行事务合伙人": "legal_person",
    "成立日期": "established_on",
    "注册日期": "established_on",
    "住所": "address",
    "经营场所": "address",
    "主要经营场所": "address",
    "营业场所": "address",
    "营业期限": "valid_until",
    "经营期限": "valid_until",
    "合伙期限": "valid_until",
}
_FIELD_OF_END = {"称": "name", "型": "type", "所": "address"}
_FIELD_OF_BEGINNING = {"名": "name", "类": "type", "住": "address"}
_OVER_LINES = {"name": 1, "type": 1, "address": 3}
"""How many lines more a value may take."""
# What ends a value over several lines: another label, a type whose label was not read, or the small print around the
# QR code and at the foot.
_STOP = re.compile(
    _LABELS.pattern + r"|^[名类住]?[称型所]|扫描|二维码|公示系统|年度报告|市场监督管理总局|监制"
    r"|^有限责任公司[(（]|^股份有限公司[(（]|^(?:个体工商户|有限合伙企业|个人独资企业)$"
)

_UNIT = re.compile(r"(?=(?:[^\u3400-\u9fff]*[\u3400-\u9fff]){4})[\u3400-\u9fff（）()·A-Za-z0-9&\-]{4,40}")
_ROWS_APART = 3.0  # line heights between the type and the name above it


def fields_of(lines: Sequence[Line]) -> Mapping[str, FieldRead]:
    """What the lines say; a field that wasn't found is left out."""
    found: dict[str, FieldRead] = {}
    number = find_number(lines, CREDIT_CODE) or find_number(lines, REGISTRATION_NUMBER)
    if number is not None:
        found["number"] = number
    rows = rows_of(lines)
    for mark in labelled(rows, _LABELS):
        name = _FIELD_OF_LABEL.get(mark.label)
        if name is None or name in found:
            continue
        value = _value_of(name, mark, rows)
        if value is not None:
            found[name] = value
    ends = [(_FIELD_OF_END[mark.label], mark) for mark in labelled_by_end(rows, "".join(_FIELD_OF_END))]
    beginnings = labelled_by_beginning(rows, "".join(_FIELD_OF_BEGINNING))
    for name, mark in [*ends, *((_FIELD_OF_BEGINNING[mark.label], mark) for mark in beginnings)]:
        value = _value_of(name, mark, rows) if name not in found else None
        if value is not None:
            found[name] = value
    if "name" not in found and "type" in found:
        name_above = _unlabelled_name(rows, found["type"])
        if name_above is not None:
            found["name"] = name_above
    return found


def _unlabelled_name(rows: Sequence[Row], kind: FieldRead) -> FieldRead | None:
    """The name, when its own label was not read: it stands right above the type, in the same column."""
    left, height = float(kind.quad[0, 0]), height_of(kind.quad)
    top = float(kind.quad[:, 1].min())
    above = [
        line
        for row in rows
        for line in row.lines
        if abs(line.left - left) < height and 0 < top - line.middle < _ROWS_APART * height
    ]
    last = max(above, key=lambda line: line.middle, default=None)
    if last is None or _LABELS.search(last.text) or "营业执照" in last.text or not _UNIT.fullmatch(last.text):
        return None
    return field_of([last])


def _value_of(name: str, mark: Labelled, rows: Sequence[Row]) -> FieldRead | None:
    more = _OVER_LINES.get(name, 0)
    lines = continued(mark.value, rows, mark.row, _STOP, more) if more else list(mark.value)
    whole = field_of(lines)
    if whole is None or name not in ("established_on", "valid_until"):
        return whole
    dates = parse_dates(whole.value)
    if name == "established_on":
        return FieldRead(dates[0].isoformat(), whole.char_scores, whole.quad) if dates else None
    if len(dates) > 1:
        return FieldRead(dates[1].isoformat(), whole.char_scores, whole.quad)
    return FieldRead(LONG_TERM, whole.char_scores, whole.quad) if says_long_term(whole.value) else None


LAYOUT = Layout(
    kind=CertificateKind.BUSINESS_LICENCE,
    fields=("number", "name", "type", "legal_person", "address", "established_on", "valid_until"),
    required=("number",),
    fields_of=fields_of,
    numbers=(CREDIT_CODE, REGISTRATION_NUMBER),
    running_text=re.compile(r"经?营?范围"),
    foot_from=0.93,  # below stand the register's address and the printer
)
