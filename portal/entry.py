"""The filing's form: which fields there are, what is wrong with them, and the request that the service gets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

CHINA = ZoneInfo("Asia/Shanghai")
Kind = Literal["unit", "individual"]

FILING_KINDS = ("new_subject", "new_site", "new_access", "change")
PREAPPROVALS = ("none", "news", "publishing", "education", "medicine", "culture")
PROVINCES = (
    "北京市",
    "天津市",
    "河北省",
    "山西省",
    "内蒙古自治区",
    "辽宁省",
    "吉林省",
    "黑龙江省",
    "上海市",
    "江苏省",
    "浙江省",
    "安徽省",
    "福建省",
    "江西省",
    "山东省",
    "河南省",
    "湖北省",
    "湖南省",
    "广东省",
    "广西壮族自治区",
    "海南省",
    "重庆市",
    "四川省",
    "贵州省",
    "云南省",
    "西藏自治区",
    "陕西省",
    "甘肃省",
    "青海省",
    "宁夏回族自治区",
    "新疆维吾尔自治区",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field: a code with words in `locales/`, and the figures that go into them."""

    code: str
    figures: Mapping[str, str | int]


# Each field, in the form's order, with the path that the service knows it by. An individual's lead is the subject: no
# name is asked twice.
UNIT: Mapping[str, str] = {
    "filing_kind": "filing.kind",
    "province": "filing.province",
    "subject_name": "subject.name",
    "subject_number": "subject.certificate.number",
    "legal_person": "subject.legal_person.name",
    "address": "subject.address",
    "person_name": "responsible_person.name",
    "person_number": "responsible_person.certificate.number",
    "mobile": "responsible_person.mobile",
    "email": "responsible_person.email",
    "site_name": "site.name",
    "preapproval": "site.preapproval",
    "domains": "site.domains",
}
INDIVIDUAL: Mapping[str, str] = {
    name: path for name, path in UNIT.items() if name not in ("legal_person", "person_name", "person_number")
}
OPTIONAL = frozenset({"email"})
# Changed while the phone works: what kind of filing it is stays.
FIXED_ONCE_OPEN = frozenset({"kind", "filing_kind", "province"})

_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·A-Za-z .'-]{2,50}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}")
_DOMAIN = re.compile(r"(?!-)(?:[a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{1,62}")
_MOST_DOMAINS = 20


def kind_of(entered: Mapping[str, str]) -> Kind:
    """Whom the filing is for."""
    return "individual" if entered.get("kind") == "individual" else "unit"


def paths(kind: Kind) -> Mapping[str, str]:
    """The fields that are asked for, with the service's paths."""
    return UNIT if kind == "unit" else INDIVIDUAL


def tidy(form: Mapping[str, str], kind: Kind) -> dict[str, str]:
    """What was typed, with the spaces and small letters put right that nobody means."""
    entered: dict[str, str] = {"kind": kind}
    for name in paths(kind):
        text = form.get(name, "").strip()[:500]
        if name in ("subject_number", "person_number"):
            text = re.sub(r"[\s-]", "", text).upper()
        elif name == "mobile":
            text = re.sub(r"[\s-]", "", text)
        elif name == "domains":
            text = "\n".join(dict.fromkeys(_split_domains(text)))
        entered[name] = text
    return entered


def faults(entered: Mapping[str, str]) -> dict[str, Fault]:
    """What keeps the filing from going on, by field; empty when nothing does."""
    kind = kind_of(entered)
    found: dict[str, Fault] = {}
    for name in paths(kind):
        fault = _fault(name, entered.get(name, ""), kind)
        if fault is not None:
            found[name] = fault
    return found


def _fault(name: str, value: str, kind: Kind) -> Fault | None:
    if not value:
        return None if name in OPTIONAL else Fault("missing", {})
    match name:
        case "filing_kind":
            return None if value in FILING_KINDS else Fault("missing", {})
        case "province":
            return None if value in PROVINCES else Fault("missing", {})
        case "preapproval":
            return None if value in PREAPPROVALS else Fault("missing", {})
        case "subject_number":
            return _credit_code_fault(value) if kind == "unit" else id_number_fault(value)
        case "person_number":
            return id_number_fault(value)
        case "legal_person" | "person_name":
            return None if _NAME.fullmatch(value) else Fault("name", {})
        case "subject_name":
            return Fault("name", {}) if kind == "individual" and not _NAME.fullmatch(value) else None
        case "mobile":
            return None if _MOBILE.fullmatch(value) else _length_fault(value, 11) or Fault("mobile", {})
        case "email":
            return None if _EMAIL.fullmatch(value) else Fault("email", {})
        case "domains":
            return _domains_fault(value)
        case _:
            return None


def _length_fault(value: str, wanted: int) -> Fault | None:
    if len(value) < wanted:
        return Fault("too_short", {"missing": wanted - len(value), "wanted": wanted})
    return Fault("too_long", {"surplus": len(value) - wanted, "wanted": wanted}) if len(value) > wanted else None


def id_number_fault(value: str, today: date | None = None) -> Fault | None:
    """What is wrong with the number of a resident identity card (GB 11643).

    >>> id_number_fault("11010519491231002X") is None
    True
    >>> id_number_fault("110105194912310021").code
    'check_digit'
    """
    wrong = _length_fault(value, 18)
    if wrong is not None:
        return wrong
    if not re.fullmatch(r"\d{17}[\dX]", value):
        return Fault("id_characters", {})
    try:
        born = ric.get_birth_date(value)
    except ValidationError:
        return Fault("birth_date", {})
    if born > (today or datetime.now(CHINA).date()):
        return Fault("birth_date", {})
    return None if ric.calc_check_digit(value) == value[-1] else Fault("check_digit", {})


def _credit_code_fault(value: str) -> Fault | None:
    wrong = _length_fault(value, 18)
    if wrong is not None:
        return wrong
    if not re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}", value):
        return Fault("code_characters", {})
    return None if uscc.calc_check_digit(value[:-1]) == value[-1] else Fault("check_digit", {})


def _split_domains(text: str) -> list[str]:
    return [each.lower().removesuffix(".") for each in re.split(r"[\s,;，；、]+", text) if each]


def _domains_fault(text: str) -> Fault | None:
    domains = _split_domains(text)
    if len(domains) > _MOST_DOMAINS:
        return Fault("too_many_domains", {"most": _MOST_DOMAINS})
    for domain in domains:
        try:
            ascii_name = domain.encode("idna").decode("ascii")
        except UnicodeError:
            ascii_name = ""
        if not _DOMAIN.fullmatch(ascii_name):
            return Fault("domain", {"domain": domain})
    return None


def session_request(
    entered: Mapping[str, str], filing_id: str, created_on: date, locale: str, return_url: str
) -> dict[str, Any]:
    """The body that opens a verification session."""
    return {
        "client_reference_id": filing_id,
        "filing": {
            "kind": entered["filing_kind"],
            "created_on": created_on.isoformat(),
            "province": entered["province"],
        },
        **correction_request(entered),
        "locale": locale,
        "return_url": return_url,
    }


def correction_request(entered: Mapping[str, str]) -> dict[str, Any]:
    """The entered data alone, as a correction sends them."""
    kind = kind_of(entered)
    subject: dict[str, Any] = {"kind": kind, "name": entered["subject_name"], "address": entered["address"]}
    if kind == "unit":
        subject["certificate"] = {"kind": "business_licence", "number": entered["subject_number"]}
        subject["legal_person"] = {"name": entered["legal_person"]}
        name, number = entered["person_name"], entered["person_number"]
    else:
        subject["certificate"] = {"kind": "id_card", "number": entered["subject_number"]}
        name, number = entered["subject_name"], entered["subject_number"]
    person = {"name": name, "certificate": {"kind": "id_card", "number": number}, "mobile": entered["mobile"]}
    if entered.get("email"):
        person["email"] = entered["email"]
    site: dict[str, Any] = {"name": entered["site_name"], "domains": entered["domains"].split("\n")}
    if entered["preapproval"] != "none":
        site["preapproval"] = [entered["preapproval"]]
    return {"subject": subject, "site": site, "responsible_person": person}


# Paths that mean a field of ours by another name.
_OTHER_PATHS: Mapping[Kind, Mapping[str, str]] = {
    "unit": {
        "subject.certificate": "subject_number",
        "subject.certificate.kind": "subject_number",
        "responsible_person.certificate": "person_number",
        "responsible_person.certificate.kind": "person_number",
    },
    "individual": {
        "subject.certificate": "subject_number",
        "subject.certificate.kind": "subject_number",
        "responsible_person.name": "subject_name",
        "responsible_person.certificate": "subject_number",
        "responsible_person.certificate.kind": "subject_number",
        "responsible_person.certificate.number": "subject_number",
    },
}


def field_of(path: str, kind: Kind) -> str | None:
    """Our field that the service means by a path of the request, or None.

    >>> field_of("site.domains[1]", "unit")
    'domains'
    """
    for name, known in paths(kind).items():
        if path == known or path.startswith((f"{known}.", f"{known}[")):
            return name
    return _OTHER_PATHS[kind].get(path)
