"""Sample filings for trying the portal out. Names are invented; the numbers are the examples printed in the standards
(GB 11643 and GB 32100), which belong to nobody."""

from __future__ import annotations

from collections.abc import Mapping

from portal.entry import Kind

_SITE = {
    "filing_kind": "new_subject",
    "province": "北京市",
    "address": "示例市样例区样例路 1 号",
    "domains": "example.cn",
    "preapproval": "none",
}
_PERSON = {"mobile": "13800000000", "email": "zhangsan@example.com"}

SAMPLES: Mapping[Kind, Mapping[str, str]] = {
    "unit": {
        "kind": "unit",
        **_SITE,
        "subject_name": "示例市青禾科技有限公司",
        "subject_number": "91350100M000100Y43",
        "legal_person": "张三",
        "site_name": "青禾科技官网",
        "person_name": "张三",
        "person_number": "11010519491231002X",
        **_PERSON,
    },
    "individual": {
        "kind": "individual",
        **_SITE,
        "subject_name": "张三",
        "subject_number": "11010519491231002X",
        "site_name": "张三的读书笔记",
        **_PERSON,
    },
}
