"""民办非企业单位登记证书: of a legal person (法人), a partnership (合伙) and a sole owner (个体)."""

from __future__ import annotations

import re

from verify_svc.certificate.kinds import CertificateKind
from verify_svc.document.layouts.layout import Layout, Telling
from verify_svc.document.layouts.unit_fields import CREDIT_CODE, department_agrees, fields_with_credit_code, labels_of

_LABELS = labels_of(
    {
        "名称": "name",
        "法定代表人": "legal_person",
        "法定代表人或单位负责人": "legal_person",
        "单位负责人": "legal_person",
        "负责人": "legal_person",
        "住所": "address",
        "业务主管单位": "sponsor",
        "成立日期": "established_on",
        "有效期限": "term",
        "有效期": "term",
        "证书有效期": "term",
    },
    ("统一社会信用代码", "业务范围", "开办资金", "注册资金", "发证机关", "登记管理机关", "发证日期", "民证字第"),
    {"name": 1, "address": 2, "sponsor": 1, "term": 1},
)


LAYOUT = Layout(
    kind=CertificateKind.PRIVATE_NON_ENTERPRISE,
    tells=Telling(
        title=re.compile(r"民办非企业单位(?:[（(]?(?:法人|合伙|个体)[)）]?)?(?:登记|证)"),
        cues=(r"民办非企业", r"业务主管单位", r"开办资金", r"业务范围", r"发证机关"),
        least=4,  # guessed
        must=re.compile(r"民办非企业"),
        number_tells=CREDIT_CODE,
        number_points=1,
    ),
    fields=("number", "name", "legal_person", "address", "sponsor", "established_on", "valid_from", "valid_until"),
    required=("number",),
    fields_of=fields_with_credit_code(_LABELS),
    numbers=(CREDIT_CODE,),
    agreements=department_agrees("52"),
    running_text=re.compile(r"业?务?范围"),
)
