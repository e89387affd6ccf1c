"""营业执照: since 2014 with a unified social credit code, landscape and portrait; older ones with a 15-digit 注册号."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from verify_svc.certificate.kinds import CertificateKind
from verify_svc.certificate.numbers import is_registration_number
from verify_svc.document.layouts.layout import Layout, Telling
from verify_svc.document.layouts.numbers import NUMBER_END, NumberShape, find_number
from verify_svc.document.layouts.unit_fields import CREDIT_CODE, UnitLabels, department_agrees, unit_fields
from verify_svc.document.reader import FieldRead, Line

REGISTRATION_NUMBER = NumberShape(
    re.compile(r"(?<![0-9A-Z])[0-9OIl]{15}" + NUMBER_END), is_registration_number, digits=15
)

_LABELS = re.compile(
    r"名\s*称|类\s*型|组\s*成\s*形\s*式|企业类型|(?:法\s*定\s*代\s*表\s*人|经\s*营\s*者|负\s*责\s*人|投\s*资\s*人)(?:\s*姓\s*名)?"
    r"|执\s*行\s*事\s*务\s*合\s*伙\s*人|首\s*席\s*代\s*表|经\s*营\s*范\s*围|注\s*册\s*资\s*[本金]|出资额|资金数额"
    r"|成\s*立\s*日\s*期|注\s*册\s*日\s*期"
    r"|住\s*所|(?:主\s*要\s*)?经\s*营\s*场\s*所|营\s*业\s*场\s*所|营\s*业\s*期\s*限|经\s*营\s*期\s*限|合\s*伙\s*期\s*限"
    r"|登\s*记\s*机\s*关|统一社会信用代码|注\s*册\s*号|核准日期|实收资本|(?:一般|许可)(?:经营)?项目\s*[:：]"
)
_FIELD_OF_LABEL = {
    "名称": "name",
    "类型": "type",
    "企业类型": "type",
    "组成形式": "form",
    "法定代表人": "legal_person",
    "经营者": "legal_person",
    "经营者姓名": "legal_person",
    "法定代表人姓名": "legal_person",
    "负责人姓名": "legal_person",
    "投资人姓名": "legal_person",
    "负责人": "legal_person",
    "投资人": "legal_person",
    "执行事务合伙人": "legal_person",
    "首席代表": "legal_person",
    "成立日期": "established_on",
    "注册日期": "established_on",
    "住所": "address",
    "经营场所": "address",
    "主要经营场所": "address",
    "营业场所": "address",
    "营业期限": "term",
    "经营期限": "term",
    "合伙期限": "term",
}
# Licences until 2014 were forms, filled in by another machine.
_WORDS = (
    *_FIELD_OF_LABEL,
    *("统一社会信用代码", "注册号", "公司类型", "经营范围", "经营范围及方式", "注册资本", "注册资金", "实收资本"),
    *("出资额", "资金数额", "登记机关", "核准日期"),
)
# Asterisks, of which some may be read as something else.
_NO_NAME = re.compile(r"[*＊×xX\-—－/\s]+|无(?:字号)?|(?=.*[*＊★]).{1,4}")
_DELEGATE = re.compile(r"委派代表[:：]?\s*([\u3400-\u9fff\U00020000-\U0003ffff·]{2,})")
_LABELS_OF_LICENCE = UnitLabels(
    pattern=_LABELS,
    fields=_FIELD_OF_LABEL,
    by_end={"称": "name", "型": "type", "所": "address"},
    by_beginning={"名": "name", "类": "type", "住": "address"},
    over_lines={"name": 1, "type": 1, "address": 3, "legal_person": 1, "term": 1},
    # What ends a value over several lines: another label, a type whose label was not read, or the small print around
    # the QR code and at the foot.
    stop=re.compile(
        _LABELS.pattern + r"|^[名类住]?[称型所]|扫描|二维码|公示系统|年度报告|市场监督管理总局|监制"
        r"|^有限责任公司[(（]|^股份有限公司[(（]|^(?:个体工商户|有限合伙企业|个人独资企业)$"
    ),
    words=_WORDS,
    name_above_type=True,
)


def fields_of(lines: Sequence[Line]) -> Mapping[str, FieldRead]:
    """What the lines say; a field that wasn't found is left out."""
    found = unit_fields(lines, _LABELS_OF_LICENCE)
    legal_person = found.get("legal_person")
    if legal_person is not None:
        found["legal_person"] = _delegate(legal_person)
    if "form" in found:
        found.setdefault("type", found["form"])
    if "name" in found and _NO_NAME.fullmatch(found["name"].value):  # a sole trader without one goes by his own
        found["name"] = found.get("legal_person", found["name"])
    number = find_number(lines, CREDIT_CODE) or find_number(lines, REGISTRATION_NUMBER)
    if number is not None:
        found["number"] = number
    return {name: read for name, read in found.items() if name in LAYOUT.fields}


def _delegate(legal_person: FieldRead) -> FieldRead:
    """Of a partner that is a company, the person whom it delegates (委派代表)."""
    match = _DELEGATE.search(legal_person.value)
    if match is None:
        return legal_person
    scores = legal_person.char_scores[match.start(1) : match.end(1)]
    return FieldRead(match[1], scores, legal_person.quad, legal_person.pieces)


LAYOUT = Layout(
    kind=CertificateKind.BUSINESS_LICENCE,
    tells=Telling(
        heading=re.compile(r".{0,8}营业执照.{0,6}"),
        cues=(
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
        ),
        least=4,  # guessed
        least_headed=3,  # guessed: a title alone is a sign or a logo
        number_tells=CREDIT_CODE,
        number_points=1,  # every unit's certificate has one
    ),
    fields=("number", "name", "type", "legal_person", "address", "established_on", "valid_until"),
    required=("number",),
    fields_of=fields_of,
    numbers=(CREDIT_CODE, REGISTRATION_NUMBER),
    agreements=department_agrees("91", "92", "93"),
    coded=True,
    running_text=re.compile(r"经?营?范围"),
    names_end=re.compile(r"(?:公司|企业|集团|中心|商行|[厂店部社所行院馆站场吧铺坊室园庄楼屋房城户处学校）)])$"),
    foot_from=0.93,  # below stand the register's address and the printer
)
