"""律师事务所执业许可证, 正本 and 副本: without an end, checked each year."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from verify_svc.certificate.kinds import CertificateKind
from verify_svc.document.layouts.layout import Layout, Telling
from verify_svc.document.layouts.unit_fields import CREDIT_CODE, department_agrees, fields_with_credit_code, labels_of
from verify_svc.document.reader import FieldRead, Line

_LABELS = labels_of(
    {
        "名称": "name",
        "律师事务所名称": "name",
        "负责人": "legal_person",
        "主任": "legal_person",
        "住所": "address",
        "地址": "address",
        "组织形式": "type",
        "主管机关": "authority",
        "发证日期": "issued_on",
    },
    [
        "统一社会信用代码",
        "执业许可证号",
        "许可证号",
        "证号",
        "设立资产",
        "批准文号",
        "批准日期",
        "派驻律师",
        "合伙人",
        "发证机关",
        "执业证号",
        "设立日期",
        "流水号",
    ],
    {"name": 1, "address": 2, "authority": 1},
)
_labelled = fields_with_credit_code(_LABELS)
_NAME = re.compile(r"^[\u3400-\u9fff（）()]{2,30}律师事务所(?:[（(][\u3400-\u9fff]+[）)][\u3400-\u9fff]*)?$")


def fields_of(lines: Sequence[Line]) -> Mapping[str, FieldRead]:
    """What the lines say; a field that wasn't found is left out."""
    found = dict(_labelled(lines))
    if "name" not in found:  # some years print the name alone, without a label
        named = [line for line in lines if _NAME.match(line.text.replace(" ", ""))]
        for line in named[:1]:
            found["name"] = FieldRead(line.text.replace(" ", ""), line.scores, line.quad)
    return found


LAYOUT = Layout(
    kind=CertificateKind.LAW_FIRM,
    tells=Telling(
        title=re.compile(r"律师事务所(?:分所)?.{0,3}执业许可|律师.{0,4}执业许可证"),
        cues=(r"律师事务所", r"执业许可证", r"主管机关", r"设立资产", r"组织形式", r"司法[厅局]"),
        least=4,  # guessed
        must=re.compile(r"律师事务所"),
        number_tells=CREDIT_CODE,
        number_points=1,
    ),
    fields=("number", "name", "legal_person", "address", "type", "authority", "issued_on"),
    required=("number",),
    fields_of=fields_of,
    numbers=(CREDIT_CODE,),
    agreements=department_agrees("31"),
)
