"""户口簿: the holder's own page, 常住人口登记卡."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from verify_svc.certificate.dates import parse_date
from verify_svc.certificate.kinds import CertificateKind
from verify_svc.document.layouts import id_card_portrait
from verify_svc.document.layouts.layout import Layout, Telling
from verify_svc.document.layouts.numbers import find_number
from verify_svc.document.layouts.rows import Row, in_register, labelled, rows_of
from verify_svc.document.reader import FieldRead, Line, field_of

_WORDS = (
    "户主或与户主关系 户主或与 户主关系 公民身份证件编号 公民身份号码 公民身份证 件编号 本市（县）其他住址 其他住址 "
    "宗教信仰 文化程度 婚姻状况 兵役状况 服务处所 何时由何地 承办人签章 登记日期 出生日期 曾用名 出生地 姓名 性别 民族 "
    "籍贯 身高 血型 职业"
)
_LABELS = re.compile("|".join(r"\s*".join(word) for word in _WORDS.split()))
_SHAPES = {
    "姓名": ("name", re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·•]{2,}")),
    "性别": ("sex", re.compile(r"[男女]")),
    "民族": ("nationality", re.compile(r"[\u3400-\u9fff]{1,8}")),
}
_DAYS = {"出生日期": "birth_date", "登记日期": "registered_on"}


def fields_of(lines: Sequence[Line]) -> Mapping[str, FieldRead]:
    """What the lines say; a field that wasn't found is left out."""
    found: dict[str, FieldRead] = {}
    number = find_number(lines, id_card_portrait.NUMBER)
    if number is not None:
        found["number"] = number
    for mark in labelled(rows_of(in_register(lines, _WORDS.split())), _LABELS):
        row = Row(mark.value)
        if mark.label in _SHAPES:
            name, shape = _SHAPES[mark.label]
            match = shape.search(row.text)
            part = field_of(row.between(match.start(), match.end())) if match is not None else None
            if part is not None:
                found.setdefault(name, part)
        elif mark.label in _DAYS and (whole := mark.field()) is not None:
            day = parse_date(whole.value)
            if day is not None:
                found.setdefault(_DAYS[mark.label], FieldRead(day.isoformat(), whole.char_scores, whole.quad))
    return found


LAYOUT = Layout(
    kind=CertificateKind.HOUSEHOLD_REGISTER,
    tells=Telling(
        title=re.compile(r"常住人口登记卡"),
        cues=("户主或与|户主关系", "曾用名", "宗教信仰", "文化程度", "兵役状况", "籍贯", "服务处所", "何时由何地"),
        least=3,  # guessed
        number_tells=id_card_portrait.NUMBER,
        number_points=1,
        looks_like=(CertificateKind.ID_CARD_PORTRAIT,),  # by the few labels that both have
    ),
    fields=("name", "sex", "nationality", "birth_date", "number", "registered_on"),
    required=("name", "number"),
    fields_of=fields_of,
    numbers=(id_card_portrait.NUMBER,),
    number_reason="id_number_check_digit_invalid",
    agreements=id_card_portrait.agreements,
    ruled=True,
)
