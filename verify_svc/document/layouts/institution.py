"""事业单位法人证书, 正本 and 副本."""

from __future__ import annotations

import re

from verify_svc.certificate.kinds import CertificateKind
from verify_svc.document.layouts.layout import Layout, Telling
from verify_svc.document.layouts.unit_fields import CREDIT_CODE, department_agrees, fields_with_credit_code, labels_of

_LABELS = labels_of(
    {
        "名称": "name",
        "法定代表人": "legal_person",
        "住所": "address",
        "举办单位": "sponsor",
        "有效期": "term",
        "有效期限": "term",
        "有效期自": "term",
    },
    ("统一社会信用代码", "宗旨和业务范围", "宗旨和", "业务范围", "经费来源", "开办资金", "登记管理机关", "事证第"),
    {"name": 1, "address": 2, "sponsor": 1, "term": 1},
)


LAYOUT = Layout(
    kind=CertificateKind.INSTITUTION,
    tells=Telling(
        title=re.compile(r"事业单位法人证"),
        cues=(r"宗旨和业务范围", r"经费来源", r"开办资金", r"举办单位", r"登记管理机关", r"事业单位"),
        least=3,  # guessed
        number_tells=CREDIT_CODE,
        number_points=1,
    ),
    fields=("number", "name", "legal_person", "address", "sponsor", "valid_from", "valid_until"),
    required=("number",),
    fields_of=fields_with_credit_code(_LABELS),
    numbers=(CREDIT_CODE,),
    agreements=department_agrees("11", "12", "13", "19"),
)
