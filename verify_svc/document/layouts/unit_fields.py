"""Fields of a unit's certificate: labels in one or two columns, values beside them, over several lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from verify_svc.certificate.dates import LONG_TERM, parse_dates, says_long_term
from verify_svc.certificate.numbers import is_credit_code
from verify_svc.document.layouts.layout import Agreement
from verify_svc.document.layouts.numbers import NUMBER_END, NumberShape, find_number
from verify_svc.document.layouts.rows import (
    Labelled,
    Row,
    continued,
    in_register,
    labelled,
    labelled_by_beginning,
    labelled_by_end,
    rows_of,
)
from verify_svc.document.reader import FieldRead, Line, field_of, height_of

CREDIT_CODE = NumberShape(
    re.compile(r"(?<![0-9A-Z])[0-9OIl]{2}[0-9OIl]{6}[0-9A-HJ-NP-RT-UW-YOI]{10}" + NUMBER_END),
    is_credit_code,
    digits=8,
    letters_too=True,
)

_UNIT = re.compile(r"(?=(?:[^\u3400-\u9fff]*[\u3400-\u9fff]){4})[\u3400-\u9fff（）()·A-Za-z0-9&\-]{4,40}")
_ROWS_APART = 3.0  # line heights between the type and the name above it
_DAY_FIELDS = frozenset({"established_on", "issued_on", "valid_until"})
_TERM = "term"
_TYPE_BEHIND = re.compile(r"(?<=公司)(?:有限责任公司|股份有限公司)(?:[(（].*)?$")
_ONLY_END = re.compile(r"^\s*[至到]")


@dataclass(frozen=True, slots=True)
class UnitLabels:
    """The labels of a unit's certificate. `pattern` finds every label, also of fields that nobody needs; `fields` says
    which field a label announces (`term`: both ends of its validity).

    A certificate spreads its labels: `by_end` and `by_beginning` are labels of which only the last or the first
    character was read; `words` are all of them where its values may be printed out of register. `over_lines` are how
    many lines more a value may take; `stop` is what ends it.
    """

    pattern: re.Pattern[str]
    fields: Mapping[str, str]
    by_end: Mapping[str, str]
    by_beginning: Mapping[str, str]
    over_lines: Mapping[str, int]
    stop: re.Pattern[str]
    words: tuple[str, ...] = ()
    name_above_type: bool = False


def labels_of(
    fields: Mapping[str, str],
    others: Sequence[str],
    over_lines: Mapping[str, int],
    by_end: Mapping[str, str] = MappingProxyType({}),
) -> UnitLabels:
    """Labels by their words: `fields` to be read, `others` that only end what stands before them. `by_end` are last
    characters of labels besides 称 and 所.
    """
    words = sorted([*fields, *others], key=len, reverse=True)
    pattern = re.compile("|".join(r"\s*".join(word) for word in words))
    return UnitLabels(
        pattern=pattern,
        fields=fields,
        by_end={"称": "name", "所": "address", **by_end},
        by_beginning={"名": "name", "住": "address"},
        over_lines=over_lines,
        stop=re.compile(pattern.pattern + r"|^[名住]?[称所]|扫描|二维码|监制|年度检验|印章"),
        words=tuple(words),
    )


def unit_fields(lines: Sequence[Line], labels: UnitLabels) -> dict[str, FieldRead]:
    """What the lines say beside their labels; a field that wasn't found is left out."""
    found: dict[str, FieldRead] = {}
    rows = rows_of(in_register(lines, labels.words) if labels.words else lines)
    whole = [
        (labels.fields[mark.label], mark) for mark in labelled(rows, labels.pattern) if mark.label in labels.fields
    ]
    ends = [(labels.by_end[mark.label], mark) for mark in labelled_by_end(rows, "".join(labels.by_end))]
    beginnings = labelled_by_beginning(rows, "".join(labels.by_beginning), labels.by_end)
    for name, mark in [*whole, *ends, *((labels.by_beginning[mark.label], mark) for mark in beginnings)]:
        for field, value in _values_of(name, mark, rows, labels).items():
            found.setdefault(field, value)
    if labels.name_above_type and "name" not in found and "type" in found:
        name_above = _unlabelled_name(rows, found["type"], labels.pattern)
        if name_above is not None:
            found["name"] = name_above
    return found


def fields_with_credit_code(labels: UnitLabels) -> Callable[[Sequence[Line]], Mapping[str, FieldRead]]:
    """Reads what stands beside the labels, and the credit code wherever it stands."""

    def fields_of(lines: Sequence[Line]) -> Mapping[str, FieldRead]:
        number = find_number(lines, CREDIT_CODE)
        found = unit_fields(lines, labels)
        return found if number is None else {**found, "number": number}

    return fields_of


def _values_of(name: str, mark: Labelled, rows: Sequence[Row], labels: UnitLabels) -> dict[str, FieldRead]:
    more = labels.over_lines.get(name, 0)
    lines = continued(mark.value, rows, mark.row, labels.stop, more) if more else list(mark.value)
    whole = field_of(lines)
    if whole is None:
        return {}
    if name == _TERM:
        return term_in(whole)
    if name not in _DAY_FIELDS:
        return {name: _without_type(whole) if name == "name" else whole}
    days = parse_dates(whole.value)
    return {name: FieldRead(days[0].isoformat(), whole.char_scores, whole.quad)} if days else {}


def _without_type(name: FieldRead) -> FieldRead:
    """The name without the unit's type, where both were taken for one value: no name says 有限公司有限责任公司."""
    kind = _TYPE_BEHIND.search(name.value)
    if kind is None:
        return name
    return FieldRead(name.value[: kind.start()], name.char_scores[: kind.start()], name.quad, name.pieces)


def term_in(whole: FieldRead) -> dict[str, FieldRead]:
    """Both ends of a validity as printed, those that were read. Each has the box of the whole."""
    days = [day.isoformat() for day in parse_dates(whole.value)]
    ends = {"valid_from": days[0]} if days else {}
    if says_long_term(whole.value):
        ends["valid_until"] = LONG_TERM
    elif len(days) > 1:
        ends["valid_until"] = days[1]
    elif days and _ONLY_END.search(whole.value):
        ends = {"valid_until": days[0]}
    return {name: FieldRead(end, whole.char_scores, whole.quad) for name, end in ends.items()}


def _unlabelled_name(rows: Sequence[Row], kind: FieldRead, labels: re.Pattern[str]) -> FieldRead | None:
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
    if last is None or labels.search(last.text) or "营业执照" in last.text or not _UNIT.fullmatch(last.text):
        return None
    return field_of([last])


def department_agrees(*departments: str) -> Callable[[Mapping[str, str]], Sequence[Agreement]]:
    """Whether a credit code's first two characters (GB 32100: registering department and kind of unit) are those of
    this kind of certificate. Other numbers say nothing of it.
    """

    def agreements(values: Mapping[str, str]) -> Sequence[Agreement]:
        number = values["number"]
        if not is_credit_code(number):
            return ()
        agrees = number.startswith(departments)
        return (Agreement("department_agrees", None, agrees, "credit_code_kind_inconsistent"),)

    return agreements
