"""What a page is, by what is printed on it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from verify_svc.certificate.kinds import CertificateKind, FormKind
from verify_svc.certificate.numbers import is_credit_code, is_id_number
from verify_svc.document.layouts import business_licence, id_card_emblem, id_card_portrait
from verify_svc.document.layouts.numbers import find_number
from verify_svc.document.reader import Line

OTHER = "other"
"""Some paper that is none of the kinds."""

# Titles that name a kind by themselves, in the order in which they are tried.
_TITLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (CertificateKind.INSTITUTION, re.compile(r"事业单位法人证")),
    (CertificateKind.SOCIAL_ORGANISATION, re.compile(r"社会团体法人登记|社会团体法人证")),
    (CertificateKind.PRIVATE_NON_ENTERPRISE, re.compile(r"民办非企业单位")),
    (CertificateKind.LAW_FIRM, re.compile(r"律师事务所.{0,6}执业许可|律师.{0,4}执业许可证")),
    (CertificateKind.ORGANISATION_CODE, re.compile(r"组织机构代码证")),
    (CertificateKind.MAINLAND_TRAVEL_PERMIT, re.compile(r"来往内地通行证|来往大陆通行证|往来港澳通行证")),
    (CertificateKind.RESIDENCE_PERMIT, re.compile(r"居住证|居留证")),
    (CertificateKind.HOUSEHOLD_REGISTER, re.compile(r"户口簿|常住人口登记卡")),
    (CertificateKind.PASSPORT, re.compile(r"护\s*照|PASSPORT|P[<A-Z][A-Z]{3}[A-Z<]+<<")),
    (OTHER, re.compile(r"许可证$|登记证书?$|许可证书$|荣誉证书|资格证|行驶证|驾驶证|税务登记|说明书$|协议书?$")),
)
# A form names certificates in its text: its own title goes first. 承诺书 may be mentioned in the others.
_FORM_TITLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (FormKind.VERIFICATION, re.compile(r"核验单|核验表|真实性核验")),
    (FormKind.AUTHORISATION, re.compile(r"授权委托书|授权书|委托书")),
    (FormKind.COMMITMENT, re.compile(r"承诺书|承诺函")),
)
_LICENCE_TITLE = re.compile(r".{0,8}营业执照.{0,6}")
_MIN_LICENCE_CUES = 3  # guessed: a title alone is a sign or a logo
_MIN_LICENCE_CUES_UNTITLED = 4  # guessed
_MIN_CARD_CUES = 2  # guessed
_CARD_LINES = 18  # a card has some 14 lines; on a page of more, an ID number says less


def recognise(lines: Sequence[Line]) -> str | None:
    """The kind (a value of CertificateKind or FormKind, or `OTHER`), or None when nothing says so."""
    texts = [re.sub(r"\s", "", line.text) for line in lines]
    for kind, title in _FORM_TITLES:
        if any(title.search(text) for text in texts):
            return kind
    titled = any(_LICENCE_TITLE.fullmatch(text) for text in texts)
    if not titled:
        sure = [text for text, line in zip(texts, lines, strict=True) if len(text) < 40 and line.score > 0.2]
        for kind, title in _TITLES:
            if any(title.search(text) for text in sure):
                return kind
    portrait = _hits(texts, id_card_portrait.CUES)
    number = find_number(lines, id_card_portrait.NUMBER)
    if number is not None and is_id_number(number.value):
        portrait += 1 if len(lines) > _CARD_LINES else 2
    emblem = _hits(texts, id_card_emblem.CUES)
    licence = _hits(texts, business_licence.CUES)
    code = find_number(lines, business_licence.CREDIT_CODE)
    if code is not None and is_credit_code(code.value):
        licence += 1
    if licence >= (_MIN_LICENCE_CUES if titled else _MIN_LICENCE_CUES_UNTITLED):
        return CertificateKind.BUSINESS_LICENCE
    if max(portrait, emblem) >= _MIN_CARD_CUES:
        return CertificateKind.ID_CARD_PORTRAIT if portrait >= emblem else CertificateKind.ID_CARD_EMBLEM
    return None


def _hits(texts: Sequence[str], cues: Sequence[str]) -> int:
    return sum(any(re.search(cue, text) for text in texts) for cue in cues)
